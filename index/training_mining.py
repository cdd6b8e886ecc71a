"""Mine hard negatives for the second stage of `index/training.py`: texts that come near a question and do not fit it.

The method is that of Karpukhin et al. 2020, Dense Passage Retrieval, arXiv:2004.04906, with the first
stage's vectors to find what comes near.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from index.known import Vectors
from index.training_pairs import SEED, Pair
from ingest.knowledge import BankEntry, Knowledge
from ingest.model import Plan

Encode = Callable[[Sequence[str]], Vectors]
LOOKED_AT, DRAWN = 12, 6  # sentences nearest to a question, and how many of those that do not answer it may be drawn
NEAR = 0.55  # cosine from which an open question is a hard negative of an answered one
ALIKE, MOST_ALIKE = 0.45, 3  # cosine from which open questions are alike, and how many of those are paired
NEAREST = 3  # answered questions among which the hard negative of an open one is drawn


def mined(sources: dict[str, list[Pair]], plan: Plan, knowledge: Knowledge, encode: Encode) -> dict[str, list[Pair]]:
    """Return the sources with hard negatives, and with pairs of questions that the plan leaves open."""
    rng = random.Random(SEED)
    bank, unanswered = knowledge.bank, [u.question for u in knowledge.unanswered]
    asked, left_open = encode([e.question for e in bank]), encode(unanswered)
    misleading = dict(misleading_sentences(plan, bank, asked, encode, rng))
    nearly = dict(nearest_open(bank, unanswered, asked @ left_open.T))
    return sources | {
        "bank": with_hard(sources["bank"], misleading),
        "alike": with_hard(sources["alike"], nearly),
        "open": list(open_pairs(bank, unanswered, left_open @ left_open.T, left_open @ asked.T, rng)),
    }


def with_hard(pairs: Iterable[Pair], hard: dict[str, str]) -> list[Pair]:
    """Give each pair the hard negative of its question, where there is one."""
    return [replace(p, hard=hard.get(p.left, "")) for p in pairs]


def misleading_sentences(
    plan: Plan, bank: Sequence[BankEntry], asked: Vectors, encode: Encode, rng: random.Random
) -> Iterator[tuple[str, str]]:
    """Draw for each question one of the nearest sentences that neither are its evidence nor hold its answers."""
    places = [s for p in plan.passages for s in p.sentences]
    texts = [plan.text[s.start : s.end] for s in places]
    vectors = encode(texts)
    for entry, vector in zip(bank, asked, strict=True):
        near = [(places[i], texts[i]) for i in np.argsort(-(vectors @ vector))[:LOOKED_AT]]
        wrong = [t for s, t in near if s not in entry.evidence and not _answers(entry, t)]
        if wrong:
            yield entry.question, rng.choice(wrong[:DRAWN])


def _answers(entry: BankEntry, text: str) -> bool:
    return bool(entry.answers) and all(a in text for a in entry.answers)


def nearest_open(bank: Sequence[BankEntry], unanswered: Sequence[str], cosines: Vectors) -> Iterator[tuple[str, str]]:
    """Find for each answered question the nearest open one, where one comes near."""
    for entry, row in zip(bank, cosines, strict=True):
        best = int(row.argmax())
        if row[best] > NEAR:
            yield entry.question, unanswered[best]


def open_pairs(
    bank: Sequence[BankEntry], unanswered: Sequence[str], alike: Vectors, near: Vectors, rng: random.Random
) -> Iterator[Pair]:
    """Pair open questions with those most alike; the hard negative is an answered question that comes near."""
    np.fill_diagonal(alike, -1)
    for question, row, answered in zip(unanswered, alike, near, strict=True):
        hard = [bank[i].question for i in np.argsort(-answered)[:NEAREST]]
        for i in np.argsort(-row)[:MOST_ALIKE]:
            if row[i] > ALIKE:
                yield Pair(question, unanswered[i], question, rng.choice(hard))
