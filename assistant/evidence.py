"""Choose the claims that answer: sentences of the plan, with the stretches of them that matter."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.question import Asks, Question
from assistant.spans import has_figure
from index.search import Hit
from index.words import terms
from ingest.model import Passage, Sentence

STANDING, PLAIN, NEAR, NEW, TENSE = 0.5, 0.85, 0.15, 0.2, 0.08
_FIGURES = {Asks.FIGURE, Asks.TIME, Asks.COMPARISON}


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold sentences of one passage that answer together; `answers` are verbatim stretches of them."""

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

    A claim's score is the closeness of its question or sentence, plus the standing of its passage;
    a question for a figure prefers claims that hold one, a follow-up those of passages cited before
    (`near` holds the starts of cited sentences) and those that hold what it newly names (`new`).
    """
    if not hits:
        return []
    top = max(h.score for h in hits) or 1.0
    found: list[Claim] = []
    for hit in hits:
        standing = hit.score / top
        for entry, closeness in hit.entries:
            found.append(_claim(hit.passage, entry.evidence, entry.answers, closeness, standing, closeness))
        for scored in hit.sentences[:3]:
            found.append(_claim(hit.passage, (scored.sentence,), (), PLAIN * scored.score, standing, 0.0))
    found = [_weighed(question, c, near, new) for c in found]
    return _distinct(sorted(found, key=lambda c: -c.score))


def _claim(
    passage: Passage,
    sentences: tuple[Sentence, ...],
    answers: tuple[str, ...],
    closeness: float,
    standing: float,
    written: float,
) -> Claim:
    own = tuple(s for s in sentences if passage.start <= s.start < passage.end)
    return Claim(passage, own, answers, (1 - STANDING) * closeness + STANDING * standing, written)


def _weighed(question: Question, claim: Claim, near: tuple[int, ...], new: frozenset[str]) -> Claim:
    text = claim.text()
    score = claim.score
    if question.asks in _FIGURES and not has_figure(text):
        score -= 0.15
    if question.asks == Asks.FIGURE and claim.answers and not any(has_figure(a) for a in claim.answers):
        score -= 0.08
    if question.years and any(str(y) in text for y in question.years):
        score += 0.05
    if question.past is not None and question.past != is_review(claim.passage):
        score -= 0.2 if question.years or question.target or question.past else TENSE
    if any(claim.passage.start <= start < claim.passage.end for start in near):
        score += NEAR
    if new:
        score += NEW * len(new & set(terms(text))) / len(new)
    if len(text) < 16 and len(claim.passage.sentences) > 1:
        score -= 0.1
    return Claim(claim.passage, claim.sentences, claim.answers, score, claim.written)


def is_review(passage: Passage) -> bool:
    """Say whether a passage looks back on the years before the plan."""
    return any(w in title for title in passage.path for w in ("发展基础", "成就", "回顾", "成效", "实景"))


def _distinct(ordered: list[Claim]) -> list[Claim]:
    """Keep the best claim of each set of sentences; a claim with answers beats one without."""
    kept: dict[tuple[int, ...], Claim] = {}
    for claim in ordered:
        key = tuple(s.start for s in claim.sentences)
        if claim.sentences and key not in kept:
            kept[key] = claim
    return list(kept.values())
