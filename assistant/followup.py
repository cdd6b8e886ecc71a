"""Resolve a follow-up question into one that stands alone: the question before, and what is newly asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer import Turn
from assistant.question import language
from assistant.router import Router
from index.words import content_words, terms
from ingest.normal import fold

LEANING, MAYBE = 0.5, 0.1  # how likely a question must need the one before, to be read or searched with it
ABROAD = 0.97  # how likely one in another language must
_SOURCE = re.compile(
    r"出自|出处|来源|原文在|写在(哪|什么)|第几(章|节|页)|哪一?页|(哪|同)一?[个章]?[章节]|^section\b|\bcite\b|\bsource\b|\bpage\?"
    r"|\b(which|what) (chapter|section|page)s?\b|\b(section|chapter|page),? please\b|\bsame (section|chapter)\b"
    r"|\bwhere('s| is| was) (that|this|it|all that|all this)( (from|stated|written|said|in the plan))?\?*$"
    r"|\bwhere in the (plan|document)\b"
)
_OF_THE_PLAN = re.compile(r"提到|涉及|讲到|\b(mention|speak of|cover)s?\b(?! (it|that|this|them)\b)")
_RETURN = re.compile(
    r"^(再?(回到|回过头(来)?(说|看)?|回头(说|看)?|说回|(返|转)回(来说)?)|再(说|看看)(?=.{1,12}[,，:：])|还是说)(刚才|刚刚|前面|之前)?(说)?的?"
    r"|^(back to|returning to|going back to|as for|on the subject of)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Hold a question's standalone form, what it newly asks, and what it may need of the conversation.

    `after` is the question before, where the two are searched together; `near` are the starts of the
    sentences cited then, and `new` the terms that the question adds.
    """

    text: str
    asked: str
    after: str = ""
    near: tuple[int, ...] = ()
    asks_source: bool = False
    new: frozenset[str] = frozenset()


class FollowUps:
    """Resolve follow-ups about one plan."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def resolve(self, text: str, turns: list[Turn]) -> Resolved:
        """Return the standalone form of a question, given the turns before it."""
        if not turns:
            return Resolved(text, text)
        if self._asks_source(text) and any(t.cited for t in turns):
            return self._source(text, [t for t in turns if t.cited])
        before = next((t for t in reversed(turns) if not self._asks_source(t.question)), turns[-1])
        if _RETURN.search(text):
            return self._returned(text, turns, before)
        leans = self._router.leans(text)
        abroad = language(text) != language(before.question)
        return self._joined(before, text, 0.0 if abroad and leans < ABROAD else leans)

    @staticmethod
    def _asks_source(text: str) -> bool:
        """Say whether a question asks only where what was said stands."""
        folded = fold(text)
        rest = content_words(_RETURN.sub("", _SOURCE.sub("", folded)))
        return bool(_SOURCE.search(folded)) and not _OF_THE_PLAN.search(folded) and len(rest) <= 6

    def _source(self, text: str, turns: list[Turn]) -> Resolved:
        """Resolve «where is that?»: of the turn that the question names, else of the last."""
        named = self._named(_SOURCE.sub(" ", fold(text)), turns)
        return Resolved(text, text, near=(named or turns[-1]).cited, asks_source=True)

    def _returned(self, text: str, turns: list[Turn], before: Turn) -> Resolved:
        """Resolve «back to X: …»: with the turn that spoke of X, where what follows needs it."""
        rest = _RETURN.sub("", text).strip(" ,，:：")
        turn = self._named(rest, turns) or before
        asked = re.split(r"[,，:：]\s*", rest, maxsplit=1)[-1]
        leans = self._router.leans(asked)
        return self._joined(turn, rest, leans) if leans >= LEANING else Resolved(rest, rest, near=turn.cited)

    @staticmethod
    def _joined(turn: Turn, text: str, leans: float) -> Resolved:
        """Read a question with the one before it, as far as it is likely to lean on it."""
        if leans < MAYBE:
            return Resolved(text, text)
        if leans < LEANING:
            return Resolved(text, text, turn.question)
        new = frozenset(terms(text)) - frozenset(terms(turn.question))
        return Resolved(f"{turn.question} {text}", text, turn.question, turn.cited, new=new)

    @staticmethod
    def _named(text: str, turns: list[Turn]) -> Turn | None:
        """Return the earlier turn that shares most words with a question, its own before those it took over."""
        words = set(terms(text))

        def shared(turn: Turn) -> tuple[int, int]:
            own, all_ = (sum(map(len, words & set(terms(t)))) for t in (turn.question, turn.standalone))
            return own, all_

        best = max(reversed(turns), key=shared)
        return best if any(shared(best)) else None
