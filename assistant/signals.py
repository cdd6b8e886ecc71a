"""Measure what tells whether the best claim answers: how close it comes, and which conditions it leaves unmet."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from functools import cached_property

from assistant.answerability import Answerability
from assistant.conditions import (
    contradicted,
    unmet_attribute,
    unmet_district,
    unmet_indicator,
    unmet_number,
    unmet_place,
    unmet_year,
)
from assistant.evidence import Claim, Signals, is_review, is_vision
from assistant.question import Asks, Question, figures_in, period_ending
from assistant.spans import has_figure, key_figure
from index.search import Found, Searcher
from index.units import Unit
from index.words import content_words, terms
from ingest.normal import fold
from ingest.target_tables import is_row, read_row

NEARBY, FADING = 0.6, 0.1  # closeness at which a question is no small talk, and over which that fades in
WARMTH = 0.06  # how much closer a written question must be to weigh e times as much in the vote
FIGURES = (Asks.FIGURE, Asks.TIME)
_NOT_NEW = (Asks.WHETHER, Asks.MEASURES, Asks.MEANING)  # what asks for nothing new, or for no value
_GIVEN = re.compile(
    r"既然|听说|据说|我(已经)?知道|都说|反正|\b(now that|given that|since (the|dalian|it)|i (hear|heard|gather|understand)|as the plan)\b"
)
_OFTEN_LEFT_OPEN = (Asks.FIGURE, Asks.TIME, Asks.PERSON, Asks.PLACE, Asks.LIST, Asks.WHETHER)


class Measure:
    """Measure claims about one plan."""

    def __init__(self, searcher: Searcher) -> None:
        self.plan, self._searcher = searcher.plan, searcher
        self._worlds, self._answerability = _Worlds(searcher), Answerability(searcher)

    def signals(self, question: Question, claim: Claim, found: Found, chat: float) -> Signals:
        """Return the signals by name, most of them 0 to 1; `found` is what was searched for."""
        asks = {f"asks_{kind}": float(question.asks == kind) for kind in _OFTEN_LEFT_OPEN}
        return {
            "chat": chat * _far(found),
            **asks,
            **self._closeness(question, claim, found),
            **self._conditions(question, claim),
        }

    def _closeness(self, question: Question, claim: Claim, found: Found) -> Signals:
        answered = found.answered[0] if found.answered else 0.0
        unanswered = found.open[0][1] if found.open else 0.0
        return {
            "left_open": self._answerability.doubt(found.question, claim),
            "worded_open": self._answerability.worded(question.text, claim),
            "match": found.hits[0].score,
            "written": answered,
            "open": unanswered - answered,
            "vote": vote(found),
        }

    def _conditions(self, question: Question, claim: Claim) -> Signals:
        text = claim.text()
        unmet = {
            "year": self._year(question, claim),
            "attribute": unmet_attribute(question, text),
            "attribute_near": unmet_attribute(question, claim.passage.text),
            "indicator": unmet_indicator(question, text),
            "elsewhere": bool(
                unmet_place(question, self.plan, claim.passage.text) or unmet_district(question, self.plan)
            ),
            "number": unmet_number(question, text),
            "unknown": self._unknown_name(question),
            "contradicted": contradicted(question, self.plan, text),
            "bare": question.asks in FIGURES and not (read_row(text) if is_row(text) else has_figure(text)),
            "echo": echoes(question, claim) or self._repeats(question, text),
            "row": is_row(text),
            "given": bool(_GIVEN.search(fold(question.text))),
        }
        return {name: float(value) for name, value in unmet.items()}

    def _repeats(self, question: Question, text: str) -> bool:
        """Say whether the figure that a claim would answer with is one that the question gives."""
        if question.asks != Asks.FIGURE or is_row(text):
            return False
        given = figures_in(key_figure(terms(question.text), text, self._searcher.rarity))
        return bool(given) and given <= figures_in(question.text)

    def unmet(self, question: Question, claim: Claim) -> float:
        """Return the share of a question's content that the plan speaks of, but not around this claim.

        What is said around a claim: its sentences, their headings, and every question written on them.
        """
        words = [w for w in content_words(self._searcher.slips.mend(question.text)) if len(w) > 1]
        world, rarity = self._worlds.around(claim), self._searcher.rarity
        strayed = [w for w in words if w not in world and 0 < self._worlds.spoken(w) < 40 and not w.isdigit()]
        total = sum(map(rarity.of, words))
        return sum(map(rarity.of, strayed)) / total if total else 0.0

    def _unknown_name(self, question: Question) -> bool:
        """Say whether an English question names something that nothing about the plan knows."""
        if not self._searcher.knowledge.english:
            return False
        names = re.findall(r"(?<![.?!:] )(?<!^)\b[A-Z][a-z]{3,}\b", self._searcher.mend(question.text))
        unknown = (n for n in names if any(not self._searcher.knows(w) for w in content_words(n)))
        return any(not self._searcher.romanised.heard(name) for name in unknown)

    def _year(self, question: Question, claim: Claim) -> bool:
        path, text = " ".join(claim.passage.path), claim.text()
        before = period_ending(self.plan.info.period[0] - 1) if self.plan.info.period else ""
        review = is_review(claim.passage) or bool(before and before in text)
        return unmet_year(question, self.plan, text + path, review=review, vision=is_vision(claim.passage)) is not None


def echoes(question: Question, claim: Claim) -> bool:
    """Say whether what answers is but figures that the question gives itself: which are the 2-3家?"""
    if question.asks in _NOT_NEW or not claim.answers:
        return False
    answered = [figures_in(a) for a in claim.answers]
    return all(answered) and set().union(*answered) <= figures_in(question.text)


def _far(found: Found) -> float:
    """Return 1 for a question far from the plan and all that is written about it, 0 for one that comes near."""
    near = [*found.answered[:1], *(c for _, c in found.open[:1]), *(s.own for s in found.hits[0].sentences[:1])]
    return min(1.0, max(0.0, (NEARBY - max(near)) / FADING))


def vote(found: Found) -> float:
    """Return the share of unanswered ones among the nearest written questions, the closer the weightier."""
    top = max([*found.answered[:1], *(c for _, c in found.open[:1])], default=0.0)
    against = sum(heft(c, top) for _, c in found.open)
    both = against + sum(heft(c, top) for c in found.answered)
    return against / both if both else 0.0


def heft(closeness: float, top: float) -> float:
    """Return how much a written question weighs in a vote, 1 for the closest."""
    return math.exp((closeness - top) / WARMTH)


class _Worlds:
    """Know the words said around each sentence: its own, its headings', its questions', its translation's."""

    def __init__(self, searcher: Searcher) -> None:
        self._plan = searcher.plan
        self._units: dict[int, list[Unit]] = defaultdict(list)
        for unit in searcher.units:
            for sentence in unit.sentences:
                self._units[sentence.start].append(unit)

    def around(self, claim: Claim) -> frozenset[str]:
        """Return the words said around a claim; of several sentences, around those with figures."""
        above = content_words(f"{claim.passage.heading} {' '.join(claim.passage.path[-2:])}")
        several = len(claim.sentences) > 1
        kept = [s for s in claim.sentences if not several or has_figure(self._plan.text[s.start : s.end])]
        units = [u for s in kept for u in self._units[s.start] if not several or len(u.sentences) == 1]
        return frozenset(above).union(*(content_words(t) for t in {u.text for u in units}))

    def spoken(self, word: str) -> int:
        """Return in how many passages the plan itself uses a word."""
        return self._counts[word]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(w for p in self._plan.passages for w in set(content_words(p.text)))
