"""Write a plan's targets as a table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ingest.errors import PlanAssistantError
from ingest.shelf import Shelf
from ui.printing import clean

_COLUMNS = ("label", "kind", "period", "indicator", "values", "scope")


class UnknownFormatError(PlanAssistantError):
    """Raised for a table format that there is not."""


def target_dicts(shelf: Shelf, plan_id: str, topic: str = "") -> list[dict[str, Any]]:
    """Return a plan's targets as JSON values, all or those that speak of a topic."""
    from ingest.targets import load_targets

    rows = [asdict(target) for target in load_targets(shelf.folder(plan_id), shelf.load(plan_id))]
    wanted = topic.strip().lower()
    return [row for row in rows if wanted in " ".join(str(v) for v in row.values()).lower()]


def target_text(shelf: Shelf, plan_id: str, topic: str, form: str) -> str:
    """Return a plan's targets in the named format."""
    if form not in _WRITERS:
        raise UnknownFormatError(
            f"{form!r} is no format: use table, csv or json.", f"不支持的格式 {form!r}:请使用 table、csv 或 json。"
        )
    return _WRITERS[form](target_dicts(shelf, plan_id, topic))


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _flat(value) for key, value in row.items()} for row in rows)
    return out.getvalue().rstrip("\n")


def _table(rows: list[dict[str, Any]]) -> str:
    """Align the columns that people read; Chinese characters are two columns wide."""
    if not rows:
        return "没有符合的指标 / no such target"
    cells = [list(_COLUMNS), *([clean(_flat(row[name])) for name in _COLUMNS] for row in rows)]
    widths = [max(_width(line[n]) for line in cells) for n in range(len(_COLUMNS))]
    return "\n".join("  ".join(_padded(c, w) for c, w in zip(line, widths, strict=True)).rstrip() for line in cells)


def _flat(value: Any) -> str:
    return "、".join(str(v) for v in value) if isinstance(value, (list, tuple)) else str(value)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


_WRITERS: dict[str, Callable[[list[dict[str, Any]]], str]] = {"table": _table, "csv": _csv, "json": _json}
