"""The plan and its parts, as frozen values that flow through every later stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Name what a stretch of a plan's text is."""

    PASSAGE = "passage"
    HEADING = "heading"
    CONTENTS = "contents"
    CAPTION = "caption"
    LOST_TABLE = "lost_table"
    NOTE = "note"
    NOTICE = "notice"
    FOOTER = "footer"
    SPACE = "space"


@dataclass(frozen=True, slots=True)
class Span:
    """Mark a half-open stretch `[start, end)` of a plan's text, in characters."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Section:
    """Hold one heading of the outline; section 0 is a chapter's preamble, chapter 0 the plan's."""

    part: int
    chapter: int
    section: int
    part_title: str
    chapter_title: str
    section_title: str
    page: int | None
    start: int
    end: int

    @property
    def title(self) -> str:
        """Return the innermost title that this section has."""
        return self.section_title or self.chapter_title or self.part_title

    @property
    def label(self) -> str:
        """Return where the section stands, as a document would cite it: 第十章第二节."""
        return label(self.part, self.chapter, self.section)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Mark one sentence, with offsets into the plan's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold one topic paragraph; `text` is `plan.text[start:end]`, verbatim."""

    id: str
    plan: str
    text: str
    part: int
    chapter: int
    section: int
    chapter_title: str
    section_title: str
    heading: str
    path: tuple[str, ...]
    page: int | None
    start: int
    end: int
    sentences: tuple[Sentence, ...]

    @property
    def label(self) -> str:
        """Return the passage's place, as a document would cite it."""
        return label(self.part, self.chapter, self.section)


@dataclass(frozen=True, slots=True)
class PlanInfo:
    """Say what a plan is and where it comes from, as its `plan.toml` does."""

    id: str
    title: str
    issuer: str = ""
    date: str = ""
    period: tuple[int, int] | None = None
    place: str = ""
    source: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold a parsed plan; `spans` tile `text` without gap or overlap."""

    info: PlanInfo
    text: str
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    spans: tuple[Span, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """Return the plan's identifier."""
        return self.info.id

    def chapters(self) -> list[Section]:
        """Return the first section of each numbered chapter, in order."""
        seen: dict[int, Section] = {}
        for section in self.sections:
            if section.chapter:
                seen.setdefault(section.chapter, section)
        return list(seen.values())

    def numbered_sections(self) -> list[Section]:
        """Return the sections that carry a number of their own."""
        return [s for s in self.sections if s.section]


def label(part: int, chapter: int, section: int) -> str:
    """Write a place in the outline the way Chinese documents cite it."""
    if chapter:
        return f"第{numeral(chapter)}章" + (f"第{numeral(section)}节" if section else "")
    return f"第{numeral(part)}篇" if part else ""


def numeral(number: int) -> str:
    """Write 1-99 in Chinese numerals: 12 → 十二."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if number >= 100:
        return str(number)
    head = "" if not tens else ("十" if tens == 1 else digits[tens] + "十")
    return head + (digits[ones] if ones or not tens else "")
