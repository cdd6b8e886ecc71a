"""Turn every error of the HTTP service into RFC 9457 problem+json, in the caller's language."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from ingest.errors import BadQuestion, EmbedderUnavailable, PlanAssistantError, StoreError, UnknownPlan
from ui.language import language_of

_STATUS: dict[type[PlanAssistantError], int] = {
    UnknownPlan: 404,
    BadQuestion: 422,
    StoreError: 503,
    EmbedderUnavailable: 503,
}
_log = logging.getLogger(__name__)


class Fault(BaseModel):
    """Say what is wrong with one part of a request."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """Describe an error as RFC 9457 does."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:plan-assistant:unknown-plan",
                "title": "Not Found",
                "status": 404,
                "detail": "There is no plan 'x': choose one of dalian-14-5.",
                "instance": "/api/v1/answer",
            }
        }
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault] | None = None


def install_problems(app: FastAPI) -> None:
    """Make the app answer every error as a problem."""
    app.add_exception_handler(PlanAssistantError, _on_known)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unknown)


def problem_of(error: PlanAssistantError, language: str, instance: str) -> Problem:
    """Describe an error that a person can cause."""
    status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 500)
    return _problem(status, error.message(language), instance, name=_hyphens(type(error).__name__))


def _problem(status: int, detail: str, instance: str, *, name: str = "", errors: list[Fault] | None = None) -> Problem:
    title = HTTPStatus(status).phrase
    kind = f"urn:plan-assistant:{name or _hyphens(title.title().replace(' ', ''))}"
    return Problem(type=kind, title=title, status=status, detail=detail, instance=instance, errors=errors)


def _hyphens(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).strip("-")


def _send(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    content = problem.model_dump(exclude_none=True)
    return JSONResponse(content, problem.status, headers, media_type="application/problem+json")


def _language(request: Request) -> str:
    """Return the question's language, which the endpoint noted, else the one the client prefers."""
    preferred = request.headers.get("accept-language", "")
    return str(getattr(request.state, "language", "zh" if preferred.startswith("zh") else "en"))


async def _on_known(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PlanAssistantError)
    return _send(problem_of(error, _language(request), request.url.path))


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [Fault(pointer=_pointer(e), detail=e["msg"]) for e in error.errors()]
    detail = "; ".join(f"{f.pointer}: {f.detail}" for f in faults)
    return _send(_problem(422, f"The request does not fit: {detail}.", request.url.path, errors=faults))


def _pointer(fault: Any) -> str:
    where = [str(part) for part in fault["loc"]]
    return "#/" + "/".join(where[1:]) if where[0] == "body" else "/".join(where)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    details = {
        404: "There is nothing at this address: /openapi.json lists what there is.",
        405: f"This address does not take {request.method}: /openapi.json says what it takes.",
        413: "The request is too large: send a question of 2,000 characters or fewer.",
    }
    detail = details.get(error.status_code, str(error.detail))
    return _send(_problem(error.status_code, detail, request.url.path), error.headers)


async def _on_unknown(request: Request, error: Exception) -> JSONResponse:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    language = _language(request)
    detail = (
        "服务内部出错:请稍后重试。"
        if language == "zh"
        else "Something failed inside: try again, or tell whoever runs this."
    )
    return _send(_problem(500, detail, request.url.path))


def note_language(request: Request, text: str) -> None:
    """Note the language in which errors of this request are worded."""
    request.state.language = language_of(text, _language(request))
