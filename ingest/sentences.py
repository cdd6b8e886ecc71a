"""Split a passage into sentences, with exact offsets."""

from __future__ import annotations

import itertools
import re

from ingest.model import Sentence

_SENTENCE = re.compile(r"[^。！？!?\n\r]+(?:[。！？!?]+[”’」）)]*)?")
_ROW = re.compile(r"^\d{1,3}$")


def split(text: str, start: int, end: int) -> tuple[Sentence, ...]:
    """Split `text[start:end]` at 。！？ and line breaks; offsets are into `text`."""
    found: list[Sentence] = []
    for m in _SENTENCE.finditer(text, start, end):
        piece = m[0]
        left = m.start() + len(piece) - len(piece.lstrip())
        right = m.end() - (len(piece) - len(piece.rstrip()))
        if any(c.isalnum() for c in piece):
            found.append(Sentence(left, right))
    return tuple(found)


def split_rows(text: str, start: int, end: int) -> tuple[Sentence, ...]:
    """Split a table that was flattened to one cell a line into its rows, by their numbers 1, 2, 3…"""
    cells = split(text, start, end)
    heads: list[int] = []
    for index, cell in enumerate(cells):
        value = text[cell.start : cell.end]
        if _ROW.fullmatch(value) and int(value) == len(heads) + 1:
            heads.append(index)
    if len(heads) < 2:
        return cells
    bounds = ([0] if heads[0] else []) + heads + [len(cells)]
    return tuple(Sentence(cells[a].start, cells[b - 1].end) for a, b in itertools.pairwise(bounds))
