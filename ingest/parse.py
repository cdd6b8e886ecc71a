"""Parse a plan's text: contents, outline, passages, and a kind for every character."""

from __future__ import annotations

import re

from ingest.contents import find_contents
from ingest.headings import Heading, Level
from ingest.model import Kind, Passage, Plan, PlanInfo, Section, Sentence, Span
from ingest.outline import find_headings
from ingest.paragraphs import Block, BlockKind, blocks, is_indented
from ingest.sentences import split, split_rows

LONGEST_PASSAGE = 1_200
_PREFACE = re.compile(r"^[ \u3000]*(序[ \u3000]*言|前[ \u3000]*言|引[ \u3000]*言)[ \u3000]*$", re.M)
_FOOTER = re.compile(r"【图解】|政策解读|相关(链接|阅读|文章)|扫一扫|分享到|打印本页|关闭窗口|责任编辑")
_KINDS = {
    BlockKind.INNER_HEADING: Kind.HEADING,
    BlockKind.CAPTION: Kind.CAPTION,
    BlockKind.LOST_TABLE: Kind.LOST_TABLE,
    BlockKind.NOTE: Kind.NOTE,
}


def parse(text: str, info: PlanInfo) -> Plan:
    """Parse a plan; text that is no plan still yields passages, in one unnamed section."""
    indented = is_indented(text)
    contents = find_contents(text)
    headings, warnings = find_headings(text, contents, indented=indented)
    spans = [Span(contents.start, contents.end, Kind.CONTENTS)] if contents else []
    spans += [Span(h.start, h.end, Kind.HEADING) for h in headings if h.end > h.start]
    if not headings:
        warnings.append("no headings found: the text is kept as one unnamed section")
    body = contents.end if contents else 0
    sections = _sections(headings, body, len(text))
    builder = _Builder(text, info.id, indented)
    if contents:
        builder.front(0, contents.start, sections[0])
    for section in sections:
        builder.add(section, bare=not headings)
    kept = tuple(s for s in sections if s.section or s.start in builder.used)
    return Plan(info, text, kept, tuple(builder.passages), _tile(text, spans + builder.spans), tuple(warnings))


def _sections(headings: list[Heading], body: int, end: int) -> list[Section]:
    """Turn headings into sections: each stretch between two headings belongs to one.

    Where the contents give pages to chapters alone, a chapter's sections share its page.
    """
    section_pages = any(h.page for h in headings if h.level == Level.SECTION)
    out = [Section(0, 0, 0, "", "", "", None, body, headings[0].start if headings else end)]
    part, chapter, section = (0, ""), (0, ""), (0, "")
    page: int | None = None
    for heading, after in zip(headings, [*headings[1:], None], strict=False):
        here = (heading.number, heading.title)
        if heading.level == Level.PART:
            part, chapter, section = here, (0, ""), (0, "")
        elif heading.level == Level.CHAPTER:
            chapter, section = here, (0, "")
        else:
            section = here
        page = heading.page or (page if heading.level == Level.SECTION and not section_pages else None)
        stop = after.start if after else end
        out.append(Section(part[0], chapter[0], section[0], part[1], chapter[1], section[1], page, heading.end, stop))
    return out


