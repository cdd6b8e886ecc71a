"""The answer and its citations, in the shape of the public contract."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from ingest.model import Passage, Plan

LONGEST_ID = 64


class Reason(StrEnum):
    """Name why a question is not answered."""

    NOT_IN_PLAN = "not_in_plan"
    NO_FIGURE = "no_figure"
    TABLE_MISSING = "table_missing"
    OUT_OF_SCOPE = "out_of_scope"
    UNSAFE_REQUEST = "unsafe_request"
    FALSE_PREMISE = "false_premise"


@dataclass(frozen=True, slots=True)
class Citation:
    """Cite a verbatim stretch of the plan: `plan.text[start:end] == quote`."""

    mark: int
    plan: str
    chapter: int
    section: int
    chapter_title: str
    section_title: str
    heading: str
    page: int | None
    quote: str
    start: int
    end: int
    reference: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold everything a client gets; `answer` is markdown with [1] marks."""

    question: str
    language: str
    answer: str
    abstained: bool
    abstain_reason: Reason | None
    answerer: str
    plan: str
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    conversation_id: str = ""
    turn: int = 1
    standalone_question: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as the JSON of the public contract."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold one earlier question of a conversation, and where in the plan its answer stands."""

    question: str
    standalone: str
    cited: tuple[int, ...]


def cite(plan: Plan, passage: Passage, start: int, end: int, mark: int) -> Citation:
    """Cite `plan.text[start:end]`, which must lie in the passage."""
    return Citation(
        mark=mark,
        plan=plan.id,
        chapter=passage.chapter,
        section=passage.section,
        chapter_title=passage.chapter_title,
        section_title=passage.section_title,
        heading=passage.heading,
        page=passage.page,
        quote=plan.text[start:end],
        start=start,
        end=end,
        reference=f"《{plan.info.title}》{passage.label}",
        anchor=f"/plans/{plan.id}#{start}-{end}",
    )
