"""A planted regression breaks a gate; an unchanged rerun breaks none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.assistant import Assistant
from eval.clients import Embedded
from eval.compare import Gate, compare, read_gates
from eval.gold import Item
from eval.runner import run
from eval.summary import PASSAGE_KINDS
from ingest.errors import BadGold
from ingest.model import Plan


def results(*values: float) -> list[dict[str, Any]]:
    return [{"id": str(n), "right": v > 0.5, "metrics": {"right": v}} for n, v in enumerate(values)]


def test_a_clear_fall_breaks_its_gate_and_names_the_items() -> None:
    found = compare(results(*[1] * 20), results(*[0] * 8, *[1] * 12), [Gate("right")])
    assert found["broken_gates"] == ["right"]
    assert found["broken"] == [str(n) for n in range(8)]
    assert found["changes"][0]["difference"] == pytest.approx(-0.4)


def test_noise_and_ungated_falls_break_nothing() -> None:
    assert compare(results(*[1] * 20), results(0, *[1] * 19), [Gate("right")])["broken_gates"] == []
    assert compare(results(*[1] * 20), results(*[0] * 20), [Gate("mrr")])["broken_gates"] == []
    assert compare(results(*[1] * 20), results(*[0] * 8, *[1] * 12), [Gate("right", 0.5)])["broken_gates"] == []


def test_fixed_items_are_named_and_break_nothing() -> None:
    found = compare(results(*[0] * 5), results(*[1] * 5), [Gate("right")])
    assert (len(found["fixed"]), found["broken_gates"]) == (5, [])


def test_runs_without_a_common_item_cannot_be_compared() -> None:
    with pytest.raises(BadGold, match="shares no item"):
        compare([{"id": "a", "right": True, "metrics": {}}], results(1), [])


def test_gates_are_read_and_a_bad_file_is_named(tmp_path: Path) -> None:
    assert Gate("right") in read_gates()
    path = tmp_path / "gates.toml"
    path.write_text("[[gate]]\nname = 'right'", "utf-8")
    with pytest.raises(BadGold, match=r"gates\.toml"):
        read_gates(path)


def test_switching_bm25_off_is_caught_and_a_rerun_passes(assistant: Assistant, plan: Plan, gold: list[Item]) -> None:
    items = [i for i in gold if i.kind in PASSAGE_KINDS]
    client, searcher = Embedded(assistant, plan.id), assistant.searcher(plan.id)
    before = run(items, client, plan)
    assert compare(before, run(items, client, plan), read_gates())["broken_gates"] == []
    lexical = searcher._lexical, searcher._passages
    try:
        searcher._lexical, searcher._passages = _Silent(len(searcher.units)), _Silent(len(plan.passages))  # type: ignore[assignment]
        found = compare(before, run(items, client, plan), read_gates())
    finally:
        searcher._lexical, searcher._passages = lexical
    assert found["broken_gates"], found["changes"]


class _Silent:
    """Find nothing by words."""

    def __init__(self, size: int) -> None:
        self._size = size

    def scores(self, query: object) -> Any:
        return np.zeros(self._size, dtype=np.float32)
