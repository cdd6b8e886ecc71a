"""Decide whether the plan answers, and say what it does not.

One logistic regression over the signals of the best claim, fitted on dev questions by `python -m
eval.calibrate`; the reason follows from the unmet conditions and from what the nearest written
questions that the plan does not answer were refused for.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answer import Reason
from assistant.conditions import chapters_in
from assistant.evidence import Claim, Signals
from assistant.logistic import Logistic
from assistant.names import content_of
from assistant.question import Asks, Question
from assistant.signals import Measure, heft
from assistant.spans import has_figure
from index.search import Found, Searcher
from index.words import content_words, terms
from ingest.model import Kind
from ingest.normal import fold
from ingest.target_tables import is_row, read_row

SCALES = Path(__file__).parent / "data" / "refusal.json"
PLAIN, FIGURED = 0.5, 0.9  # doubt that a yes-or-no question bears, without and with a figure
WHATEVER = 1.0  # doubt that a question bears which asks what is said of a thing that the claim names
_SAID = re.compile(
    r"怎么(说|讲|写)|[说讲写]了?些?(什么|啥)|有(什么|啥|哪些)说法|提到|讲到"
    r"|\bwhat does (the|this) (plan|document) say\b|\bmention(s|ed)?\b|\btell me about\b"
)
NAMED = 0.75  # share of an indicator's words from which a question names it
OFF = 0.5  # probability of small talk above which a refused question was some
RELATED = 0.5  # share of a question's own words above which the nearest claim is about something else

# What an unmet condition says of the reason, against one written question's full vote.
_SAYS: dict[str, tuple[Reason, float]] = {
    "contradicted": (Reason.FALSE_PREMISE, 2.0),
    "indicator": (Reason.TABLE_MISSING, 1.0),
    "year": (Reason.NO_FIGURE, 0.4),
    "attribute": (Reason.NO_FIGURE, 0.4),
    "bare": (Reason.NO_FIGURE, 0.2),
    "echo": (Reason.NO_FIGURE, 0.4),
    "given": (Reason.FALSE_PREMISE, 0.4),
    "elsewhere": (Reason.NOT_IN_PLAN, 1.0),
    "number": (Reason.NOT_IN_PLAN, 0.5),
    "unknown": (Reason.NOT_IN_PLAN, 0.5),
}

_CERTAIN = ("indicator", "contradicted")  # conditions that no answerable dev question left unmet

_TEXTS = {
    Reason.UNSAFE_REQUEST: ("我只依据规划原文回答,不能编造内容、改变规则或透露系统信息。您可以直接询问规划内容。", "I answer only from the plan's text; I cannot invent content, change my rules or reveal system details. Please ask about the plan."),
    Reason.OUT_OF_SCOPE: ("这个问题与规划无关。我只回答《{title}》中的内容,例如目标、项目和政策措施。", "That is not about the plan. I answer only from its text: targets, projects and measures."),
    Reason.NOT_IN_PLAN: ("规划没有给出这个问题的答案。", "The plan does not answer this."),
    Reason.NO_FIGURE: ("规划没有给出所问的{wanted}。", "The plan does not give the {wanted} you ask for."),
    Reason.TABLE_MISSING: ("规划正文没有给出这个数值;它可能在“主要指标表”中,而本文本未收录该表。", "The text gives no such value; it may stand in the plan's table of main indicators, which this text lacks."),
    Reason.FALSE_PREMISE: ("规划没有这样的说法。", "The plan does not say so."),
}  # fmt: skip


_WANTED = {
    Asks.FIGURE: ("具体数字", "figure"),
    Asks.TIME: ("具体时间", "date"),
    Asks.PERSON: ("具体单位或责任人", "body or person"),
    Asks.PLACE: ("具体地点", "place"),
    Asks.NAME: ("具体名称", "name"),
    Asks.LIST: ("具体名单", "list"),
}
_NO_CHAPTER = ("规划只有 {count} 章,没有所问的那一章。", "The plan has only {count} chapters, not the one you ask for.")
_DETAIL = ("具体内容", "detail")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Hold the reason, and the claim that shows what the plan does say, where there is one.

    `chapters` is how many the plan has, where a question names one that it has not.
    """

    reason: Reason
    claim: Claim | None = None
    chapters: int = 0


@dataclass(frozen=True, slots=True)
class Scale(Logistic):
    """Hold the weights of the signals, and the probability above which a question is refused."""

    threshold: float


