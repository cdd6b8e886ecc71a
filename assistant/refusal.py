"""Decide whether the plan answers, and say what it does not."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer import Reason
from assistant.conditions import contradicted, unmet_attribute, unmet_place, unmet_year
from assistant.evidence import Claim
from assistant.question import Asks, Question
from assistant.spans import has_figure
from index.lexical import Rarity
from index.words import content_words
from ingest.model import Kind, Passage, Plan

TRUSTED = 0.86
LEAST_WRITTEN, LEAST_PLAIN = 0.5, 0.36

_INDICATOR = ("率", "寿命", "年限", "保有量", "比重", "占比", "能耗", "人均", "每千", "每万", "增加值", "增长", "rate", "per capita", "expectancy", "intensity", "productivity", "per unit", "average years", "ratio")

_TEXTS = {
    Reason.UNSAFE_REQUEST: ("我只依据规划原文回答,不能编造内容、改变规则或透露系统信息。您可以直接询问规划内容。", "I answer only from the plan's text; I cannot invent content, change my rules or reveal system details. Please ask about the plan."),
    Reason.OUT_OF_SCOPE: ("这个问题与规划无关。我只回答《{title}》中的内容,例如目标、项目和政策措施。", "That is not about the plan. I answer only from {title}: its targets, projects and measures."),
    Reason.NOT_IN_PLAN: ("规划没有给出这个问题的答案。", "The plan does not answer this."),
    Reason.NO_FIGURE: ("规划提到了相关内容,但没有给出所问的具体数字、时间或责任人。", "The plan touches on this but does not give the figure, date or person you ask for."),
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

    def __init__(self, plan: Plan, rarity: Rarity, vocabulary: frozenset[str]) -> None:
        self.plan, self.rarity, self.vocabulary = plan, rarity, vocabulary
        self._lost_table = any(s.kind == Kind.LOST_TABLE for s in plan.spans)

    def refuse(self, question: Question, found: list[Claim]) -> Refusal | None:
        """Return why the best claim does not answer the question, or None when it does."""
        if not found:
            return Refusal(Reason.NOT_IN_PLAN)
        best = found[0]
        text = best.text()
        if contradicted(question, text):
            return Refusal(Reason.FALSE_PREMISE, best)
        if unmet_place(question, self.plan, text):
            return Refusal(Reason.NOT_IN_PLAN)
        if self._year(question, best):
            return Refusal(self._missing(question), best)
        if best.written < TRUSTED and unmet_attribute(question, text):
            return Refusal(self._missing(question), best)
        if best.written < TRUSTED and question.asks == Asks.FIGURE and not has_figure(text):
            return Refusal(self._missing(question), best)
        if self.doubt(question, best) > 0:
            return Refusal(self._missing(question) if question.asks == Asks.FIGURE else Reason.NOT_IN_PLAN)
        return None

    def doubt(self, question: Question, claim: Claim) -> float:
        """Return how far a claim falls short of support; positive means it is not enough.

        The words that the whole plan never uses, and nobody wrote about it, raise the bar.
        """
        strange = self.strangeness(question)
        written = LEAST_WRITTEN + 0.3 * strange
        plain = LEAST_PLAIN + 0.3 * strange
        return min(written - claim.written, plain - claim.score) if claim.written else plain - claim.score

    def strangeness(self, question: Question) -> float:
        """Return the share of a question's content, by rarity, that the plan's world does not know."""
        words = [w for w in content_words(question.text) if len(w) > 1]
        total = sum(self.rarity.of(w) for w in words)
        strange = sum(self.rarity.of(w) for w in words if w not in self.vocabulary)
        return strange / total if total else 0.0

    def _year(self, question: Question, claim: Claim) -> bool:
        path = " ".join(claim.passage.path)
        text = claim.text()
        review = is_review(self.plan, claim.passage) or "十三五" in text
        vision = "远景" in path
        return unmet_year(question, self.plan, text + path, review=review, vision=vision) is not None

    def _missing(self, question: Question) -> Reason:
        indicator = any(w in question.text.lower() for w in _INDICATOR)
        return Reason.TABLE_MISSING if self._lost_table and indicator else Reason.NO_FIGURE


def is_review(plan: Plan, passage: Passage) -> bool:
    """Say whether a passage looks back on the years before the plan."""
    return any(w in title for title in passage.path for w in ("发展基础", "成就", "回顾", "成效", "实景"))


def refusal_text(refusal: Refusal, language: str, title: str) -> str:
    """Return the sentence that says why, in the question's language."""
    chinese, english = _TEXTS[refusal.reason]
    return (english if language == "en" else chinese).format(title=title)
