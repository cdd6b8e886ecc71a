"""Read the rows of a table of main indicators: 2 | 全员劳动生产率（万元/人） | 预期性 | 29.6 | 35."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.target_values import half_width, number

_NATURE = re.compile(r"预期性|约束性")
_CELL = re.compile(r"[^\n\t\u3000]+?(?=\s{2,}|[\n\t\u3000]|$)")
_VALUE = re.compile(
    r"(?:力争)?(?:达到)?\s*[>＞≥<＜≤]?\s*[\[［〔]?[>＞≥<＜≤]?(?P<value>\d[\d.,]*(?:[—\-~]\d[\d.]*)?%?(?:左右|以上|以内|以下)?)[\]］〕]?"
    r"(?:,.*|，.*)?"
)
_UNIT = re.compile(
    r"[%‰]|[十百千万亿]*(?:元|人|件|公里|美元|平方米|平方公里|标准箱|人次|吨标煤|吨|斤|分|岁|年|张|个|家|套|万套|微克)(?:/\S{1,5})?"
)
_SIGNS = {">": "超过", "＞": "超过", "≥": "不低于", "<": "低于", "＜": "低于", "≤": "不高于"}
_NAMED = re.compile(r"[（(]([^（）()]{1,12})[)）]$")


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold one figure of a row, with offsets into the row's text."""

    start: int
    end: int
    numbers: tuple[float, ...]
    qualifier: str


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one indicator of a table with its figures in order."""

    indicator: str
    unit: str
    cells: tuple[Cell, ...]


def is_row(sentence: str) -> bool:
    """Say whether a sentence is a row of a flattened table of indicators."""
    return bool(_NATURE.search(sentence) and re.search(r"\n|\s{2,}", sentence))


def is_head(sentence: str) -> bool:
    """Say whether a sentence names the columns of a flattened table of indicators."""
    return len(re.findall(r"\n|\s{2,}", sentence)) > 1 and bool(re.search(r"指标.*(?:属性|目标)", sentence, re.S))


def on_one_line(sentence: str) -> str:
    """Set the cells of a flattened table's row side by side."""
    return re.sub(r"\s*\n\s*|[ \t\u3000]{2,}", " | ", sentence)


def read_row(sentence: str) -> Row | None:
    """Read a row; None where it holds no indicator or no figure."""
    cells = [(m.start(), m[0].strip()) for m in _CELL.finditer(half_width(sentence)) if m[0].strip()]
    cells = [(at + (len(m) - len(m.lstrip())), m.strip()) for at, m in cells]
    numbered = next((i for i, (_, c) in enumerate(cells[:3]) if re.fullmatch(r"\d{1,2}", c)), None)
    if numbered is None or numbered + 1 >= len(cells):
        return None
    name, rest, unit = cells[numbered + 1][1], cells[numbered + 2 :], ""
    while rest and not _NATURE.match(rest[0][1]) and not _VALUE.fullmatch(rest[0][1]) and rest[0][1] not in "—":
        if _UNIT.fullmatch(rest[0][1]):
            unit = rest[0][1]
        else:
            name += rest[0][1]
        rest = rest[1:]
    bracket = _NAMED.search(name)
    if bracket and not unit and _UNIT.fullmatch(bracket[1]):
        unit, name = bracket[1], name[: bracket.start()]
    found = tuple(c for at, text in rest if (c := _cell(sentence, at, text, unit)))
    return Row(name, unit, found) if found else None


def base_unit(unit: str) -> str:
    """Return a unit without the multiple that its figures are given in: 万元/人 → 元/人."""
    return re.sub(r"^[十百千万亿]+(?=[^瓦])", "", unit)


def _cell(sentence: str, at: int, text: str, unit: str) -> Cell | None:
    match = _VALUE.fullmatch(text)
    if not match:
        return None
    start = half_width(sentence).index(text, at) + match.start("value")
    scale = re.match(r"[十百千万亿]+(?=[^瓦])", unit)
    times = number("1" + scale[0]) if scale else 1.0
    text = re.sub(r"[>＞≥<＜≤]", lambda m: _SIGNS[m[0]], text)
    said = re.findall(r"力争|超过|不低于|低于|不高于|左右|以上|以内|以下", text.split("，")[0])
    if re.search(r"[\[［〔]", text):
        said.append("累计")
    figures = re.findall(r"\d[\d.,]*", match["value"])
    return Cell(
        start, start + len(match["value"]), tuple(float(f.replace(",", "")) * times for f in figures), "、".join(said)
    )
