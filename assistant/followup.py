"""Resolve a follow-up question into one that stands alone: the question before, and what is newly asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer import Turn
from assistant.router import Router
from index.words import content_words, terms
from ingest.normal import fold

LEANING = 0.5  # how likely a question must need the one before, to be read with it
_SOURCE = re.compile(
    r"出自|出处|来源|原文在|第几(章|节|页)|哪一?页|(哪|同)一?[个章]?[章节]|\bcite\b|\bsource\b|\bpage\?"
    r"|\b(which|what) (chapter|section|page)s?\b|\b(section|chapter|page),? please\b|\bsame (section|chapter)\b"
    r"|\bwhere('s| is| was) (that|this|it|all that|all this)( (from|stated|written|said|in the plan))?\?*$"
    r"|\bwhere in the (plan|document)\b"
)
_OF_THE_PLAN = re.compile(r"提到|涉及|讲到|\bmention|\bspeaks? of\b|\bcovers?\b")
_RETURN = re.compile(
    r"^(再?(回到|回过头(来)?(说|看)?|回头(说|看)?|说回|(返|转)回(来说)?)|再(说|看看)(?=.{1,12}[,，:：])|还是说)(刚才|刚刚|前面|之前)?(说)?的?"
    r"|^(back to|returning to|going back to|as for|on the subject of)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Hold the question that is searched, what it newly asks, the sentences cited before, and the terms that are new."""

    text: str
    asked: str
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
            return Resolved(text, text, self._named(text, [t for t in turns if t.cited]).cited, asks_source=True)
        if _RETURN.search(text):
            return self._returned(text, turns)
        if self._router.leans(text) < LEANING:
            return Resolved(text, text)
        return self._joined(turns[-1], text)

    @staticmethod
    def _asks_source(text: str) -> bool:
        """Say whether a question asks only where what was said stands."""
        folded = fold(text)
        rest = content_words(_RETURN.sub("", _SOURCE.sub("", folded)))
        return bool(_SOURCE.search(folded)) and not _OF_THE_PLAN.search(folded) and len(rest) <= 6

    def _returned(self, text: str, turns: list[Turn]) -> Resolved:
        """Resolve «back to X: …»: with the turn that spoke of X, where what follows needs it."""
        rest = _RETURN.sub("", text).strip(" ,，:：")
        turn = self._named(rest, turns)
        asked = re.split(r"[,，:：]\s*", rest, maxsplit=1)[-1]
        if self._router.leans(asked) >= LEANING:
            return self._joined(turn, rest)
        return Resolved(rest, rest, turn.cited)

    def _joined(self, turn: Turn, text: str) -> Resolved:
        """Read a question with the one before it."""
        new = frozenset(terms(text)) - frozenset(terms(turn.question))
        return Resolved(f"{turn.question} {text}", text, turn.cited, new=new)

    def _named(self, text: str, turns: list[Turn]) -> Turn:
        """Return the latest earlier turn that a question names, else the last one."""
        words = {w for w in content_words(text) if len(w) > 1}
        return next((t for t in reversed(turns) if words & set(content_words(t.standalone))), turns[-1])
