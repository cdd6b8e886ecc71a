"""The endpoints that show what the plans hold: their list, outlines and targets."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from ui.answering import TheAssistant
from ui.contract import plan_dicts, section_dict
from ui.schemas import PlansOut, SectionsOut, TargetsOut
from ui.tables import target_dicts

router = APIRouter(tags=["plans"])


@router.get("/plans", response_model=PlansOut)
def plans(assistant: TheAssistant) -> dict[str, Any]:
    """List the plans that can be asked."""
    return {"plans": plan_dicts(assistant.shelf, assistant.default_plan)}


@router.get("/plans/{plan_id}/sections", response_model=SectionsOut)
def sections(plan_id: str, assistant: TheAssistant) -> dict[str, Any]:
    """Return a plan's outline; section 0 is a chapter's preamble, chapter 0 the plan's own."""
    plan = assistant.searcher(plan_id).plan
    return {"plan": plan.id, "sections": [section_dict(s) for s in plan.sections]}


@router.get("/plans/{plan_id}/targets", response_model=TargetsOut)
def targets(plan_id: str, assistant: TheAssistant, topic: str = "") -> dict[str, Any]:
    """Return every quantitative target of a plan, or those that speak of a topic."""
    assistant.shelf.folder(plan_id)
    return {"plan": plan_id, "targets": target_dicts(assistant.shelf, plan_id, topic)}
