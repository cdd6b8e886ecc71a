"""Choose the claims that answer: sentences of the plan, with the stretches of them that matter.

Claims are ranked by a linear score over a few signals, fitted on dev questions by `python -m
eval.calibrate` so that claims which hold what is asked come before the others (pairwise logistic
regression: Joachims 2002, doi:10.1145/775047.775067).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

from assistant.question import PAIR, Asks, Question
from assistant.spans import has_figure, listed, repeated
from index.search import Hit, Scored
from index.words import terms
from ingest.model import Passage, Sentence
from ingest.target_tables import is_head

RANKS = Path(__file__).parent / "data" / "ranking.json"
OWN = 3  # how many sentences of a passage may answer by themselves
NEAR, NEW = 0.15, 0.2  # what a claim of a passage cited before gains, and one with all that is newly named
_NUMBERED = re.compile(
    r"^[^,，。;；]{0,12}[,，]?[一二三四五六七八九十]是|[:：]\s*一是|^第[一二三四五六七八九十][,，]|^——|^\d{1,2}[.．、]\s?[^,，。;；:：\d]{2,16}[:：]"
)
_FIGURES = {Asks.FIGURE, Asks.TIME, Asks.COMPARISON}
_PART = re.compile(r"(?:\d{1,2}[.．、]\s?)?[“\"]([^”\"]{1,6})[”\"](?:[:：]|是|为|即|指|包括)")
_DEFINED = re.compile(r"[”\"]?(?:[:：]|(?:主要)?(?:是指|是|为|即|指|包括))")
Signals = dict[str, float]


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold sentences of one passage that answer together; `answers` are verbatim stretches of them.

    `written` is the closeness of the written question that led here, 0 for none.
    """

    passage: Passage
    sentences: tuple[Sentence, ...]
    answers: tuple[str, ...]
    score: float
    written: float = 0.0

    def text(self) -> str:
        """Return the sentences, verbatim, one after the other."""
        base = self.passage.start
        return "".join(self.passage.text[s.start - base : s.end - base] for s in self.sentences)


def claims(
    question: Question, hits: list[Hit], near: tuple[int, ...] = (), new: frozenset[str] = frozenset()
) -> list[Claim]:
    """Return claims from written questions and from the sentences themselves, best first.

    A follow-up prefers claims of passages cited before (`near` holds the starts of cited sentences)
    and those that hold what it newly names (`new`).
    """
    ranks = read_ranks()["written" if any(h.entries for h in hits) else "plain"]
    found = []
    for claim, signals in candidates(question, hits):
        score = sum(ranks[name] * value for name, value in signals.items())
        score += NEAR * any(claim.passage.start <= start < claim.passage.end for start in near)
        score += NEW * len(new & set(terms(claim.text()))) / len(new) if new else 0.0
        found.append(replace(claim, score=score))
    ranked = _distinct(sorted(found, key=lambda c: -c.score))
    if not ranked:
        return []
    lists = question.asks == Asks.LIST or question.count > PAIR
    first = _enumerated(ranked[0], question.count) if lists else ranked[0]
    return [_explained(first, question.quoted), *ranked[1:]]


def _enumerated(claim: Claim, count: int) -> Claim:
    """Complete a claim on one of several numbered sentences, or on what leads to them, with the others."""
    points = _numbered(claim.passage)
    leads = points and claim.sentences[-1].end <= points[0].start <= claim.sentences[-1].end + 1
    touched = (leads or any(s in points for s in claim.sentences)) and count in (0, len(points))
    if len(points) > 1 and (touched or len(points) == count):
        return replace(claim, sentences=points, answers=())
    return claim


def _explained(claim: Claim, quoted: tuple[str, ...]) -> Claim:
    """Complete a claim on a formula, or on one part of it, with the sentences that tell its parts: “一心”是…。“两带”是…"""
    if len(claim.sentences) != 1:
        return claim
    formulas = [q for q in quoted if q in claim.text()]
    part = _PART.match(claim.text())
    formulas += [q for q in quoted if part and part[1] in q and part[1] != q]
    base, text = claim.passage.start, claim.passage.text
    told = ((s, _PART.match(text[s.start - base : s.end - base])) for s in claim.passage.sentences)
    parts = tuple(s for s, part in told if part and any(part[1] in f for f in formulas))
    kept = tuple(s for s in claim.sentences if s not in parts)
    return replace(claim, sentences=kept + parts, answers=()) if len(kept + parts) > 1 else claim


def _numbered(passage: Passage) -> tuple[Sentence, ...]:
    """Return the numbered sentences of a passage: 一是…二是…三是…"""
    base = passage.start
    return tuple(s for s in passage.sentences if _NUMBERED.search(passage.text[s.start - base : s.end - base]))


