"""The public shapes that are made here: hits, plans and sections as plain JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from index.search import Hit
from ingest.model import PlanInfo, Section
from ingest.shelf import Shelf

_PASSAGE = (
    "id",
    "plan",
    "text",
    "chapter",
    "section",
    "chapter_title",
    "section_title",
    "heading",
    "page",
    "start",
    "end",
)


def hit_dict(hit: Hit, *, explain: bool = False) -> dict[str, Any]:
    """Return a hit in the contract's shape; explained, with what each kind of evidence gave and the written questions that matched."""
    out: dict[str, Any] = {"passage": {k: getattr(hit.passage, k) for k in _PASSAGE}, "score": round(hit.score, 6)}
    if explain:
        out["parts"] = hit.parts
        out["questions"] = [{"question": entry.question, "score": score} for entry, score in hit.entries]
    return out


def section_dict(section: Section) -> dict[str, Any]:
    """Return one heading of the outline with its place as documents cite it."""
    return asdict(section) | {"label": section.label}


def plan_dict(info: PlanInfo, default: str) -> dict[str, Any]:
    """Return what is known of a plan and whether it is the one asked by default."""
    return asdict(info) | {"default": info.id == default}


def plan_dicts(shelf: Shelf, default: str) -> list[dict[str, Any]]:
    """Return every plan on the shelf."""
    return [plan_dict(shelf.info(plan_id), default) for plan_id in shelf.ids()]
