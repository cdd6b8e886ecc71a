"""Find the marks of headings (第三章, 第二节, 一、, （一）) and where their titles end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

import cn2an

_NUMERALS = "零〇一二三四五六七八九十百"
_MARK = re.compile(rf"(?:^|(?<=\s))第([{_NUMERALS}0-9０-９]+)(篇|部分|章|节)(?=\s|[^\s]{{2,40}}$)", re.M)
_SENTENCE_END = "。！？；;!?"
_WORDS = "。，,；;：:！!？?"


class Level(IntEnum):
    """Rank the levels of an outline, outermost first."""

    PART = 0
    CHAPTER = 1
    SECTION = 2


_LEVELS = {"篇": Level.PART, "部分": Level.PART, "章": Level.CHAPTER, "节": Level.SECTION}


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark a heading's number; its title starts at `end`."""

    level: Level
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """Hold a heading; `start == end` where the text lost it and the contents gave it back."""

    level: Level
    number: int
    title: str
    start: int
    end: int
    page: int | None = None


def marks(text: str) -> list[Mark]:
    """Find every 第N篇/章/节 that stands at a line's start or after white space."""
    return [Mark(_LEVELS[m[2]], to_int(m[1]), m.start(), m.end()) for m in _MARK.finditer(text)]


def to_int(numeral: str) -> int:
    """Convert a Chinese or Arabic numeral of a heading to an integer."""
    return int(cn2an.cn2an(numeral.replace("〇", "零"), "smart"))


def title_end(text: str, start: int) -> int:
    """Find where a title that no table of contents gives ends, by the habits of layout.

    In order: a double ideographic space; the end of a short line; else phrases set apart by
    single spaces, up to the first one that holds punctuation (a sentence).
    """
    line_end = text.find("\n", start)
    line = text[start : len(text) if line_end < 0 else line_end]
    body = line.lstrip()
    offset = start + len(line) - len(body)
    wide = body.find("\u3000\u3000")
    if wide > 0:
        return offset + wide
    if len(body) <= 60 and "。" not in body:
        return offset + len(body.rstrip())
    end = offset
    for phrase in re.finditer(r"\S+", body):
        if len(phrase[0]) > 24 or any(c in _WORDS for c in phrase[0]):
            break
        end = offset + phrase.end()
    return end


def match_title(text: str, start: int, title: str) -> int | None:
    """Return where `title` ends when it stands at `start`, whatever its spaces and line breaks."""
    position = start
    for wanted in re.sub(r"\s", "", title):
        while position < len(text) and text[position].isspace():
            position += 1
        if position >= len(text) or _plain(text[position]) != _plain(wanted):
            return None
        position += 1
    return position


def _plain(character: str) -> str:
    return {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "○": "〇", "＋": "+"}.get(character, character)


def numbered_lines(text: str) -> list[Heading]:
    """Read 一、… and 1.… lines as chapters and sections, for plans without 第N章.

    A line counts only when its number continues the count, so that lists do not.
    """
    found: list[Heading] = []
    chapter = section = 0
    for m in re.finditer(
        r"^[ \u3000]*(?:([一二三四五六七八九十]+)、|(\d{1,2})[.．、](?!\d))([^\n。]{2,40})$", text, re.M
    ):
        if m[1] and to_int(m[1]) == chapter + 1:
            chapter, section = chapter + 1, 0
            found.append(Heading(Level.CHAPTER, chapter, m[3].strip(), m.start(), m.end()))
        elif m[2] and chapter and int(m[2]) == section + 1:
            section += 1
            found.append(Heading(Level.SECTION, section, m[3].strip(), m.start(), m.end()))
    return found