def _points(claim: Claim) -> int:
    """Return how many numbered sentences a claim is made of; 0 where it holds others too, or not all of them."""
    return len(claim.sentences) if claim.sentences == _numbered(claim.passage) else 0


def candidates(question: Question, hits: list[Hit]) -> list[tuple[Claim, Signals]]:
    """Return every claim that the hits offer, unranked, with its signals, each about 0 to 1."""
    top = max((h.score for h in hits), default=0.0) or 1.0
    found: list[tuple[Claim, Signals]] = []
    for place, hit in enumerate(hits):
        scored = {s.sentence.start: s for s in hit.sentences}
        made = [Claim(hit.passage, _inside(hit, e.evidence), e.answers, 0.0, c) for e, c in hit.entries]
        alone = (Claim(hit.passage, (s.sentence,), (), 0.0) for s in hit.sentences)
        made += islice((claim for claim in alone if not is_head(claim.text())), OWN)
        if question.count > PAIR and len(points := _numbered(hit.passage)) == question.count:
            made.append(Claim(hit.passage, points, (), 0.0))
        for claim in (c for c in made if c.sentences):
            standing = {"standing": hit.score / top, "first": float(place == 0)}
            found.append((claim, standing | _closeness(claim, scored) | _fit(question, claim)))
    return found


def _inside(hit: Hit, sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    return tuple(s for s in sentences if hit.passage.start <= s.start < hit.passage.end)


def _closeness(claim: Claim, scored: dict[int, Scored]) -> Signals:
    """Return how close the question comes to the written one, to the sentences and to all that is written on them."""
    own = [scored[s.start].own for s in claim.sentences if s.start in scored]
    whole = [scored[s.start].score for s in claim.sentences if s.start in scored]
    return {
        "written": claim.written,
        "own": max(own, default=0.0),
        "own_mean": sum(own) / max(1, len(own)),
        "whole": max(whole, default=0.0),
        "several": float(len(claim.sentences) > 1),
    }


def _fit(question: Question, claim: Claim) -> Signals:
    """Return how well a claim's form and time fit what is asked."""
    text = claim.text()
    items = listed(text, question.count, question.text) if question.count > 1 else []
    figures, wants = has_figure(text), question.asks in _FIGURES
    answered = any(has_figure(a) for a in claim.answers)
    review = question.past is not None and question.past != is_review(claim.passage)
    return {
        "lacks_figure": float(wants and not figures),
        "lacks_key": float(question.asks == Asks.FIGURE and bool(claim.answers) and not answered),
        "year": float(any(str(y) in text for y in question.years)),
        "other_time": float(review and bool(question.years or question.target or question.past)),
        "other_tense": float(review),
        "count": float(question.count > 1 and question.count in (len(claim.answers), len(items))),
        "points": float(question.count > PAIR and question.count == _points(claim)),
        "alike": float(any(question.text.count(pair) for pair in repeated(items))),
        "quoted": sum(q in text for q in question.quoted) / max(1, len(question.quoted)),
        "defines": float(any(_defines(text, q) for q in question.quoted)),
        "heading": float(len(text) < 16 and len(claim.passage.sentences) > 1),
    }


def _defines(text: str, term: str) -> bool:
    """Say whether a text tells what a term means: 双核辐射:聚焦…, “两带”是指…"""
    place = text.find(term)
    return place >= 0 and bool(_DEFINED.match(text, place + len(term)))


@cache
def read_ranks() -> dict[str, dict[str, float]]:
    """Read the weights of the signals: `written` where written questions lead to claims, else `plain`."""
    raw: dict[str, dict[str, float]] = json.loads(RANKS.read_text("utf-8"))
    return raw


def is_review(passage: Passage) -> bool:
    """Say whether a passage looks back on the years before the plan."""
    return any(
        w in title for title in passage.path for w in ("发展基础", "成就", "回顾", "成效", "实景", "开局", "完成情况")
    )


def is_heading(passage: Passage, sentence: Sentence) -> bool:
    """Say whether a sentence is only the heading that opens its passage, or names the columns of a table."""
    text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
    return len(passage.sentences) > 1 and (text.strip("—。 ") == passage.heading or is_head(text))


def is_vision(passage: Passage) -> bool:
    """Say whether a passage tells the vision beyond the years of the plan."""
    return any("远景" in title for title in passage.path)


def _distinct(ordered: list[Claim]) -> list[Claim]:
    """Keep the best claim of each set of sentences, with the answer of the closest written question on it."""
    kept: dict[tuple[int, ...], Claim] = {}
    for claim in (c for c in ordered if c.sentences):
        key = tuple(s.start for s in claim.sentences)
        first = kept.setdefault(key, claim)
        if claim.written > first.written:
            kept[key] = replace(claim, score=first.score)
    return list(kept.values())
