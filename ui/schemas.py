"""The requests and responses of the HTTP service, as the public contract states them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from assistant.assistant import LONGEST_QUESTION

_LENGTH: dict[str, JsonValue] = {"minLength": 1, "maxLength": LONGEST_QUESTION}
_CITATION: dict[str, JsonValue] = {
    "mark": 1,
    "plan": "dalian-14-5",
    "chapter": 10,
    "section": 2,
    "chapter_title": "完善支撑保障体系 优化基础设施建设",
    "section_title": "构建清洁低碳的能源体系",
    "heading": "推进能源基础设施建设",
    "page": 98,
    "quote": "建设3000个左右电动汽车充电桩。",
    "start": 41000,
    "end": 41016,
    "reference": "《大连市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要》第十章第二节",
    "anchor": "/plans/dalian-14-5#41000-41016",
}


def _example(value: dict[str, JsonValue]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": value})


def _whole(text: str) -> str:
    """Refuse half characters, which JSON lets through and no encoding does."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("the text holds half of a surrogate pair")
    return text


Text = Annotated[str, AfterValidator(_whole)]


class AnswerRequest(BaseModel):
    """Ask a question; name the conversation to ask a follow-up."""

    model_config = _example({"question": "充电桩要建多少个?"})

    question: Text = Field(json_schema_extra=_LENGTH, description="Question in Chinese or English")
    conversation_id: str | None = Field(
        None, pattern=r"^[A-Za-z0-9._:-]{0,64}$", description="Conversation that this question continues"
    )
    plan: Text | None = Field(None, max_length=100, description="Plan to ask; the default plan if not given")
    top_k: int = Field(5, ge=1, le=50, description="How many passages the answer may rest on")


class SearchRequest(BaseModel):
    """Look for passages."""

    model_config = _example({"query": "新能源汽车充电设施", "top_k": 3})

    query: Text = Field(json_schema_extra=_LENGTH, description="Words or a question")
    top_k: int = Field(5, ge=1, le=100, description="How many passages to return")
    plan: Text | None = Field(None, max_length=100, description="Plan to search; the default plan if not given")


class CitationOut(BaseModel):
    """A verbatim stretch of the plan: `quote` is its characters `start` to `end`."""

    model_config = _example(_CITATION)

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


Reason = Literal["not_in_plan", "no_figure", "table_missing", "out_of_scope", "unsafe_request", "false_premise"]


class AnswerOut(BaseModel):
    """An answer with its citations, or a refusal with the nearest sections."""

    model_config = _example(
        {
            "question": "充电桩要建多少个?",
            "language": "zh",
            "answer": "**3000个左右**。建设3000个左右电动汽车充电桩。[1]",
            "abstained": False,
            "abstain_reason": None,
            "answerer": "extractive",
            "plan": "dalian-14-5",
            "citations": [_CITATION],
            "nearest": [],
            "conversation_id": "5f0c7b0e",
            "turn": 1,
            "standalone_question": "充电桩要建多少个?",
            "timings_ms": {"total": 9.1},
        }
    )

    question: str
    language: Literal["zh", "en"]
    answer: str = Field(description="Markdown with [1] marks")
    abstained: bool
    abstain_reason: Reason | None
    answerer: str
    plan: str
    citations: list[CitationOut]
    nearest: list[CitationOut]
    conversation_id: str
    turn: int
    standalone_question: str = Field(description="What was really searched")
    timings_ms: dict[str, float]


class PassageOut(BaseModel):
    """One topic paragraph, verbatim."""

    id: str
    plan: str
    text: str
    chapter: int = Field(description="0 is the plan's own preamble")
    section: int = Field(description="0 is the chapter's preamble")
    chapter_title: str
    section_title: str
    heading: str
    page: int | None
    start: int
    end: int


class HitOut(BaseModel):
    """A found passage."""

    passage: PassageOut
    score: float


class SearchOut(BaseModel):
    """Passages, best first."""

    hits: list[HitOut]


class PlanOut(BaseModel):
    """What is known of a plan."""

    id: str
    title: str
    issuer: str
    date: str
    period: tuple[int, int] | None
    place: str
    source: str
    sha256: str
    default: bool


class PlansOut(BaseModel):
    """Every plan that can be asked."""

    plans: list[PlanOut]


class SectionOut(BaseModel):
    """One heading of a plan's outline."""

    part: int
    chapter: int
    section: int
    part_title: str
    chapter_title: str
    section_title: str
    page: int | None
    start: int
    end: int
    label: str


class SectionsOut(BaseModel):
    """A plan's outline."""

    plan: str
    sections: list[SectionOut]


class TargetOut(BaseModel):
    """One quantitative statement: a result, a target or a vision; `sentence` is verbatim."""

    plan: str
    indicator: str
    values: list[str]
    numbers: list[float]
    unit: str
    qualifier: str
    kind: str = Field(description="achieved, target or vision")
    period: str
    scope: str
    sentence: str
    start: int
    end: int
    value_start: int
    value_end: int
    chapter: int
    section: int
    label: str


class TargetsOut(BaseModel):
    """Every quantitative target of a plan."""

    plan: str
    targets: list[TargetOut]


class Health(BaseModel):
    """How the service is."""

    status: str
    version: str | None = None
    plan: str | None = None
    passages: int | None = None
