"""No gold question may stand in what is written about the plan, word for word or nearly."""

from __future__ import annotations

from itertools import pairwise

import pytest

from eval.gold import Item
from ingest.knowledge import load_knowledge
from ingest.model import Plan
from ingest.normal import compact
from ingest.shelf import Shelf

NEAR = 0.8


def _pairs(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(compact(text)))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard likeness of two sets of character pairs."""
    return len(one & other) / len(one | other) if one | other else 0.0


@pytest.mark.parametrize(("other", "near"), [("充电桩要建多少个", True), ("请问要建多少座加氢站", False)])
def test_likeness_tells_copies_from_new_questions(other: str, near: bool) -> None:
    assert (_likeness(_pairs("充电桩要建多少个?"), _pairs(other)) >= NEAR) is near


def test_no_gold_question_is_nearly_in_the_bank(plan: Plan, shelf: Shelf, gold: list[Item]) -> None:
    bank = [_pairs(e.question) for e in load_knowledge(shelf.folder(plan.id), plan).bank]
    asked = {i.id: _pairs(i.question) for i in gold}
    copied = sorted(key for key, pairs in asked.items() if any(_likeness(pairs, b) >= NEAR for b in bank))
    assert copied == [], f"take these out of the bank or the gold set: {copied}"
