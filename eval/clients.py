"""Ask the thing that is scored: the assistant in this process or a server behind its HTTP API."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

import httpx

from assistant.assistant import Assistant
from assistant.conversations import open_conversations
from assistant.settings import Settings
from index.embedders import make_embedder
from ingest.errors import PlanAssistantError
from ingest.shelf import SHIPPED, Shelf

Reply = dict[str, Any]
_PATIENCE = 5


class Client(Protocol):
    """Answer and search; everything that is scored goes through these two."""

    @property
    def label(self) -> str:
        """Return what is scored, for the reports."""

    def ask(self, question: str, conversation: str | None) -> Reply:
        """Return the answer as the JSON of the public contract."""

    def search(self, query: str, top_k: int) -> list[tuple[int, int]]:
        """Return the found passages as stretches of the plan, best first."""


def open_scored(settings: Settings, embedder: str | None = None, *, knowledge: bool | None = None) -> Assistant:
    """Open an assistant whose conversations are forgotten, so that scoring leaves no trace in the home."""
    return Assistant(
        Shelf((SHIPPED, settings.home / "plans")),
        make_embedder(embedder or settings.embedder),
        settings.home,
        default_plan=settings.plan,
        knowledge=settings.knowledge if knowledge is None else knowledge,
        open_store=lambda: open_conversations(Path(tempfile.mkdtemp(prefix="plan-assistant-eval-"))),
    )


class Embedded:
    """Ask an assistant in this process."""

    def __init__(self, assistant: Assistant, plan: str) -> None:
        self._assistant, self._plan = assistant, plan
        self.label = f"embedded ({assistant.embedder.name})"

    def ask(self, question: str, conversation: str | None) -> Reply:
        """Return the assistant's answer."""
        return self._assistant.answer(question, conversation_id=conversation, plan=self._plan).to_dict()

    def search(self, query: str, top_k: int) -> list[tuple[int, int]]:
        """Return the assistant's passages."""
        return [(h.passage.start, h.passage.end) for h in self._assistant.search(query, plan=self._plan, top_k=top_k)]


class UnreachableServer(PlanAssistantError):
    """Raised when nothing answers at the URL that should be scored."""


class Remote:
    """Ask a running server."""

    def __init__(self, url: str, plan: str, http: httpx.Client | None = None) -> None:
        self._plan, self._url = plan, url.rstrip("/")
        self._http = http or httpx.Client(timeout=120)
        self.label = self._url

    def ask(self, question: str, conversation: str | None) -> Reply:
        """Return the server's answer."""
        body = {"question": question, "plan": self._plan}
        return self._post("/api/v1/answer", body | ({"conversation_id": conversation} if conversation else {}))

    def search(self, query: str, top_k: int) -> list[tuple[int, int]]:
        """Return the server's passages."""
        hits = self._post("/api/v1/search", {"query": query, "plan": self._plan, "top_k": top_k})["hits"]
        return [(h["passage"]["start"], h["passage"]["end"]) for h in hits]

    def check(self) -> None:
        """Raise UnreachableServer unless the server says that it is up."""
        try:
            self._http.get(f"{self._url}/health", timeout=10).raise_for_status()
        except httpx.HTTPError as error:
            raise UnreachableServer(
                f"Nothing healthy answers at {self._url}: start it with `plan-assistant serve` or mend --url.",
                f"{self._url} 没有可用的服务:请先运行 plan-assistant serve,或更正 --url。",
            ) from error

    def _post(self, path: str, body: Reply) -> Reply:
        for _ in range(_PATIENCE):
            reply = self._http.post(self._url + path, json=body)
            if reply.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(float(reply.headers.get("Retry-After", "1")))
        reply.raise_for_status()
        return dict(reply.json())
