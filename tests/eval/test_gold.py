"""The shipped gold set is whole; a malformed file is named by line, all faults at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.gold import SHIPPED_GOLD, Half, Item, gold_plan, load_gold
from eval.split import half_of
from eval.summary import PASSAGE_KINDS
from ingest.errors import BadGold
from ingest.model import Plan

Write = Callable[..., Path]


def row(plan: Plan, **changes: Any) -> str:
    sentence = plan.passages[3].sentences[0]
    evidence = [{"start": sentence.start, "text": plan.text[sentence.start : sentence.end]}]
    base = {"id": "x1", "question": "多少?", "language": "zh", "kind": "fact", "facts": [["5%"]], "evidence": evidence}
    return json.dumps({k: v for k, v in {**base, **changes}.items() if v is not None}, ensure_ascii=False)


def test_shipped_gold_has_the_promised_size(gold: list[Item]) -> None:
    counts = Counter((i.language if i.kind in PASSAGE_KINDS else i.kind) for i in gold)
    assert counts["zh"] >= 220
    assert counts["en"] >= 80
    assert counts["unanswerable"] >= 110
    assert counts["dialog"] >= 45
    assert counts["whole"] >= 45
    hard = [i.hard for i in gold if i.kind in PASSAGE_KINDS and i.language == "zh"]
    assert 0.28 <= sum(hard) / len(hard) <= 0.45
    assert {int(s.split(".")[0]) for i in gold for t in i.turns for s in t.sections} >= set(range(1, 16))


def test_halves_are_the_split_and_share_no_passage(plan: Plan) -> None:
    passages: dict[str, set[str]] = {"dev": set(), "test": set()}
    for line in SHIPPED_GOLD.read_text("utf-8").splitlines()[1:]:
        item = json.loads(line)
        assert item["half"] == half_of(item, plan)
        if item["kind"] in PASSAGE_KINDS:
            start = item["evidence"][0]["start"]
            passages[item["half"]].add(next(p.id for p in plan.passages if p.start <= start < p.end))
    assert not passages["dev"] & passages["test"]


def test_halves_are_about_even(plan: Plan, gold: list[Item]) -> None:
    dev = load_gold(SHIPPED_GOLD, plan, Half.DEV)
    assert 0.4 <= len(dev) / len(gold) <= 0.6


def test_header_names_the_plan() -> None:
    assert gold_plan(SHIPPED_GOLD) == "dalian-14-5"


def test_every_fault_is_named_by_line_at_once(plan: Plan, gold_file: Write) -> None:
    path = gold_file(
        '{"format": "plan-assistant-gold/9", "plan": "dalian-14-5"}',
        row(plan),
        '{"id": "broken"',
        row(plan, id="x1"),
        row(plan, id="x2", kind="riddle"),
        row(plan, id="x3", evidence=[{"start": 0, "text": "规划里没有这句话"}]),
        "{'问题'".encode("gb18030"),
        row(plan, id="x4", facts=[[]]),
        row(plan, id="x5", kind="unanswerable", facts=None, evidence=None),
        row(plan, id="x6", sections=["99.9"]),
        row(plan, id="x7", kind="dialog", question=None, turns=[{"question": "几个?"}, {"question": ""}]),
        row(plan, id="x8", answer="5%"),
        row(plan, id="x9", language="fr", hard="yes"),
        "[1]",
        row(plan, id="x10", question=" "),
        row(plan, id="x11", reasons=["no_figure"]),
        row(plan, id="x12", kind="unanswerable", reasons=["because"]),
        row(plan, id=None),
    )
    with pytest.raises(BadGold) as caught:
        load_gold(path, plan)
    message = caught.value.english
    for line in (1, *range(3, 19)):
        assert f"line {line}:" in message, (line, message)
    assert "line 2:" not in message
    assert "not UTF-8" in message
    assert "already that of line 2" in message
    assert "turn 2: question is missing" in message


def test_moved_evidence_is_found_again(plan: Plan, gold_file: Write) -> None:
    sentence = plan.passages[3].sentences[0]
    text = plan.text[sentence.start : sentence.end]
    with pytest.raises(BadGold, match=f"it stands at {plan.text.find(text)}"):
        load_gold(gold_file(row(plan, evidence=[{"start": 5, "text": text}])), plan)


@pytest.mark.parametrize("lines", [(), ("",), ('{"format": "plan-assistant-gold/1"}',)])
def test_an_empty_file_is_a_fault(plan: Plan, gold_file: Write, lines: tuple[str, ...]) -> None:
    with pytest.raises(BadGold, match="no question"):
        load_gold(gold_file(*lines), plan)


def test_a_missing_file_names_its_path(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(BadGold, match=r"nowhere\.jsonl"):
        load_gold(tmp_path / "nowhere.jsonl", plan)


def test_a_byte_order_mark_and_blank_lines_do_no_harm(plan: Plan, gold_file: Write) -> None:
    path = gold_file(b"\xef\xbb\xbf" + row(plan).encode(), "", row(plan, id="x2"))
    assert [i.id for i in load_gold(path, plan)] == ["x1", "x2"]
