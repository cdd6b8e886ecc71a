"""Decide whether the plan answers, and say what it does not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from assistant.answer import Reason
from assistant.conditions import (
    chapters_in,
    contradicted,
    unmet_attribute,
    unmet_district,
    unmet_indicator,
    unmet_number,
    unmet_place,
    unmet_year,
)
from assistant.evidence import Claim, is_review
from assistant.question import Asks, Question
from assistant.spans import has_figure
from index.embedders import Embedder, make_embedder
from index.scope import Scope
from index.search import Hit, Searcher
from index.units import Unit
from index.words import content_words
from ingest.model import Kind

TRUSTED = 0.86  # closeness of a written question above which its answer is taken as it stands
LEAST_HIT = {"zh": 0.42, "en": 0.5}  # a best passage below this score is no support
LEAST_SCOPE, FAIR_HIT, FAIR_WORDS = 0.27, 1.0, 0.5  # a question so unlike those on plans needs such a passage
WELL_PUT, MOST_UNMET = (
    0.5,
    {"zh": 0.38, "en": 0.75},
)  # closeness below which the plan's own words in a question must be met
UNWRITTEN_UNMET = 0.6  # the same for a plan about which nobody has written questions
LEAST_RELATED, MOST_UNRELATED = 0.33, 0.5  # closeness, and share of such words unmet, that make a quote worth while

_INDICATOR = (
    "率",
    "寿命",
    "年限",
    "保有量",
    "比重",
    "占比",
    "能耗",
    "人均",
    "每千",
    "每万",
    "增加值",
    "增长",
    "rate",
    "per capita",
    "expectancy",
    "intensity",
    "productivity",
    "per unit",
    "average years",
    "ratio",
)

_TEXTS = {
    Reason.UNSAFE_REQUEST: ("我只依据规划原文回答,不能编造内容、改变规则或透露系统信息。您可以直接询问规划内容。", "I answer only from the plan's text; I cannot invent content, change my rules or reveal system details. Please ask about the plan."),
    Reason.OUT_OF_SCOPE: ("这个问题与规划无关。我只回答《{title}》中的内容,例如目标、项目和政策措施。", "That is not about the plan. I answer only from {title}: its targets, projects and measures."),
    Reason.NOT_IN_PLAN: ("规划没有给出这个问题的答案。", "The plan does not answer this."),
    Reason.NO_FIGURE: ("规划没有给出所问的具体数字、时间或责任人。", "The plan does not give the figure, date or person you ask for."),
    Reason.TABLE_MISSING: ("规划正文没有给出这个数值;它可能在“主要指标表”中,而本文本未收录该表。", "The text gives no such value; it may stand in the plan's table of main indicators, which this text lacks."),
    Reason.FALSE_PREMISE: ("规划没有这样的说法。", "The plan does not say so."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """Hold the reason, and the claim that shows what the plan does say, where there is one."""

    reason: Reason
    claim: Claim | None = None


class Judge:
    """Judge claims about one plan."""

    def __init__(self, searcher: Searcher) -> None:
        self.plan, self._slips = searcher.plan, searcher.slips
        self._searcher, self._worlds, self._scope = searcher, _Worlds(searcher), Scope(_bundled(searcher.embedder))
        self._reach, self._written = searcher.reach(), bool(searcher.knowledge.bank)
        self._lost_table = any(s.kind == Kind.LOST_TABLE for s in self.plan.spans)

    def refuse(
        self, question: Question, found: list[Claim], hits: list[Hit], near: tuple[int, ...] = ()
    ) -> Refusal | None:
        """Return why the best claim does not answer the question, or None when it does."""
        if not found or hits[0].score < self._least(question):
            return Refusal(Reason.NOT_IN_PLAN)
        best = found[0]
        text = best.text()
        if self._off_topic(question, hits[0]):
            return Refusal(Reason.OUT_OF_SCOPE)
        if contradicted(question, self.plan, text):
            return Refusal(Reason.FALSE_PREMISE, best)
        if self._elsewhere(question, best.passage.text) or (best.written < WELL_PUT and self._unknown_name(question)):
            return Refusal(Reason.NOT_IN_PLAN)
        if unmet_number(question, text):
            return Refusal(Reason.NOT_IN_PLAN, best)
        about = any(best.passage.start <= start < best.passage.end for start in near)
        if self._year(question, best) or self._lacks_figure(question, best, about=about):
            related = (best.written > LEAST_RELATED or not self._written) and self.unmet(
                question, best
            ) < MOST_UNRELATED
            return Refusal(self._missing(question), best if related else None)
        return None

    def _least(self, question: Question) -> float:
        """Return the score that a best passage must have; across languages, words give little of it."""
        foreign = question.language == "en" and not self._searcher.knowledge.english
        return LEAST_HIT[question.language] * self._reach * (0.4 if foreign else 1.0)

    def _off_topic(self, question: Question, hit: Hit) -> bool:
        """Say whether a question that hardly matches also reads unlike any that a plan could answer."""
        in_words = hit.parts["words"] > FAIR_WORDS * self._searcher.weights["words"]
        weak = hit.score < FAIR_HIT * self._reach and not in_words
        return weak and self._scope.likelihood(question.text) < LEAST_SCOPE

    def _elsewhere(self, question: Question, text: str) -> bool:
        return bool(unmet_place(question, self.plan, text) or unmet_district(question, self.plan))

    def no_such_chapter(self, question: Question) -> Refusal | None:
        """Refuse a question on a chapter that the plan does not have."""
        beyond = any(number > len(self.plan.chapters()) for number in chapters_in(question.text.lower()))
        return Refusal(Reason.FALSE_PREMISE) if beyond and self.plan.chapters() else None

    def _lacks_figure(self, question: Question, claim: Claim, *, about: bool) -> bool:
        """Say whether a figure is asked for that the claim does not hold, or holds of something else.

        What the conversation is about (`about`) need not be named again.
        """
        if claim.written >= TRUSTED:
            return False
        if unmet_attribute(question, claim.text()) or unmet_indicator(question, claim.text()):
            return True
        if question.asks != Asks.FIGURE:
            return False
        weak = claim.written < WELL_PUT and not about
        most = MOST_UNMET[question.language] if self._written else UNWRITTEN_UNMET
        return not has_figure(claim.text()) or (weak and self.unmet(question, claim) > most)

    def unmet(self, question: Question, claim: Claim) -> float:
        """Return the share of a question's content that the plan speaks of, but not around this claim.

        What is said around a claim: its sentences, their headings, and every question written on them.
        """
        words = [w for w in content_words(self._slips.mend(question.text)) if len(w) > 1]
        world = self._worlds.around(claim)
        rarity = self._searcher.rarity
        strayed = [w for w in words if w not in world and 0 < self._worlds.spoken(w) < 40 and not w.isdigit()]
        total = sum(map(rarity.of, words))
        return sum(map(rarity.of, strayed)) / total if total else 0.0

    def _unknown_name(self, question: Question) -> bool:
        """Say whether an English question names something that nothing about the plan knows."""
        if not self._searcher.knowledge.english:
            return False
        names = re.findall(r"(?<![.?!:] )(?<!^)\b[A-Z][a-z]{3,}\b", question.text)
        return any(not self._searcher.knows(w) for name in names for w in content_words(name))

    def _year(self, question: Question, claim: Claim) -> bool:
        path = " ".join(claim.passage.path)
        text = claim.text()
        review = is_review(claim.passage) or "十三五" in text
        vision = "远景" in path
        return unmet_year(question, self.plan, text + path, review=review, vision=vision) is not None

    def _missing(self, question: Question) -> Reason:
        indicator = any(w in question.text.lower() for w in _INDICATOR)
        return Reason.TABLE_MISSING if self._lost_table and indicator else Reason.NO_FIGURE


def _bundled(embedder: Embedder) -> Embedder:
    """Return the bundled embedder, which the scope's weights belong to."""
    return embedder if embedder.name == "bundled" else make_embedder("bundled")


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


def refusal_text(refusal: Refusal, language: str, title: str) -> str:
    """Return the sentence that says why, in the question's language."""
    chinese, english = _TEXTS[refusal.reason]
    return (english if language == "en" else chinese).format(title=title)
