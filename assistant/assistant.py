"""The assistant: one object that answers questions about the plans on its shelf."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from assistant.answer import Answer
from assistant.settings import Settings
from index.embedders import Embedder, make_embedder
from index.search import Hit, Searcher
from index.store import Store
from ingest.knowledge import Knowledge, load_knowledge, read_aliases, GENERAL_ALIASES
from ingest.shelf import SHIPPED, Shelf

LONGEST_QUESTION = 2_000


class Assistant:
    """Answer questions; plans are loaded when first asked, conversations are kept per id."""

    def __init__(self, shelf: Shelf, embedder: Embedder, home: Path, *, default_plan: str, knowledge: bool = True) -> None:
        self.shelf, self.embedder, self.home = shelf, embedder, home
        self.default_plan, self._use_knowledge = default_plan, knowledge
        self._searchers: dict[str, Searcher] = {}
        self._lock = threading.Lock()

    def searcher(self, plan_id: str | None = None) -> Searcher:
        """Return the searcher of a plan, built or loaded at first use; raise UnknownPlan."""
        wanted = plan_id or self.default_plan
        with self._lock:
            if wanted not in self._searchers:
                self._searchers[wanted] = self._open(wanted)
            return self._searchers[wanted]

    def _open(self, plan_id: str) -> Searcher:
        plan = self.shelf.load(plan_id)
        folder = self.shelf.folder(plan_id)
        knowledge = load_knowledge(folder, plan) if self._use_knowledge else Knowledge()
        name = f"{plan_id}--{self.embedder.name.replace('/', '_').replace(':', '_')}{'' if self._use_knowledge else '--plain'}"
        return Searcher(plan, knowledge, self.embedder, Store(self.home / "index" / name))

    def search(self, query: str, *, plan: str | None = None, top_k: int = 5) -> list[Hit]:
        """Return the passages that answer a query best."""
        return self.searcher(plan).search(query, top_k)

    def answer(self, question: str, *, conversation_id: str | None = None, plan: str | None = None, top_k: int = 8) -> Answer:
        """Answer a question, as a follow-up where `conversation_id` names an earlier one."""
        raise NotImplementedError

    def stream(self, question: str, *, conversation_id: str | None = None, plan: str | None = None) -> Iterator[str | Answer]:
        """Yield the growing answer's text, then the whole `Answer` last."""
        raise NotImplementedError


def open_assistant(settings: Settings) -> Assistant:
    """Make an assistant from settings; nothing is loaded until it is asked."""
    shelf = Shelf((SHIPPED, settings.home / "plans"))
    return Assistant(shelf, make_embedder(settings.embedder), settings.home, default_plan=settings.plan, knowledge=settings.knowledge)
