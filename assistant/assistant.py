"""The assistant: one object that answers questions about the plans on its shelf."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answer import LONGEST_ID, Answer
from assistant.pages import enlarge_pages
from assistant.reader import PlanReader
from assistant.settings import Settings
from index.embedders import Embedder, make_embedder
from index.search import Hit, Searcher
from index.store import Store
from ingest.errors import BadQuestion
from ingest.knowledge import Knowledge, load_knowledge
from ingest.shelf import SHIPPED, Shelf

if TYPE_CHECKING:
    from assistant.conversations import Conversations

LONGEST_QUESTION = 2_000


class Assistant:
    """Answer questions; plans are loaded when first asked, conversations are kept per id."""

    def __init__(
        self,
        shelf: Shelf,
        embedder: Embedder,
        home: Path,
        *,
        default_plan: str,
        knowledge: bool = True,
        open_store: Callable[[], Conversations] | None = None,
    ) -> None:
        self.shelf, self.embedder, self.home = shelf, embedder, home
        self._open_store = open_store or partial(_store, home)
        self._conversations: Conversations | None = None
        self.default_plan, self._use_knowledge = default_plan, knowledge
        self._readers: dict[str, PlanReader] = {}
        self._lock = threading.Lock()

    def reader(self, plan_id: str | None = None) -> PlanReader:
        """Return the reader of a plan, opened at first use; raise UnknownPlan."""
        wanted = plan_id or self.default_plan
        with self._lock:
            if wanted not in self._readers:
                self._readers[wanted] = PlanReader(self._open(wanted))
            return self._readers[wanted]

    def searcher(self, plan_id: str | None = None) -> Searcher:
        """Return the searcher of a plan, built or loaded at first use; raise UnknownPlan."""
        return self.reader(plan_id).searcher

    def warm(self) -> None:
        """Load all that the default plan's answers need, so that the first one takes no longer than the others."""
        reader = self.reader()
        reader.answer("充电桩要建多少个?")
        reader.answer("What is planned for Atlantis?")
        enlarge_pages()

    def _open(self, plan_id: str) -> Searcher:
        plan = self.shelf.load(plan_id)
        knowledge = load_knowledge(self.shelf.folder(plan_id), plan) if self._use_knowledge else Knowledge()
        embedder = self.embedder.name.replace("/", "_").replace(":", "_")
        name = f"{plan_id}--{embedder}{'' if self._use_knowledge else '--plain'}"
        return Searcher(plan, knowledge, self.embedder, Store(self.home / "index" / name))

    def search(self, query: str, *, plan: str | None = None, top_k: int = 5) -> list[Hit]:
        """Return the passages that answer a query best."""
        return self.searcher(plan).search(checked(query), top_k)

    def answer(
        self, question: str, *, conversation_id: str | None = None, plan: str | None = None, top_k: int = 5
    ) -> Answer:
        """Answer a question, as a follow-up where `conversation_id` names an earlier one.

        Raises BadQuestion for an empty or too long question and UnknownPlan for a plan that is not there.
        """
        text, reader = checked(question), self.reader(plan)
        if conversation_id is None:
            return replace(reader.answer(text, top_k=top_k), conversation_id=uuid.uuid4().hex)
        conversation = conversation_id.strip()[:LONGEST_ID] or uuid.uuid4().hex
        answer = reader.answer(text, self.conversations.turns(conversation, reader.plan.id), top_k=top_k)
        turn = self.conversations.add(conversation, answer)
        return replace(answer, conversation_id=conversation, turn=turn)

    @property
    def conversations(self) -> Conversations:
        """Return the store of conversations, opened at first use."""
        with self._lock:
            if self._conversations is None:
                self._conversations = self._open_store()
            return self._conversations

    def stream(
        self, question: str, *, conversation_id: str | None = None, plan: str | None = None
    ) -> Iterator[str | Answer]:
        """Yield the answer's text in growing pieces, then the whole `Answer` last."""
        answer = self.answer(question, conversation_id=conversation_id, plan=plan)
        yield from answer.answer.splitlines(keepends=True)
        yield answer


def checked(question: str) -> str:
    """Return the question without surrounding space; raise BadQuestion when it cannot be one."""
    stripped = question.strip()
    if not stripped:
        raise BadQuestion("The question is empty: type a question about the plan.", "问题为空:请输入关于规划的问题。")
    if len(stripped) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(stripped):,} characters: shorten it to {LONGEST_QUESTION:,} at most.",
            f"问题有 {len(stripped)} 个字符:请缩短到 {LONGEST_QUESTION} 字以内。",
        )
    return stripped


def open_assistant(settings: Settings) -> Assistant:
    """Make an assistant from settings; nothing is loaded until it is asked."""
    shelf = Shelf((SHIPPED, settings.home / "plans"))
    return Assistant(
        shelf,
        make_embedder(settings.embedder),
        settings.home,
        default_plan=settings.plan,
        knowledge=settings.knowledge,
        open_store=partial(_store, settings.home, settings.database, settings.conversation_days),
    )


def _store(home: Path, url: str = "", days: int = 30) -> Conversations:
    """Open the store of conversations; the database library loads only when one is kept."""
    from assistant.conversations import open_conversations

    return open_conversations(home, url, days)
