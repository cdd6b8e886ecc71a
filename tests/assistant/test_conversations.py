"""Conversations: follow-ups are completed, ids never mix, what is forgotten or expired is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from assistant.answer import Answer, cite
from assistant.assistant import Assistant
from assistant.conversations import LONGEST_ID, MOST_TURNS, Conversations, open_conversations
from ingest.errors import StoreError
from ingest.model import Plan

Open = Callable[..., Conversations]


@pytest.fixture(params=["file", "memory"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    url = "" if request.param == "file" else "sqlite://"
    return lambda days=30: open_conversations(tmp_path / "home", url, days)


@pytest.fixture
def said(plan: Plan) -> Callable[..., Answer]:
    def make(question: str, *, about: str = "dalian-14-5", passage: int = 3) -> Answer:
        p = plan.passages[passage]
        citation = cite(plan, p, p.start, p.start + 5, 1)
        return Answer(
            question, "zh", "…", False, None, "extractive", about, (citation,), standalone_question=question + "!"
        )

    return make


class TestStore:
    def test_turns_come_back_in_order_with_what_they_cited(
        self, open_store: Open, said: Callable[..., Answer], plan: Plan
    ) -> None:
        store = open_store()
        assert [store.add("a", said(q, passage=n)) for n, q in enumerate("一二三")] == [1, 2, 3]
        turns = store.turns("a", "dalian-14-5")
        assert [(t.question, t.standalone) for t in turns] == [("一", "一!"), ("二", "二!"), ("三", "三!")]
        assert [t.cited for t in turns] == [(plan.passages[n].start,) for n in range(3)]

    def test_two_ids_and_two_plans_never_mix(self, open_store: Open, said: Callable[..., Answer]) -> None:
        store = open_store()
        store.add("a", said("甲"))
        store.add("b", said("乙"))
        store.add("a", said("丙", about="other"))
        assert [t.question for t in store.turns("a", "dalian-14-5")] == ["甲"]
        assert [t.question for t in store.turns("a", "other")] == ["丙"]
        assert [t.question for t in store.turns("b", "dalian-14-5")] == ["乙"]
        assert store.turns("c", "dalian-14-5") == []

    def test_forgetting_says_how_much_and_touches_no_other(self, open_store: Open, said: Callable[..., Answer]) -> None:
        store = open_store()
        for _ in range(2):
            store.add("a", said("甲"))
        store.add("b", said("乙"))
        assert (store.forget("a"), store.forget("a")) == (2, 0)
        assert store.turns("a", "dalian-14-5") == []
        assert len(store.turns("b", "dalian-14-5")) == 1
        assert store.add("a", said("again")) == 1

    def test_the_last_turns_of_a_long_conversation_are_kept(
        self, open_store: Open, said: Callable[..., Answer]
    ) -> None:
        store = open_store()
        for n in range(MOST_TURNS + 2):
            store.add("a", said(str(n)))
        turns = store.turns("a", "dalian-14-5")
        assert (len(turns), turns[-1].question) == (MOST_TURNS, str(MOST_TURNS + 1))

    def test_what_has_expired_is_gone_after_the_next_turn(
        self, open_store: Open, said: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = open_store(days=30)
        for days, conversation in ((31, "old"), (29, "recent")):
            with monkeypatch.context() as patch:
                patch.setattr("assistant.conversations.datetime", clock(days))
                store.add(conversation, said("甲"))
        store.add("now", said("乙"))
        assert store.turns("old", "dalian-14-5") == []
        assert len(store.turns("recent", "dalian-14-5")) == 1

    def test_odd_ids_are_only_names(self, open_store: Open, said: Callable[..., Answer]) -> None:
        store = open_store()
        store.add("a", said("甲"))
        for name in ("' OR 1=1 --", "%", "A", "会话"):
            assert store.turns(name, "dalian-14-5") == []
            assert store.forget(name) == 0


def clock(days_ago: int) -> type[datetime]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            moment = datetime.now(UTC) - timedelta(days=days_ago)
            return cls.fromtimestamp(moment.timestamp(), tz)

    return Clock


def test_a_file_outlives_the_process(tmp_path: Path, said: Callable[..., Answer]) -> None:
    open_conversations(tmp_path).add("a", said("甲"))
    assert [t.question for t in open_conversations(tmp_path).turns("a", "dalian-14-5")] == ["甲"]


@pytest.mark.parametrize("url", ["", "sqlite:////nowhere/at/all.db"])
def test_a_store_that_cannot_be_had_names_the_remedy(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="PLAN_DATABASE"):
        open_conversations(tmp_path / "file" / "home", url)


@pytest.fixture
def talk(assistant: Assistant, request: pytest.FixtureRequest) -> Callable[[str], Answer]:
    return lambda question: assistant.answer(question, conversation_id=request.node.name[:LONGEST_ID])


@pytest.mark.parametrize(
    ("first", "then", "value"),
    [
        ("充电桩要建多少个?", "那养老床位呢?", "55%"),
        ("外贸进出口总额的目标是多少?", "实际利用外资呢?", "55亿美元左右"),
        ("集装箱吞吐量要达到多少?", "货物吞吐量呢?", "4.5亿吨"),
        ("氢能怎么发展?", "它的生产基地建在哪儿?", "普湾经济区"),
        ("How much will foreign trade reach?", "And the container throughput?", "8 million"),
    ],
)
def test_an_elliptic_follow_up_is_completed(talk: Callable[[str], Answer], first: str, then: str, value: str) -> None:
    assert talk(first).turn == 1
    answer = talk(then)
    assert answer.turn == 2
    assert answer.question == then
    assert answer.standalone_question
    assert not answer.abstained
    assert value in answer.answer


def test_where_it_stands_is_asked_of_the_last_answer(talk: Callable[[str], Answer]) -> None:
    talk("充电桩要建多少个?")
    answer = talk("在哪一章?")
    assert "第十章第二节" in answer.answer
    assert answer.citations[0].quote == "建设3000个左右电动汽车充电桩。"


def test_two_conversations_never_mix(assistant: Assistant) -> None:
    asked = {"harbour": "集装箱吞吐量要达到多少?", "posts": "充电桩要建多少个?"}
    for name, question in asked.items():
        assert assistant.answer(question, conversation_id=name).turn == 1
    places = {name: assistant.answer("在哪一章?", conversation_id=name).answer for name in asked}
    assert "第五章第一节" in places["harbour"]
    assert "第十章第二节" in places["posts"]


def test_a_forgotten_conversation_starts_anew(assistant: Assistant) -> None:
    for _ in range(2):
        assert assistant.answer("充电桩要建多少个?", conversation_id="gone").turn == 1
        assert assistant.conversations.forget("gone") == 1
    assert "第十章第二节" not in assistant.answer("在哪一章?", conversation_id="gone").answer


def test_a_complete_question_is_not_bent_by_what_was_asked_before(talk: Callable[[str], Answer]) -> None:
    talk("充电桩要建多少个?")
    alone = talk("外贸进出口总额的目标是多少?")
    assert alone.standalone_question == "外贸进出口总额的目标是多少?"
    assert "5000亿元" in alone.answer


def test_without_an_id_each_answer_gets_a_new_one_and_nothing_is_kept(assistant: Assistant) -> None:
    first, second = (assistant.answer("充电桩要建多少个?") for _ in range(2))
    assert first.conversation_id != second.conversation_id
    assert assistant.conversations.turns(first.conversation_id, "dalian-14-5") == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 1_000, "会话 1", "'; DROP TABLE turns; --"])
def test_any_id_will_do(assistant: Assistant, name: str) -> None:
    answer = assistant.answer("充电桩要建多少个?", conversation_id=name)
    assert 1 <= len(answer.conversation_id) <= LONGEST_ID
    assert len(assistant.conversations.turns(answer.conversation_id, "dalian-14-5")) == 1
