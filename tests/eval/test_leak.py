"""No gold question may stand in what is written about the plan, word for word or nearly."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse

from assistant.router import DATA
from eval.gold import CALIBRATION, OTHERS, Item, load_gold
from ingest.knowledge import load_knowledge
from ingest.model import Plan
from ingest.normal import compact
from ingest.shelf import Shelf

NEAR = 0.8


def _likeness(some: list[str], others: list[str]) -> npt.NDArray[np.float64]:
    """Return the Jaccard likeness of the character pairs of texts, shape (some, others)."""
    places: dict[str, int] = {}
    rows = [sorted({places.setdefault(a + b, len(places)) for a, b in pairwise(compact(t))}) for t in some + others]
    ends = np.cumsum([0, *map(len, rows)])
    flat = np.array([p for row in rows for p in row])
    table = sparse.csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(rows), len(places)))
    shared = (table[: len(some)] @ table[len(some) :].T).toarray()
    sizes = np.diff(ends)
    return shared / np.maximum(sizes[: len(some), None] + sizes[None, len(some) :] - shared, 1)


@pytest.mark.parametrize(("other", "near"), [("充电桩要建多少个", True), ("请问要建多少座加氢站", False)])
def test_likeness_tells_copies_from_new_questions(other: str, near: bool) -> None:
    assert bool(_likeness(["充电桩要建多少个?"], [other])[0, 0] >= NEAR) is near


def test_no_gold_question_is_nearly_in_what_is_written(plan: Plan, shelf: Shelf, gold: list[Item]) -> None:
    known = load_knowledge(shelf.folder(plan.id), plan)
    written = [e.question for e in (*known.bank, *known.unanswered)]
    written += [q for theme in known.themes for q in theme.questions]
    written += [json.loads(line)["question"] for line in (DATA / "routes.jsonl").read_text("utf-8").splitlines()]
    held_out = [(i.id, i.question) for i in gold + load_gold(CALIBRATION, plan)]
    for path in OTHERS.values():
        rows = map(json.loads, path.read_text("utf-8").splitlines()[1:])
        held_out += [(row["id"], row["question"]) for row in rows]
    near = _likeness([question for _, question in held_out], written).max(axis=1) >= NEAR
    copied = sorted(name for (name, _), copy in zip(held_out, near, strict=True) if copy)
    assert copied == [], f"take these out of the knowledge or the gold set: {copied}"
