"""A deterministic assistant with the real one's interface, over the shipped plan and without an index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.answer import Answer, Reason, cite
from assistant.assistant import Assistant
from index.search import Hit
from ingest.model import Passage, Plan
from ingest.shelf import SHIPPED, Shelf

QUOTE = "建设3000个左右电动汽车充电桩。"


class FakeAssistant:
    """Knows one fact, refuses the rest; ids are digests of what was asked."""

    def __init__(self, home: Path) -> None:
        self.shelf, self.home = Shelf((SHIPPED, home / "plans")), home
        self.default_plan = "dalian-14-5"
        self.turns: dict[str, int] = {}
        self._plans: dict[str, Plan] = {}

    def searcher(self, plan_id: str | None = None) -> Any:
        wanted = plan_id or self.default_plan
        if wanted not in self._plans:
            self._plans[wanted] = self.shelf.load(wanted)
        return SimpleNamespace(plan=self._plans[wanted])

    def search(self, query: str, *, plan: str | None = None, top_k: int = 5) -> list[Hit]:
        passages = self.searcher(plan).plan.passages
        pairs = {query[i : i + 2] for i in range(len(query) - 1)}
        scored = sorted(passages, key=lambda p: -sum(pair in p.text for pair in pairs))
        return [Hit(p, 1 / rank, {"words": 1 / rank}, ()) for rank, p in enumerate(scored[:top_k], start=1)]

    def answer(
        self, question: str, *, conversation_id: str | None = None, plan: str | None = None, top_k: int = 8
    ) -> Answer:
        conversation = conversation_id or hashlib.sha256(question.encode()).hexdigest()[:12]
        self.turns[conversation] = self.turns.get(conversation, 0) + 1
        here = self.searcher(plan).plan
        known = "充电桩" in question or "charging" in question
        return (self._fact if known else self._refusal)(question, here, conversation)

    def _fact(self, question: str, plan: Plan, conversation: str) -> Answer:
        start = plan.text.index(QUOTE)
        citation = cite(plan, _passage_at(plan, start), start, start + len(QUOTE), 1)
        language = "en" if question.isascii() else "zh"
        text = f"**3000个左右**。{QUOTE}[1]"
        return Answer(question, language, text, False, None, "extractive", plan.id, (citation,),
                      conversation_id=conversation, turn=self.turns[conversation], standalone_question=question)  # fmt: skip

    def _refusal(self, question: str, plan: Plan, conversation: str) -> Answer:
        near = tuple(cite(plan, p, p.start, p.sentences[0].end, n) for n, p in enumerate(plan.passages[5:8], start=1))
        return Answer(question, "zh", "规划中没有找到依据。", True, Reason.NOT_IN_PLAN, "extractive", plan.id, (), near,
                      conversation, self.turns[conversation], question)  # fmt: skip

    def stream(
        self, question: str, *, conversation_id: str | None = None, plan: str | None = None
    ) -> Iterator[str | Answer]:
        answer = self.answer(question, conversation_id=conversation_id, plan=plan)
        yield from (answer.answer[i : i + 4] for i in range(0, len(answer.answer), 4))
        yield answer

    @property
    def conversations(self) -> Any:
        return SimpleNamespace(forget=lambda conversation: self.turns.pop(conversation, None))


def _passage_at(plan: Plan, start: int) -> Passage:
    return next(p for p in plan.passages if p.start <= start < p.end)


@pytest.fixture
def fake(tmp_path: Path) -> Assistant:
    return cast(Assistant, FakeAssistant(tmp_path))
