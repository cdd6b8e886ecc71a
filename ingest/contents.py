"""Read a table of contents: on one line or many, with or without leaders and page numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.headings import Level, Mark, marks

_OPENING = re.compile(r"(?:^|(?<=\s))目[ \u3000]*[录次](?=\s)", re.M)
_PAGED = re.compile(r"\s*(.+?)\s*(?:[.．…·]{2,}|\s)\s*(\d{1,3})[ \u3000]*(?:\n|$)", re.S)
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one line of the contents; `page` is None where the contents give none."""

    level: Level
    number: int
    title: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """Hold the contents and the stretch `[start, end)` of text that they take."""

    start: int
    end: int
    entries: tuple[Entry, ...]


def find_contents(text: str) -> Contents | None:
    """Find the table of contents, or None; it ends where an entry repeats or prose begins."""
    opening = _OPENING.search(text, 0, 40_000)
    if not opening:
        return None
    entries: list[Entry] = []
    end = opening.end()
    following = [m for m in marks(text) if m.start >= opening.end()]
    for mark, after in zip(following, [*following[1:], None], strict=False):
        chunk, last = _chunk(text, mark, after.start if after else len(text))
        entry, length = _read(mark, chunk)
        if entry is None or _repeats(entry, entries):
            break
        entries.append(entry)
        end = mark.end + length
        if last:
            break
    return Contents(opening.start(), _extend(text, end), tuple(entries)) if len(entries) > 2 else None


def _chunk(text: str, mark: Mark, stop: int) -> tuple[str, bool]:
    """Cut out what stands after a mark; say whether prose follows, which ends the contents."""
    chunk = text[mark.end : stop]
    if len(chunk) <= _LONGEST_TITLE * 2 and "。" not in chunk:
        return chunk, False
    leader = re.match(r"[^\n。]*?[.．…]{2,}\s*\d{1,3}", chunk)
    return (leader[0] if leader else chunk.lstrip("\n").split("\n", 1)[0]), True


def _read(mark: Mark, chunk: str) -> tuple[Entry | None, int]:
    paged = _PAGED.match(chunk.rstrip())
    title = _join(paged[1] if paged else chunk)
    if not title or len(title) > _LONGEST_TITLE or "。" in title:
        return None, 0
    length = paged.end() if paged else len(chunk.rstrip())
    return Entry(mark.level, mark.number, title, int(paged[2]) if paged else None), length


def _join(title: str) -> str:
    """Join a wrapped title: a break between characters goes, a space between phrases stays."""
    return re.sub(r"[ \u3000\t]+", " ", re.sub(r"\s*\n\s*", "", title.strip().rstrip(".．…· ")))


def _repeats(entry: Entry, entries: list[Entry]) -> bool:
    """Say whether the entry opens the list again: the body has begun."""
    return any(
        (e.level, e.number) == (entry.level, entry.number)
        and e.level != Level.SECTION
        and e.title.replace(" ", "")[:4] == entry.title.replace(" ", "")[:4]
        for e in entries
    )


def _extend(text: str, end: int) -> int:
    """Take in the list of boxes or figures that may follow: short lines that end with a page."""
    pattern = re.compile(r"\s*\n[ \u3000]*([^\n。]{0,40}目录|[^\n。]{2,60}[ \u3000]+\d{1,3})[ \u3000]*(?=\n)")
    while m := pattern.match(text, end):
        end = m.end()
    return end
