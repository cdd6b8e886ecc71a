"""The HTTP service: an app made from an assistant, with health, documentation and uniform errors."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from assistant.assistant import Assistant
from ui import answering, browsing, fulltext
from ui.limits import BodyLimit
from ui.problems import Problem, install_problems
from ui.schemas import Health

LARGEST_BODY = 64_000
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    422: {"model": Problem, "description": "The request does not fit"},
    "default": {"model": Problem, "description": "Any other error"},
}


def create_app(assistant: Assistant, *, largest_body: int = LARGEST_BODY) -> FastAPI:
    """Make the service; its documentation is /openapi.json (no page that loads scripts from outside)."""
    app = FastAPI(
        title="Plan assistant",
        version=_version(),
        description="Answers questions about a government plan, with the cited section and the verbatim sentence.",
        docs_url=None,
        redoc_url=None,
        responses=_PROBLEMS,
    )
    app.state.assistant = assistant
    app.add_middleware(BodyLimit, largest=largest_body)
    install_problems(app)
    app.include_router(answering.router, prefix="/api/v1")
    app.include_router(browsing.router, prefix="/api/v1")
    app.include_router(fulltext.router)
    _add_health(app, assistant)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _add_health(app: FastAPI, assistant: Assistant) -> None:
    @app.get("/health", tags=["service"], response_model_exclude_none=True)
    def health() -> Health:
        """Say that the process is up."""
        return Health(status="ok", version=_version())

    @app.get("/ready", tags=["service"], response_model_exclude_none=True)
    def ready() -> Health:
        """Say that the default plan's index is loaded and verified; 503 while it cannot be."""
        plan = assistant.searcher().plan
        return Health(status="ready", plan=plan.id, passages=len(plan.passages))


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Describe errors as what they are sent as, application/problem+json."""
    if not app.openapi_schema:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for operation in (o for path in schema["paths"].values() for o in path.values()):
            for status in ("422", "default"):
                content = operation["responses"][status]["content"]
                content["application/problem+json"] = content.popitem()[1]
        app.openapi_schema = schema
    return app.openapi_schema


def _version() -> str:
    try:
        return version("plan-assistant")
    except PackageNotFoundError:
        return "0"