class _Builder:
    """Collect the passages and spans of one plan, section by section."""

    def __init__(self, text: str, plan: str, indented: bool) -> None:
        self.text, self.plan, self.indented = text, plan, indented
        self.passages: list[Passage] = []
        self.spans: list[Span] = []
        self.used: set[int] = set()

    def front(self, start: int, end: int, section: Section) -> None:
        """Take what stands before the contents: a notice, and a preface where one is headed so."""
        preface = _PREFACE.search(self.text, start, end)
        cut = preface.end() if preface else end
        for block in blocks(self.text, start, cut, indented=self.indented):
            self.spans.append(Span(block.start, block.end, Kind.NOTICE))
        self._blocks(section, blocks(self.text, cut, end, indented=self.indented))

    def add(self, section: Section, *, bare: bool) -> None:
        """Take one section's text."""
        found = blocks(self.text, section.start, section.end, indented=self.indented)
        if section.end == len(self.text):
            found = self._without_footer(found)
        if not section.chapter and not section.part and not bare:
            found = self._without_notice(found)
        self._blocks(section, found)

    def _without_footer(self, found: list[Block]) -> list[Block]:
        """Drop the web page's last lines: from the first of the last blocks that reads like one."""
        for index in range(max(0, len(found) - 5), len(found)):
            piece = self.text[found[index].start : found[index].end]
            if _FOOTER.search(piece) and "。" not in piece:
                self.spans += [Span(b.start, b.end, Kind.FOOTER) for b in found[index:]]
                return found[:index]
        return found

    def _without_notice(self, found: list[Block]) -> list[Block]:
        """Drop titles, dates and a player's debris before the first paragraph of the preamble."""
        first = next((i for i, b in enumerate(found) if b.kind == BlockKind.TEXT and b.end - b.start > 60), len(found))
        for block in found[:first]:
            self.spans.append(Span(block.start, block.end, Kind.NOTICE))
        return found[first:]

    def _blocks(self, section: Section, found: list[Block]) -> None:
        inner: list[str] = []
        for block in found:
            if block.kind in _KINDS:
                self.spans.append(Span(block.start, block.end, _KINDS[block.kind]))
            if block.kind == BlockKind.INNER_HEADING:
                inner = _nest(inner, self.text[block.start : block.end])
            elif block.kind in (BlockKind.TEXT, BlockKind.TABLE):
                cut = split_rows if block.kind == BlockKind.TABLE else split
                self._passages(section, inner, cut(self.text, block.start, block.end), block)

    def _passages(self, section: Section, inner: list[str], sentences: tuple[Sentence, ...], block: Block) -> None:
        for group in _groups(sentences):
            start = block.start if group[0] == sentences[0] else group[0].start
            end = block.end if group[-1] == sentences[-1] else group[-1].end
            self._passage(section, inner, group, start, end)

    def _passage(self, section: Section, inner: list[str], group: tuple[Sentence, ...], start: int, end: int) -> None:
        self.used.add(section.start)
        self.spans.append(Span(start, end, Kind.PASSAGE))
        titles = (section.part_title, section.chapter_title, section.section_title, *inner)
        self.passages.append(
            Passage(
                id=f"{self.plan}:{len(self.passages) + 1}",
                plan=self.plan,
                text=self.text[start:end],
                part=section.part,
                chapter=section.chapter,
                section=section.section,
                chapter_title=section.chapter_title or section.part_title,
                section_title=section.section_title,
                heading=topic(self.text, group) or (inner[-1] if inner else section.title),
                path=tuple(t for t in titles if t),
                page=section.page,
                start=start,
                end=end,
                sentences=group,
            )
        )


def topic(text: str, sentences: tuple[Sentence, ...]) -> str:
    """Return the short topic sentence that a paragraph opens with, or an empty string."""
    if len(sentences) < 2:
        return ""
    first = text[sentences[0].start : sentences[0].end]
    return first.strip("—。 ") if len(first) <= 32 and "，" not in first and first.count(",") < 2 else ""


def _nest(inner: list[str], heading: str) -> list[str]:
    """Put an inner heading at its level: 一、 above （一） above any other."""
    level = 0 if re.match(r"[一二三四五六七八九十]+、", heading) else 1 if heading[0] in "（(" else 2
    kept = [h for h in inner if (0 if re.match(r"[一二三四五六七八九十]+、", h) else 1 if h[0] in "（(" else 2) < level]
    return [*kept, heading]


def _groups(sentences: tuple[Sentence, ...]) -> list[tuple[Sentence, ...]]:
    """Group sentences so that no passage is longer than the limit, as evenly as they allow."""
    if not sentences:
        return []
    total = sentences[-1].end - sentences[0].start
    target = total / (-(-total // LONGEST_PASSAGE))
    groups: list[list[Sentence]] = [[]]
    for sentence in _short(sentences):
        here = groups[-1]
        too_long = here and sentence.end - here[0].start > LONGEST_PASSAGE
        if here and (too_long or here[-1].end - here[0].start >= target):
            groups.append([])
        groups[-1].append(sentence)
    return [tuple(g) for g in groups]


def _short(sentences: tuple[Sentence, ...]) -> list[Sentence]:
    """Cut a sentence that is longer than a whole passage, which prose never is, into pieces."""
    return [
        Sentence(at, min(at + LONGEST_PASSAGE, s.end))
        for s in sentences
        for at in range(s.start, s.end, LONGEST_PASSAGE)
    ]


def _tile(text: str, spans: list[Span]) -> tuple[Span, ...]:
    """Sort the spans and fill the gaps between them, which hold white space and stray marks."""
    tiled: list[Span] = []
    position = 0
    for span in sorted(spans, key=lambda s: s.start):
        if span.start > position:
            tiled.append(Span(position, span.start, Kind.SPACE))
        tiled.append(span)
        position = span.end
    if position < len(text):
        tiled.append(Span(position, len(text), Kind.SPACE))
    return tuple(tiled)
