"""Cut a sentence to a length, by whole clauses where it can be done, and show where something is left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from assistant.spans import clauses
from index.words import terms

FIGURE = 0.6  # what a figure in an English clause counts, against a term that the question shares
_ENGLISH_CLAUSE = re.compile(r".+?(?:[,;](?=\s)\s*|$)", re.DOTALL)
_DANGLING = re.compile(r"(?:\s+(?:[\d.,]+|an?|the|of|and|or|to|in|for|with|by|on|from|as|about|over|more than))+$")


def shorten(sentence: str, keep: list[str], budget: int) -> str:
    """Cut a sentence to about `budget` characters: the clauses that hold `keep`, and their neighbours."""
    if len(sentence) <= budget:
        return sentence
    parts = clauses(sentence)
    wanted = [i for i, c in enumerate(parts) if any(k in c or c.strip(",，;；。") in k for k in keep if k)] or [0]
    return _stitched(parts, _grown(parts, wanted, budget), "…")


def shorten_english(text: str, budget: int, wanted: Collection[str] = ()) -> str:
    """Cut an English sentence to about `budget` characters, never between a figure and its unit.

    The first clause stays, and those that hold most of the `wanted` terms or a figure; where nothing is
    wanted, or the first clause is too long by itself, the beginning.
    """
    if len(text) <= budget:
        return text
    parts = _ENGLISH_CLAUSE.findall(text)
    if wanted and len(parts[0]) <= budget:
        return _stitched(parts, _grown(parts, _worthiest(parts, frozenset(wanted), budget), budget), "… ").strip()
    clause = max(text.rfind(c, 0, budget) for c in (";", ","))
    cut = clause if clause > budget // 2 else text.rfind(" ", 0, budget)
    return _DANGLING.sub("", text[: max(cut, 40)].rstrip()).rstrip(",; ") + " …"


def _worthiest(parts: list[str], wanted: frozenset[str], budget: int) -> list[int]:
    """Return the first clause and, while they fit, those that hold most that is wanted."""
    worth = [len(wanted.intersection(terms(p))) + FIGURE * bool(re.search(r"\d", p)) for p in parts]
    chosen = [0]
    for index in sorted(range(1, len(parts)), key=lambda i: -worth[i]):
        if worth[index] and _size(parts, {*chosen, index}) <= budget:
            chosen.append(index)
    return chosen


def _grown(parts: list[str], seeds: list[int], budget: int) -> list[int]:
    """Return the places of the seeds and, while they fit, of their neighbours, the nearest first."""
    chosen = set(seeds)
    for distance in range(1, len(parts)):
        for index in (i + d for i in seeds for d in (-distance, distance)):
            if 0 <= index < len(parts) and _size(parts, chosen | {index}) <= budget:
                chosen.add(index)
    return sorted(chosen)


def _size(parts: list[str], chosen: Iterable[int]) -> int:
    return sum(len(parts[i]) for i in chosen)


def _stitched(parts: list[str], chosen: list[int], gap: str) -> str:
    text, last = "", -1
    for index in chosen:
        text += (gap if index != last + 1 else "") + parts[index]
        last = index
    return text + ("" if last == len(parts) - 1 else "…")