@cache
def read_scales() -> dict[str, Scale]:
    """Read the scales: `written` for plans about which questions are written, `plain` for others."""
    return {name: Scale(**row) for name, row in json.loads(SCALES.read_text("utf-8")).items()}


class Judge:
    """Judge claims about one plan."""

    def __init__(self, searcher: Searcher) -> None:
        self.plan = searcher.plan
        self.measure = Measure(searcher)
        self._scale = "written" if searcher.knowledge.bank else "plain"
        self._english = searcher.knowledge.english
        self._lost_table = any(s.kind == Kind.LOST_TABLE for s in self.plan.spans)

    def refuse(self, question: Question, claims: list[Claim], found: Found, chat: float) -> Refusal | None:
        """Return why the best claim does not answer the question, or None when it does.

        `chat` is the probability that the question is small talk or general knowledge.
        """
        if not claims:
            return Refusal(Reason.OUT_OF_SCOPE if chat >= OFF else Reason.NOT_IN_PLAN)
        signals = self.measure.signals(question, claims[0], found, chat)
        scale = read_scales()[self._scale]
        said = self._says_it(question, claims[0]) or (_tabled(question, claims[0]) and not signals["year"])
        bearable = WHATEVER if said else _bearable(question, claims[0], signals)
        threshold = max(scale.threshold, bearable)
        if scale.probability(signals) < threshold and not any(signals[name] for name in _CERTAIN):
            return None
        if signals["chat"] >= OFF:
            return Refusal(Reason.OUT_OF_SCOPE)
        return Refusal(self._reason(signals, found), claims[0] if self._related(question, claims[0], signals) else None)

    def _says_it(self, question: Question, claim: Claim) -> bool:
        """Say whether a question asks only what is said of a thing, and the claim speaks of that."""
        folded = fold(question.text)
        asked = set(terms(content_of(_SAID.sub(" ", folded), self.plan)))
        told = [claim.text(), *(self._english.get(s.start, "") for s in claim.sentences)]
        return bool(_SAID.search(folded) and asked and asked <= set(terms(" ".join(told))))

    def _related(self, question: Question, claim: Claim, signals: Signals) -> bool:
        """Say whether the nearest claim is worth quoting under a refusal: on the same thing, if not on what is asked."""
        return not signals["indicator"] and self.measure.unmet(question, claim) < RELATED

    def no_such_chapter(self, question: Question) -> Refusal | None:
        """Refuse a question on a chapter that the plan does not have."""
        count = len(self.plan.chapters())
        beyond = any(number > count for number in chapters_in(question.text.lower()))
        return Refusal(Reason.FALSE_PREMISE, chapters=count) if beyond and count else None

    def _reason(self, signals: Signals, found: Found) -> Reason:
        """Let unmet conditions and the nearest unanswered questions vote."""
        votes: dict[Reason, float] = defaultdict(float, {Reason.NOT_IN_PLAN: 0.1})
        top = found.open[0][1] if found.open else 0.0
        for question, closeness in found.open:
            votes[Reason(question.reason)] += heft(closeness, top)
        for name, (reason, weight) in _SAYS.items():
            votes[reason] += weight * signals[name]
        if not self._lost_table:
            votes[Reason.NO_FIGURE] += votes.pop(Reason.TABLE_MISSING, 0.0)
        return max(votes, key=lambda r: votes[r])


def _tabled(question: Question, claim: Claim) -> bool:
    """Say whether a claim is a row of a table on the indicator that a question names."""
    row = read_row(claim.text()) if is_row(claim.text()) else None
    named = set(content_words(row.indicator)) if row else set()
    return bool(named) and len(named & set(content_words(question.text))) >= NAMED * len(named)


def _bearable(question: Question, claim: Claim, signals: Signals) -> float:
    """Return the doubt that a yes-or-no question bears: «8%吗?» is answered by the plan's 6%."""
    if question.asks != Asks.WHETHER or signals["given"] or signals["contradicted"]:
        return 0.0
    return FIGURED if question.figures and has_figure(claim.text()) and not question.years else PLAIN


def refusal_text(refusal: Refusal, question: Question, title: str) -> str:
    """Return the sentence that says why, in the question's language, naming what was asked for."""
    place = int(question.language == "en")
    if refusal.chapters:
        return _NO_CHAPTER[place].format(count=refusal.chapters)
    wanted = _WANTED.get(question.asks, _DETAIL)[place]
    return _TEXTS[refusal.reason][place].format(title=title, wanted=wanted)
