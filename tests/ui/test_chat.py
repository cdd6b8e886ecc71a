"""What the chat page does, called as Gradio calls it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from assistant.assistant import Assistant
from ui.chat import Chat, Talk, offered, picked
from ui.examples import examples
from ui.page import create_page


@pytest.fixture
def chat(fake: Assistant) -> Chat:
    return Chat(fake)


def test_an_answer_grows_and_ends_with_its_panel(chat: Chat) -> None:
    steps = list(chat.ask("充电桩要建多少个?", [], Talk(), "dalian-14-5"))
    texts = [messages[-1]["content"] for _, messages, _, _ in steps]
    assert texts[0] == "…"
    assert all(b.startswith(a) for a, b in pairwise(texts[1:-1]))
    box, messages, talk, panel = steps[-1]
    assert box == ""
    assert [m["role"] for m in messages] == ["user", "assistant"]
    assert messages[-1]["content"].startswith("**3000个左右**")
    assert "<mark>建设3000个左右电动汽车充电桩。</mark>" in panel
    assert talk.turns == 1


def test_the_first_question_already_belongs_to_the_conversation(chat: Chat) -> None:
    first = list(chat.ask("充电桩要建多少个?", [], Talk(), "dalian-14-5"))[-1]
    second = list(chat.ask("充电桩呢?", first[1], first[2], "dalian-14-5"))[-1]
    assert second[2].conversation == first[2].conversation
    assert cast(Any, chat.assistant).turns == {first[2].conversation: 2}
    assert second[3].count('class="sheet"') == 2


def test_a_follow_up_says_with_what_it_was_read(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = replace(
        chat.assistant.answer("充电桩要建多少个?"), question="那乡村呢?", standalone_question="充电桩? 那乡村呢?"
    )
    monkeypatch.setattr(chat.assistant, "stream", lambda *_, **__: iter([answer]))
    said = list(chat.ask("那乡村呢?", [], Talk(), "dalian-14-5"))[-1][1][-1]["content"]
    assert said.startswith("*结合上文理解:充电桩? 那乡村呢?*")


def test_a_refusal_offers_its_nearest_sections_to_click(chat: Chat) -> None:
    messages = list(chat.ask("明天天气怎么样?", [], Talk(), "dalian-14-5"))[-1][1]
    options = messages[-1]["options"]
    assert len(options) == 3
    assert options[0]["label"].startswith("第一章第一节")
    assert picked(gr.SelectData(None, {"index": 0, "value": options[0]["value"]})).startswith("规划对")


def test_a_refusal_without_any_offers_questions_that_have_answers(chat: Chat, monkeypatch: Any) -> None:
    refusal = replace(chat.assistant.answer("天气?"), nearest=())
    monkeypatch.setattr(chat.assistant, "stream", lambda *_, **__: iter([refusal]))
    options = list(chat.ask("天气?", [], Talk(), "dalian-14-5"))[-1][1][-1]["options"]
    assert options[0]["value"] == "充电桩要建多少个?"


@pytest.mark.parametrize("question", ["", "  \n"])
def test_nothing_happens_when_nothing_is_asked(chat: Chat, question: str) -> None:
    assert list(chat.ask(question, [], Talk(), "dalian-14-5")) == [(gr.skip(),) * 4]


def test_an_error_is_said_in_the_question_s_language(chat: Chat) -> None:
    assert "没有名为" in list(chat.ask("充电桩?", [], Talk(), "x"))[-1][1][-1]["content"]
    assert "There is no plan" in list(chat.ask("Charging?", [], Talk(), "x"))[-1][1][-1]["content"]


def test_a_thumb_is_kept_with_the_conversation_as_it_was_said(chat: Chat) -> None:
    _, messages, talk, _ = list(chat.ask("充电桩要建多少个?", [], Talk(), "dalian-14-5"))[-1]
    sent_back = [{"role": m["role"], "content": [{"type": "text", "text": m["content"]}]} for m in messages]
    event = gr.LikeData(None, {"index": 1, "value": "x", "liked": True})
    chat.like(sent_back, talk, "dalian-14-5", event)
    chat.like(sent_back, talk, "dalian-14-5", event)
    rows = [json.loads(line) for line in (chat.assistant.home / "feedback.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 2
    assert rows[0]["liked"] is True
    assert rows[0]["conversation_id"] == talk.conversation
    assert rows[0]["messages"][1]["content"] == "**3000个左右**。建设3000个左右电动汽车充电桩。[1]"


def test_a_home_that_cannot_be_written_is_no_crash(chat: Chat, tmp_path: Any) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    cast(Any, chat.assistant).home = blocked
    with pytest.warns(UserWarning, match="could not be kept"):
        chat.like([], Talk(), "dalian-14-5", gr.LikeData(None, {"index": 0, "value": "", "liked": False}))


def test_a_new_conversation_forgets_the_old_one(chat: Chat) -> None:
    update, talk, panel, box = chat.start("dalian-14-5")
    assert update["value"] == []
    assert (talk, box) == (Talk(), "")
    assert "提问后" in panel


def test_examples_are_bilingual_and_made_from_the_outline_for_other_plans(fake: Assistant) -> None:
    texts = [example["text"] for example in offered(fake, "dalian-14-5")]
    assert sum(text.isascii() for text in texts) == 3
    assert len(texts) == 6
    plan = fake.searcher().plan
    other = cast(Any, SimpleNamespace(id="other", numbered_sections=plan.numbered_sections))
    assert examples(other)[0] == "在“发展基础”方面有哪些举措?"
    assert examples(cast(Any, SimpleNamespace(id="bare", numbered_sections=list))) == ()


def test_the_page_can_be_made(fake: Assistant) -> None:
    assert any(route.path in {"", "/"} for route in cast(Any, create_page(fake)).routes)
