"""A fake client that answers from the gold set itself, so that scores are known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eval.clients import Reply
from eval.gold import SHIPPED_GOLD, Half, Item, Turn, load_gold
from ingest.model import Plan


class Oracle:
    """Answer every gold question with its first forms and evidence; `wrong` questions get nonsense."""

    label = "oracle"

    def __init__(self, items: list[Item], wrong: frozenset[str] = frozenset()) -> None:
        self._turns: dict[str, Turn] = {t.question: t for i in items for t in i.turns}
        self._language = {t.question: i.language for i in items for t in i.turns}
        self.wrong, self.asked = wrong, 0

    def ask(self, question: str, conversation: str | None) -> Reply:
        self.asked += 1
        turn = self._turns[question]
        reply: Reply = {"question": question, "standalone_question": question, "conversation_id": conversation or "c"}
        if question in self.wrong:
            return reply | {"answer": "不知道。", "abstained": False, "abstain_reason": None, "citations": []}
        if turn.reasons:
            refusal = "本规划未提及。" if self._language[question] == "zh" else "The plan does not say."
            return reply | {"answer": refusal, "abstained": True, "abstain_reason": turn.reasons[0], "citations": []}
        words = (
            "答案是" if self._language[question] == "zh" else "The answer to this question in plain words is as follows"
        )
        answer = f"{words}: **{'; '.join(f[0] for f in turn.facts)}** [1]"
        return reply | {"answer": answer, "abstained": False, "abstain_reason": None, "citations": _cited(turn)}

    def search(self, query: str, top_k: int) -> list[tuple[int, int]]:
        return [(e.start, e.end) for e in self._turns[query].evidence][:top_k]


def _cited(turn: Turn) -> list[Reply]:
    chapter, section = (int(n) for n in (turn.sections or ("0.0",))[0].split("."))
    return [
        {
            "mark": n,
            "chapter": chapter,
            "section": section,
            "reference": "《规划》",
            "quote": e.text,
            "start": e.start,
            "end": e.end,
        }
        for n, e in enumerate(turn.evidence, 1)
    ]


@pytest.fixture(scope="session")
def gold(plan: Plan) -> list[Item]:
    return load_gold(SHIPPED_GOLD, plan)


@pytest.fixture(scope="session")
def dev(plan: Plan) -> list[Item]:
    return load_gold(SHIPPED_GOLD, plan, Half.DEV)


@pytest.fixture
def gold_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str | bytes) -> Path:
        path = tmp_path / "gold.jsonl"
        path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in lines))
        return path

    return write


@pytest.fixture
def oracle(gold: list[Item]) -> Oracle:
    return Oracle(gold)


@pytest.fixture
def make_oracle(gold: list[Item]) -> Callable[[frozenset[str]], Oracle]:
    return lambda wrong: Oracle(gold, wrong)
