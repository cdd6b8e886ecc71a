"""Cut a stretch of body text into blocks: paragraphs, inner headings, captions, notes, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_INDENT = "\u3000\u3000"
_BOUNDARY = re.compile(r"(?<=[。！？!?；;])[”’」）)]*[ \u3000\t]+(?=\S)|\s*\n\s*|\u3000\u3000+")
_INDENTED = re.compile(r"[\n\x0c\xa0 ]*\u3000\u3000+|\n\s*\n")
_INNER = re.compile(
    r"(?P<mark>[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|专栏\s*\d+)"
    r"[ \u3000]*[^\s，。,;；：:]{2,30}(?=\s|$)"
)
_CAPTION = re.compile(r"(图\s*\d+[ \u3000:：]*)?[^，。,;；：:、\n]{2,36}(图|示意)$")
_TABLE_TITLE = re.compile(r"(表\s*\d+[ \u3000:：]*[^。\n]{2,40}|[^，。,;；：:\n]{2,40}(指标|情况|任务|项目)表)$")
_ENUMERATED = re.compile(r"[二三四五六七八九十]+是")
_ENDED = "。！？!?；;：:…”’）)"


class BlockKind(StrEnum):
    """Name what a block of body text is."""

    TEXT = "text"
    INNER_HEADING = "inner_heading"
    CAPTION = "caption"
    LOST_TABLE = "lost_table"
    TABLE = "table"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Block:
    """Mark one block, with offsets into the text it was cut from."""

    kind: BlockKind
    start: int
    end: int


def is_indented(text: str) -> bool:
    """Say whether paragraphs are marked by indents, so that a bare line break marks none."""
    lines = [line for line in text.split("\n") if line.strip()]
    indented = sum(line.lstrip("\x0c\xa0\ufeff").startswith(_INDENT) for line in lines)
    return 0.1 < indented / max(len(lines), 1) < 0.9


def blocks(text: str, start: int, end: int, *, indented: bool = False) -> list[Block]:
    """Cut `text[start:end]` into blocks, in order; only white space lies between them."""
    pieces = [Block(kind, a, b) for a, b in _pieces(text, start, end, indented) for kind, a, b in _kinds(text, a, b)]
    return _joined(text, _tables(text, pieces))


def _pieces(text: str, start: int, end: int, indented: bool) -> Iterator[tuple[int, int]]:
    """Yield the stripped stretches between boundaries."""
    position = start
    for boundary in (_INDENTED if indented else _BOUNDARY).finditer(text, start, end):
        stop = boundary.start() + len(boundary[0]) - len(boundary[0].lstrip("”’」）)"))
        yield from _strip(text, position, stop)
        position = boundary.end()
    yield from _strip(text, position, end)


def _strip(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _kinds(text: str, start: int, end: int) -> Iterator[tuple[BlockKind, int, int]]:
    """Split off the inner headings that a piece opens with, and name what is left."""
    while inner := _INNER.match(text, start, end):
        yield BlockKind.INNER_HEADING, start, inner.end()
        rest = next(_strip(text, inner.end(), end), None)
        if rest is None:
            return
        start = rest[0]
    yield _name(text[start:end]), start, end


def _name(piece: str) -> BlockKind:
    if re.match(r"(备?注|注释|说明)[:：]", piece):
        return BlockKind.NOTE
    if _TABLE_TITLE.fullmatch(piece):
        return BlockKind.LOST_TABLE
    if _CAPTION.fullmatch(piece):
        return BlockKind.CAPTION
    return BlockKind.TEXT


def _is_cell(text: str, block: Block) -> bool:
    piece = text[block.start : block.end]
    return block.kind == BlockKind.TEXT and len(piece) <= 40 and not any(c in "。；！？" for c in piece)


def _tables(text: str, pieces: list[Block]) -> list[Block]:
    """Join runs of at least eight cell-like lines into tables; a title alone is a lost table."""
    out: list[Block] = []
    position = 0
    while position < len(pieces):
        stop = position
        while stop < len(pieces) and _is_cell(text, pieces[stop]):
            stop += 1
        if stop - position >= 8:
            if out and out[-1].kind == BlockKind.LOST_TABLE:
                out[-1] = Block(BlockKind.INNER_HEADING, out[-1].start, out[-1].end)
            out.append(Block(BlockKind.TABLE, pieces[position].start, pieces[stop - 1].end))
            position = stop
        else:
            out.append(pieces[position])
            position += 1
    return out


def _joined(text: str, pieces: list[Block]) -> list[Block]:
    """Join a lead-in that ends with a colon, and 二是… paragraphs, to what they belong to."""
    out: list[Block] = []
    for block in pieces:
        before = out[-1] if out else None
        if before and before.kind == block.kind == BlockKind.TEXT and _continues(text, before, block):
            out[-1] = Block(BlockKind.TEXT, before.start, block.end)
        elif block.kind == BlockKind.TEXT and _is_title(text, block):
            out.append(Block(BlockKind.INNER_HEADING, block.start, block.end))
        else:
            out.append(block)
    if out and out[-1].kind == BlockKind.INNER_HEADING:
        out[-1] = Block(BlockKind.TEXT, out[-1].start, out[-1].end)  # it heads nothing
    return out


def _continues(text: str, before: Block, block: Block) -> bool:
    short_lead = text[before.end - 1] in "：:" and before.end - before.start < 60
    return short_lead or bool(_ENUMERATED.match(text, block.start)) or text[block.start] == "；"


def _is_title(text: str, block: Block) -> bool:
    """Say whether a block is a line of its own that heads what follows it."""
    piece = text[block.start : block.end]
    return len(piece) <= 30 and piece[-1] not in _ENDED and not any(c in "，。,\n" for c in piece)
