"""Merge the headings of the body with the table of contents into one outline."""

from __future__ import annotations

import itertools
from collections import Counter
from difflib import SequenceMatcher

from ingest.contents import Contents, Entry
from ingest.headings import Heading, Level, marks, match_title, numbered_lines, title_end
from ingest.paragraphs import blocks


def find_headings(text: str, contents: Contents | None, *, indented: bool) -> tuple[list[Heading], list[str]]:
    """Return the plan's headings in order, each from the body, the contents or both.

    A chapter that only the contents know is placed before the last paragraph that precedes its
    first section (its preamble) where chapters have preambles; warnings name what was recovered.
    """
    start = contents.end if contents else 0
    entries = list(contents.entries) if contents else []
    body = _body_headings(text, start, entries)
    if not any(h.level == Level.CHAPTER for h in body):
        body = numbered_lines(text) or body
    if not entries:
        return body, []
    merged, warnings = _merge(text, entries, body, indented)
    return _unnamed_chapters(merged), warnings


def _body_headings(text: str, start: int, entries: list[Entry]) -> list[Heading]:
    found: list[Heading] = []
    for mark in marks(text):
        if mark.start < start:
            continue
        titles = [e for e in entries if (e.level, e.number) == (mark.level, mark.number)]
        ends = [end for e in titles if (end := match_title(text, mark.end, e.title)) is not None]
        end = max(ends) if ends else title_end(text, mark.end)
        title = " ".join(text[mark.end : end].split())
        if title:
            found.append(Heading(mark.level, mark.number, title, mark.start, end))
    return found


def _merge(text: str, entries: list[Entry], body: list[Heading], indented: bool) -> tuple[list[Heading], list[str]]:
    """Align the two lists; keep what either has, with the page of the contents."""
    ours = [(e.level, e.number, _key(e.title)) for e in entries]
    theirs = [(h.level, h.number, _key(h.title)) for h in body]
    merged: list[Heading] = []
    lost: list[tuple[int, Entry]] = []
    warnings: list[str] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            merged += [_paged(h, e) for h, e in zip(body[b1:b2], entries[a1:a2], strict=True)]
            continue
        left = entries[a1:a2]
        for heading in body[b1:b2]:
            twin = next((e for e in left if (e.level, e.number) == (heading.level, heading.number)), None)
            if twin:
                lost += [(len(merged), e) for e in left[: left.index(twin)]]
                left = left[left.index(twin) + 1 :]
            merged.append(_paged(heading, twin) if twin else heading)
            if not twin and heading.level != Level.SECTION:
                warnings.append(f"contents lack: {heading.title}")
        lost += [(len(merged), e) for e in left]
    for index, entry in reversed(lost):
        found = _recover(text, merged, index, entry, indented)
        warnings.append(f"body lacks: {entry.title}")
        if found:
            merged.insert(index, found)
    return merged, warnings


def _paged(heading: Heading, entry: Entry) -> Heading:
    return Heading(heading.level, heading.number, entry.title, heading.start, heading.end, entry.page)


def _key(title: str) -> str:
    return "".join(c for c in title if c.isalnum())


def _recover(text: str, merged: list[Heading], index: int, entry: Entry, indented: bool) -> Heading | None:
    """Place a chapter or part that the body lost; a lost section has no place to be given."""
    if entry.level == Level.SECTION:
        return None
    before = merged[index - 1].end if index else 0
    after = merged[index].start if index < len(merged) else len(text)
    region = blocks(text, before, after, indented=indented)
    place = region[-1].start if region and _have_preambles(text, merged) else after
    return Heading(entry.level, entry.number, entry.title, place, place, entry.page)


def _have_preambles(text: str, headings: list[Heading]) -> bool:
    pairs = [(a, b) for a, b in itertools.pairwise(headings) if a.level == Level.CHAPTER]
    counts = Counter(bool(text[a.end : b.start].strip()) for a, b in pairs)
    return counts[True] > counts[False]


def _unnamed_chapters(headings: list[Heading]) -> list[Heading]:
    """Open a chapter without a name where sections start again at 1 under the same chapter."""
    out: list[Heading] = []
    chapter = last = 0
    for heading in headings:
        if heading.level == Level.CHAPTER:
            chapter, last = heading.number, 0
        elif heading.level == Level.SECTION:
            if heading.number == 1 and last:
                chapter += 1
                out.append(Heading(Level.CHAPTER, chapter, "", heading.start, heading.start))
            last = heading.number
        out.append(heading)
    return out
