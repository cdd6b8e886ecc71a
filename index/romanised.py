"""Recognise names of the plan that an English question writes by their sound: Dayaowan for 大窑湾, Dayao Bay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import takewhile

LEAST = 4  # letters that a translated name must share with one written by its sound, at its beginning
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"\b[A-Z][a-z]{5,}\b")  # shorter ones sound like something by chance
_NAME = re.compile(r"\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")


class Romanised:
    """Know how a plan's sentences sound, and how they are translated."""

    def __init__(self, sentences: Iterable[tuple[str, str]]) -> None:
        """Take sentences, each with its translation."""
        self._pairs = list(sentences)

    def mend(self, question: str) -> str:
        """Write names that the translation does not use as it does, where it has one that begins alike."""
        for word in dict.fromkeys(_WORD.findall(question)):
            if name := self._translated(word):
                question = re.sub(rf"\b{word}\b", name, question)
        return question

    def heard(self, word: str) -> bool:
        """Say whether a word is how some stretch of the plan sounds."""
        return bool(word) and next(self._places(word.lower()), None) is not None

    def _translated(self, word: str) -> str:
        """Return the translated name that shares the longest beginning with an unknown word, or nothing."""
        if word in self._known:
            return ""
        rows = dict.fromkeys(self._places(word.lower()))
        names = dict.fromkeys(n for row in rows for n in _names(self._pairs[row][1]))
        best = max(names, key=lambda n: _shared(word, n), default="")
        return best if best and _shared(word, best) >= max(LEAST, len(word) // 2) else ""

    def _places(self, letters: str) -> Iterator[int]:
        """Yield the rows of the sentences in which whole syllables sound so."""
        for row, (sound, bounds) in enumerate(self._sounds):
            at = sound.find(letters)
            while at >= 0:
                if at in bounds and at + len(letters) in bounds:
                    yield row
                    break
                at = sound.find(letters, at + 1)

    @cached_property
    def _sounds(self) -> list[tuple[str, frozenset[int]]]:
        """Return how each sentence sounds, in letters, and where its syllables begin and end."""
        return [_sound(text) for text, _ in self._pairs]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(word for _, english in self._pairs for word in _WORD.findall(english))


def _sound(text: str) -> tuple[str, frozenset[int]]:
    from pypinyin import lazy_pinyin

    runs = _CHINESE.findall(text)
    syllables = [s for run in runs for s in (*lazy_pinyin(run), "|")]
    bounds = [0]
    for syllable in syllables:
        bounds.append(bounds[-1] + len(syllable))
    return "".join(syllables), frozenset(bounds)


def _names(english: str) -> Iterator[str]:
    """Yield every run of capitalised words, from each of its words on."""
    for run in _NAME.findall(english):
        words = run.split()
        yield from (" ".join(words[start:]) for start in range(len(words)))


def _shared(word: str, name: str) -> int:
    """Return how many letters a word and a name begin with alike."""
    letters = zip(word.lower(), re.sub(r"[^a-z]", "", name.lower()), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], letters))
