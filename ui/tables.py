"""Write a plan's targets as a table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ingest.errors import PlanAssistantError
from ingest.shelf import Shelf


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
        writer.writerows(rows)
    return out.getvalue().rstrip("\n")


def _table(rows: list[dict[str, Any]]) -> str:
    return "\n".join(" | ".join(str(v) for v in row.values()) for row in rows)


_WRITERS: dict[str, Callable[[list[dict[str, Any]]], str]] = {"table": _table, "csv": _csv, "json": _json}
