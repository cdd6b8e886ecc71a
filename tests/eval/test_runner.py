"""Runs are the same twice but for times, resumable, quick, and keep the test half sealed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.clients import Reply
from eval.gold import Half, Item
from eval.runner import PARTIAL, fingerprint, run, seal
from eval.score import rank_passages, score_item
from eval.summary import summarise
from ingest.model import Plan
from tests.eval.conftest import Oracle

Result = dict[str, Any]


def timeless(results: list[Result]) -> str:
    rows = [r | {"turns": [t | {"ms": 0} for t in r["turns"]]} for r in results]
    return json.dumps(rows, ensure_ascii=False)


def test_the_oracle_is_right_and_nonsense_is_wrong(plan: Plan, dev: list[Item], oracle: Oracle) -> None:
    results = run(dev, oracle, plan)
    assert [r["id"] for r in results if not r["right"]] == []
    wrong = frozenset(t.question for i in dev for t in i.turns)
    assert not any(r["right"] for r in run(dev, Oracle(dev, wrong), plan))


def test_two_runs_are_equal_but_for_times(plan: Plan, dev: list[Item], oracle: Oracle) -> None:
    one, two = run(dev, oracle, plan), run(dev, oracle, plan)
    assert timeless(one) == timeless(two)
    first, second = summarise(one), summarise(two)
    assert {**first, "times": 0} == {**second, "times": 0}


def test_an_interrupted_run_goes_on_where_it_stopped(
    plan: Plan, dev: list[Item], oracle: Oracle, tmp_path: Path
) -> None:
    items = [i for i in dev if i.kind == "fact"][:10]
    whole = run(items, oracle, plan)
    kept = [json.dumps(r, ensure_ascii=False) for r in whole[:6]]
    stamp = json.dumps({"stamp": fingerprint(items, oracle.label)})
    (tmp_path / PARTIAL).write_text("\n".join([stamp, *kept, '{"id": "cut sho']), "utf-8")
    fresh = Oracle(items)
    assert timeless(run(items, fresh, plan, tmp_path, resume=True)) == timeless(whole)
    assert fresh.asked == 4
    assert not (tmp_path / PARTIAL).exists()


def test_what_another_run_left_is_not_used(plan: Plan, dev: list[Item], tmp_path: Path) -> None:
    items = [i for i in dev if i.kind == "fact"][:3]
    (tmp_path / PARTIAL).write_text('{"stamp": "of another gold file"}\n', "utf-8")
    fresh = Oracle(items)
    run(items, fresh, plan, tmp_path, resume=True)
    assert fresh.asked == 3


def test_one_broken_question_does_not_end_the_run(plan: Plan, dev: list[Item]) -> None:
    class Broken(Oracle):
        def ask(self, question: str, conversation: str | None) -> Reply:
            raise ValueError("out of order")

    results = run(dev[:2], Broken(dev), plan)
    assert [r["right"] for r in results] == [False, False]
    assert results[0]["turns"][0]["error"] == "ValueError: out of order"
    assert summarise(results)["errors"] == sum(len(r["turns"]) for r in results)


def test_a_dialog_keeps_its_conversation_and_needs_every_turn(plan: Plan, dev: list[Item]) -> None:
    dialog = next(i for i in dev if i.kind == "dialog" and not any(t.reasons for t in i.turns))
    seen: list[str | None] = []

    class Listening(Oracle):
        def ask(self, question: str, conversation: str | None) -> Reply:
            seen.append(conversation)
            return super().ask(question, conversation)

    result = score_item(dialog, Listening(dev, frozenset([dialog.turns[-1].question])), plan)
    assert len(set(seen)) == 1 and seen[0]
    assert not result["right"]
    assert result["metrics"]["turns_right"] == pytest.approx(1 - 1 / len(dialog.turns), abs=1e-5)


def test_test_items_are_sealed(plan: Plan, gold: list[Item], oracle: Oracle) -> None:
    items = [next(i for i in gold if i.half == half and i.kind == "fact") for half in (Half.DEV, Half.TEST)]
    dev, test = seal(run(items, oracle, plan))
    assert dev["turns"][0]["question"] == items[0].question
    told = json.dumps(test, ensure_ascii=False)
    assert test["right"]
    assert items[1].question not in told
    assert items[1].turns[0].facts[0][0] not in told


def test_a_thousand_questions_are_scored_in_a_minute(plan: Plan, gold: list[Item], oracle: Oracle) -> None:
    thousand = [replace(i, id=f"{i.id}-{n}") for n in range(2) for i in gold][:1_000]
    started = time.perf_counter()
    assert summarise(run(thousand, oracle, plan))["items"] == 1_000
    assert time.perf_counter() - started < 45


def test_a_chunk_of_any_size_counts_by_the_evidence_it_holds(plan: Plan) -> None:
    one, other = plan.passages[4], plan.passages[9]
    evidence = [(s.start, s.end) for s in (one.sentences[0], other.sentences[0])]
    relevant, ranked = rank_passages(
        evidence, [(0, 5), (one.start, one.end), (one.start - 3, one.end), (other.start, other.end)], plan
    )
    assert relevant == {one.id, other.id}
    assert ranked == ["other:0-5", one.id, other.id]


def test_scores_stay_within_bounds(
    plan: Plan, gold: list[Item], make_oracle: Callable[[frozenset[str]], Oracle]
) -> None:
    half_wrong = frozenset(t.question for i in gold[::2] for t in i.turns)
    for result in run(gold, make_oracle(half_wrong), plan):
        shares = {k: v for k, v in result["metrics"].items() if k != "length" and v is not None}
        assert all(0 <= v <= 1 for v in shares.values()), result["id"]
