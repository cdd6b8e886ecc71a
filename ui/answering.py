"""The endpoints that answer and search."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.answer import Answer
from assistant.assistant import Assistant, checked
from ingest.errors import PlanAssistantError
from ui.contract import hit_dict
from ui.problems import note_language, problem_of
from ui.schemas import AnswerOut, AnswerRequest, SearchOut, SearchRequest

router = APIRouter()


def the_assistant(request: Request) -> Assistant:
    """Return the assistant that the app was made with."""
    assistant: Assistant = request.app.state.assistant
    return assistant


def asked(body: AnswerRequest, request: Request) -> AnswerRequest:
    """Check a question before anything is sent, so that a stream fails like any other request."""
    note_language(request, body.question)
    question, conversation = checked(body.question), body.conversation_id or uuid.uuid4().hex
    if body.plan is not None:
        the_assistant(request).shelf.folder(body.plan)
    return body.model_copy(update={"question": question, "conversation_id": conversation})


def looked_for(body: SearchRequest, request: Request) -> SearchRequest:
    """Check a query."""
    note_language(request, body.query)
    return body.model_copy(update={"query": checked(body.query)})


Asked = Annotated[AnswerRequest, Depends(asked)]
LookedFor = Annotated[SearchRequest, Depends(looked_for)]
TheAssistant = Annotated[Assistant, Depends(the_assistant)]


@router.post("/answer", response_model=AnswerOut, tags=["answers"])
def answer(body: Asked, assistant: TheAssistant) -> dict[str, Any]:
    """Answer a question with citations, or refuse and name the nearest sections."""
    return assistant.answer(
        body.question, conversation_id=body.conversation_id, plan=body.plan, top_k=body.top_k
    ).to_dict()


@router.post("/answer/stream", response_class=EventSourceResponse, tags=["answers"])
def stream(body: Asked, assistant: TheAssistant, request: Request) -> Iterator[ServerSentEvent]:
    """Answer as server-sent events: `text` with each new piece, then `answer` with the whole, or `error`."""
    try:
        for piece in assistant.stream(body.question, conversation_id=body.conversation_id, plan=body.plan):
            if isinstance(piece, Answer):
                yield ServerSentEvent(event="answer", data=piece.to_dict())
            else:
                yield ServerSentEvent(event="text", data=piece)
    except PlanAssistantError as error:
        problem = problem_of(error, request.state.language, request.url.path)
        yield ServerSentEvent(event="error", data=problem.model_dump(exclude_none=True))


@router.post("/search", response_model=SearchOut, tags=["answers"])
def search(body: LookedFor, assistant: TheAssistant) -> dict[str, Any]:
    """Return the passages that fit a query best."""
    hits = assistant.search(body.query, plan=body.plan, top_k=body.top_k)
    return {"hits": [hit_dict(hit) for hit in hits]}


@router.delete("/conversations/{conversation_id}", status_code=204, tags=["answers"])
def forget(conversation_id: str, assistant: TheAssistant) -> Response:
    """Forget a conversation; one that is not there is forgotten already."""
    assistant.conversations.forget(conversation_id)
    return Response(status_code=204)
