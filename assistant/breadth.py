"""Judge whether a question is answered in one place of the plan or over several sections.

One logistic regression over the router's estimates, the form of the question and the spread of what a
search finds, fitted on dev questions by `python -m eval.calibrate`.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from assistant.evidence import Signals
from assistant.logistic import read_logistics
from assistant.question import Asks, Question, clauses_of
from assistant.whole import asks_where
from index.search import Found
from ingest.normal import fold

BREADTH = Path(__file__).parent / "data" / "breadth.json"
LIKELY = {"written": 0.5, "plain": 0.7}  # probability from which a question is taken to be over several sections
POSSIBLE = 0.03  # probability from which an answer from one place is filled up with what is gathered from all
_EDGE = 1e-3  # keeps the log-odds of the router finite
_EVERYTHING = re.compile(
    r"出现(过|了)?(几|两|三|多)(处|次|回)|(写|说|提)了?(两|三|几|好几)(遍|回|次|处)|(两|三|几)(章|节|处)(里|中)?都|哪几处|好几(章|处|节)|几个?章节|收拢|说全|找一找|找齐|(几|[两三四五六])个数都|前后对照|全文|通篇|整个规划|整份规划|所有(的|关于|跟)?|(列出|说说|找出|给出)全部|全部(列|内容|目标|指标|说法)|梳理|汇总|盘点|从头到尾|一共(提|说|安排|有)|各章|各处|分别(在|怎么)|哪些[^,，。?？]{0,10}(指标|目标|数字|方面)|任务分工|哪些任务|承担.{0,3}(哪些|什么)|内容都|都找出来|分别怎么写|各有(什么|哪些).{0,8}(目标|指标|数字)|各自的.{0,8}(规模|目标|指标)|捋一?捋|归拢|归总|攒到?一|一股脑|汇个?总|串一串|串起来|前前后后|散在|一次(性)?说清|统共|比一比|各自侧重|各举|各(是|要做)?到?多大|带数字|一块儿(给|看|说)|合起来|哪些地方(说|提|讲)|量化(指标|目标)|(所|提)到?的.{0,8}目标有哪些|相关(内容|的都)|都(怎么|说了|提了|有哪些(规定|说法|内容))|综合(全文|来看|起来)|不同(章|部分)|都列"
    r"|\b(crops?|comes?|keeps? coming) up\b|\bcollect\b|\brundown\b|\b(put|pull|bring) together\b|\b(?:list|give me|set out|name|find|show me|i need) every\b|\bsum up\b|\bnumeric (goals|targets)\b|\bwith figures\b|\bacross (its|the) chapters\b|\bcompare how\b|\blay out\b|\beverything\b|\ball (the )?(mentions|references|places|targets|figures|points|that)\b|\bdifferent chapters\b|\bacross\b.*\b(plan|chapters|sections)\b|\bthroughout\b|\bwhole plan\b|\bgather\b|\blist all\b|\bwhere does the plan (talk|mention|speak)|\bdifferent (parts|sections)\b|\bwhat roles\b|\ball targets\b"
)
_NARROW = (Asks.TIME, Asks.PERSON, Asks.PLACE, Asks.NAME)
_ASKING = re.compile(r"多少|几|哪|什么|啥|怎么|如何|谁|\b(?:what|which|how|where|who|when)\b")


def is_broad(probability: float, found: Found) -> bool:
    """Say whether a question is likely enough to be over several sections to be answered from all."""
    return probability >= LIKELY[_kind(found)]


def breadth(question: Question, routed: float, worded: float, found: Found) -> float:
    """Return the probability that a question is over several sections.

    `routed` is the router's probability of that, `worded` its log-odds by the wording alone.
    """
    return read_logistics(BREADTH)[_kind(found)].probability(signals(question, routed, worded, found))


def _kind(found: Found) -> str:
    return "written" if found.answered else "plain"


def signals(question: Question, routed: float, worded: float, found: Found) -> Signals:
    """Return what tells the breadth of a question, by name."""
    folded = fold(question.text)
    scores = [h.score for h in found.hits] or [1.0]
    answered = found.answered or (0.0,)
    return {
        "routed": math.log((routed + _EDGE) / (1 - routed + _EDGE)),
        "worded": worded,
        "everything": float(bool(_EVERYTHING.search(folded))),
        "where": float(asks_where(folded)),
        "clauses": float(min(len(clauses_of(question.text)), 8)),
        "listed": float(min(question.text.count("、"), 6)),
        "asking": float(min(len(_ASKING.findall(folded)), 5)),
        "narrow": float(question.asks in _NARROW),
        "match": scores[0],
        "second": scores[min(1, len(scores) - 1)] / scores[0],
        "fifth": scores[min(4, len(scores) - 1)] / scores[0],
        "answered": answered[0],
        "fading": answered[0] - answered[-1],
        "themed": found.themed - answered[0] if found.themed else 0.0,
    }
