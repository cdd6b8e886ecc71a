"""Questions to start with, in both languages: chosen for the shipped plan, made from the outline for others."""

from __future__ import annotations

from ingest.model import Plan

_CHOSEN = {
    "dalian-14-5": (
        "充电桩要建多少个?",
        "数字经济有哪些举措?",
        "哪些章节提到人工智能?",
        "What is the 2025 target for new-energy charging posts?",
        "What are the plans for elderly care?",
        "How many high-tech enterprises will there be?",
    )
}


def examples(plan: Plan) -> tuple[str, ...]:
    """Return a handful of questions that the plan can answer."""
    if plan.id in _CHOSEN:
        return _CHOSEN[plan.id]
    titled = [s.section_title for s in plan.numbered_sections() if s.section_title]
    step = max(len(titled) // 4, 1)
    return tuple(f"在“{title}”方面有哪些举措?" for title in titled[::step][:4])
