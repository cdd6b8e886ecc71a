"""Bring a question's words to the plan's: aliases, and slips of the pen against its vocabulary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache

from index.words import segmenter
from ingest.normal import fold

RECENT = 8  # the texts of one question, which several parts mend
_PARTICLES = frozenset("的了是在和与及吗呢吧啊把被对从到给让我你他这那有没不会能要想将个都也就还很说里上下几多少谁啥咋")
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")


class Aliases:
    """Find everyday terms in a question and the plan's terms for them."""

    def __init__(self, aliases: dict[str, tuple[str, ...]]) -> None:
        self._targets = {fold(k): v for k, v in aliases.items()}
        latin = sorted((k for k in self._targets if k.isascii()), key=len, reverse=True)
        self._latin = re.compile(rf"(?<![a-z0-9])({'|'.join(map(re.escape, latin))})(?:s|es)?(?![a-z0-9])")
        self._chinese: dict[str, list[str]] = defaultdict(list)
        for term in sorted((k for k in self._targets if not k.isascii()), key=len, reverse=True):
            self._chinese[term[0]].append(term)

    def expand(self, question: str) -> list[str]:
        """Return the plan's terms for the everyday ones in a question."""
        folded, at = fold(question), 0
        found: list[str] = []
        while at < len(folded):
            term = self._starting(folded, at)
            found += self._targets.get(term, ())
            at += len(term) or 1
        return list(dict.fromkeys(found))

    def _starting(self, folded: str, at: int) -> str:
        """Return the longest everyday term that starts at a place of a folded question, or nothing."""
        if term := next((t for t in self._chinese.get(folded[at], ()) if folded.startswith(t, at)), ""):
            return term
        latin = self._latin.match(folded, at) if folded[at].isascii() else None
        return latin[1] if latin else ""


class Slips:
    """Recover mistyped words: same sound, or one character off, against a plan's own words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)
        self._mended = lru_cache(maxsize=RECENT)(self._mend)

    @cached_property
    def _words(self) -> list[str]:
        runs = set(_CHINESE.findall(self._text))
        return sorted({w for run in runs for w in segmenter().cut(run) if len(w) > 1})

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], str]:
        return {_sound(word): word for word in reversed(self._words)}

    @cached_property
    def _by_gap(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            for gap in _gaps(word) if len(word) > 2 else ():
                found[gap].add(word)
        return found

    def mend(self, question: str) -> str:
        """Replace runs of stray characters, which no dictionary joins, by the plan's word they sound like."""
        return self._mended(question)

    def _mend(self, question: str) -> str:
        mended = question
        for run in _CHINESE.findall(fold(question)):
            for piece in _stray(run):
                if word := self._word(piece):
                    mended = mended.replace(piece, word)
        return mended

    def _word(self, piece: str) -> str | None:
        """Return the plan's word of the same sound, or one character off, that shares half the characters."""
        if piece in self._text or segmenter().FREQ.get(piece):
            return None
        word = self._by_sound.get(_sound(piece))
        if word is None and len(piece) > 2:
            near = {w for gap in _gaps(piece) for w in self._by_gap.get(gap, ())}
            word = next(iter(near)) if len(near) == 1 else None
        return word if word and sum(a == b for a, b in zip(word, piece, strict=True)) * 2 >= len(piece) else None


def _sound(word: str) -> tuple[str, ...]:
    """Return how a word sounds, without tones; the library loads when a slip is first suspected."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))


def _gaps(word: str) -> list[str]:
    return [f"{word[:i]}_{word[i + 1 :]}" for i in range(len(word))]


def _stray(run: str) -> list[str]:
    """List the stretches of two to four characters that the dictionary leaves single, longest first."""
    pieces: list[str] = []
    singles = ""
    for word in [*segmenter().cut(run, HMM=False), "  "]:
        if len(word) == 1 and word not in _PARTICLES:
            singles += word
            continue
        pieces += [singles[i : i + n] for n in (4, 3, 2) for i in range(len(singles) - n + 1)]
        singles = ""
    return sorted(pieces, key=len, reverse=True)
