"""Clients, the LLM judge, drafts, the tutorial pipeline, tuning and the matrix, each in small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from assistant.assistant import Assistant
from eval.bench import retrieval, warm
from eval.check import check_lines
from eval.clients import Remote, UnreachableServer
from eval.draft import candidates, draft, from_thumbs_down, read_feedback
from eval.gold import Item
from eval.judge import Judge, judge_results, read_verdict
from eval.matrix import markdown_table
from eval.summary import PASSAGE_KINDS, summarise
from eval.tune import features, quality, totals, tune
from eval.tutorial import SIZE, Tutorial, split
from index.search import read_weights
from ingest.model import Plan
from tests.eval.conftest import Oracle


def test_a_server_is_asked_over_its_api() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else {}
        if request.url.path == "/api/v1/answer":
            return httpx.Response(
                200, json={"answer": body["question"], "conversation_id": body.get("conversation_id")}
            )
        return httpx.Response(200, json={"hits": [{"passage": {"start": 3, "end": body.get("top_k", 0)}}]})

    remote = Remote("http://there/", "p", httpx.Client(transport=httpx.MockTransport(serve)))
    remote.check()
    assert remote.ask("几个?", "c1") == {"answer": "几个?", "conversation_id": "c1"}
    assert remote.search("几个?", 9) == [(3, 9)]


def test_a_server_that_is_not_there_is_named() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(UnreachableServer, match="http://there"):
        Remote("http://there", "p", httpx.Client(transport=httpx.MockTransport(refuse))).check()


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ('{"verdict": "right", "why": "ok"}', "right: ok"),
        ('Sure: ```json\n{"verdict": "wrong", "why": "缺"}\n```', "wrong: 缺"),
        ("right", "no verdict (unreadable)"),
        ('{"verdict": "great"}', "no verdict (unreadable)"),
        ("{", "no verdict (unreadable)"),
    ],
)
def test_verdicts_are_read_or_refused(said: str, verdict: str) -> None:
    assert read_verdict(said) == verdict


def test_a_judge_stands_beside_the_scores(plan: Plan, dev: list[Item], oracle: Oracle) -> None:
    from eval.runner import run

    replies = iter(["right", "wrong", None])

    def serve(request: httpx.Request) -> httpx.Response:
        verdict = next(replies)
        content = json.dumps({"verdict": verdict, "why": ""})
        return (
            httpx.Response(200, json={"choices": [{"message": {"content": content}}]})
            if verdict
            else httpx.Response(500)
        )

    results = run([i for i in dev if i.kind == "fact"][:3], oracle, plan)
    http = httpx.Client(transport=httpx.MockTransport(serve))
    assert judge_results(results, Judge("http://llm/v1", "m"), http) == {"agree": 1, "differ": 1, "no_verdict": 1}
    assert [r["right"] for r in results] == [True, True, True]


def test_a_draft_passes_the_check(assistant: Assistant, plan: Plan) -> None:
    found = candidates(assistant, "充电桩要建多少个?")
    picked = [s for s in found if "充电桩" in plan.text[s.start : s.end]][:1]
    row = draft("充电桩要建多少个?", picked, plan, ["3000个左右/3000个"]) | {"id": "n1"}
    assert row["sections"] == ["10.2"]
    assert check_lines([(1, row), (2, draft("几点下班?", [], plan) | {"id": "n2"})], plan) == []


def test_thumbs_down_become_candidates(assistant: Assistant, tmp_path: Path) -> None:
    said = [{"role": "user", "content": "充电桩要建多少个?"}, {"role": "assistant", "content": "不知道"}]
    rows = [{"liked": True, "index": 1, "messages": said}, {"liked": False, "index": 1, "messages": said}]
    path = tmp_path / "feedback.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    disliked = read_feedback(path)
    assert len(disliked) == 1
    entry = from_thumbs_down(disliked[0], assistant)
    assert (entry["question"], entry["language"], entry["topic"]) == ("充电桩要建多少个?", "zh", "feedback")
    assert read_feedback(tmp_path / "none.jsonl") == []


def test_the_tutorial_cuts_as_langchain_does(plan: Plan) -> None:
    text = "甲" * 300 + "\n" + "乙" * 300 + "\n\n" + "丙" * 700
    chunks = split(text)
    assert all(b - a <= SIZE for a, b in chunks)
    assert text[slice(*chunks[0])].strip() == "甲" * 300
    covered = np.zeros(len(plan.text), dtype=bool)
    for a, b in split(plan.text):
        covered[a:b] = True
    assert covered.all()


def test_the_tutorial_answers_with_its_best_chunk(assistant: Assistant, plan: Plan) -> None:
    for embedder in (assistant.embedder, None):
        pipeline = Tutorial(plan, embedder)
        assert "充电桩" in pipeline.ask("电动汽车充电桩建设", None)["answer"]
    assert Tutorial(plan, None).ask("zzz", None)["abstained"]


def test_tuning_sees_what_the_search_sees(assistant: Assistant, dev: list[Item]) -> None:
    searcher = assistant.searcher()
    items = [i for i in dev if i.kind in PASSAGE_KINDS][:25]
    found = features(searcher, items)
    scores = totals(found, searcher.weights)
    for row, item in enumerate(items):
        best = searcher.search(item.question, 1)[0]
        assert scores[row].max() == pytest.approx(best.score, rel=1e-4), item.id


def test_tuning_never_makes_it_worse(assistant: Assistant, dev: list[Item]) -> None:
    found = features(assistant.searcher(), [i for i in dev if i.kind in PASSAGE_KINDS][:40])
    start = read_weights()["written"]
    tuned = tune(found, start, rounds=5)
    assert sum(quality(found, tuned)) >= sum(quality(found, start))
    assert tune(found, start, rounds=5) == tuned


def test_the_matrix_is_one_table(plan: Plan, dev: list[Item], oracle: Oracle) -> None:
    from eval.runner import run

    table: dict[str, Any] = {"oracle": summarise(run(dev[:5], oracle, plan)), "hub:x/y": {"unavailable": "no hub"}}
    lines = markdown_table(table).splitlines()
    assert len(lines) == 4
    assert len({line.count("|") for line in lines}) == 1


def test_a_server_that_asks_to_wait_is_asked_again() -> None:
    said = iter([httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(200, json={"answer": "好"})])
    remote = Remote("http://there", "p", httpx.Client(transport=httpx.MockTransport(lambda request: next(said))))
    assert remote.ask("几个?", None) == {"answer": "好"}


def test_the_bench_compares_with_the_tutorial(assistant: Assistant, dev: list[Item]) -> None:
    items = [i for i in dev if i.kind in PASSAGE_KINDS and not i.hard][:20]
    rows = {name: value for name, value, _ in retrieval(assistant, items)}
    assert rows["R@5 zh, assistant"] >= rows["R@5 zh, tutorial (500 characters, jieba BM25)"]
    assert all(value > 0 for _, value, _ in warm(assistant, items[:3]))
