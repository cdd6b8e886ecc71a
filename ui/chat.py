"""What the chat page does: ask, stream, offer the nearest sections, begin anew, keep feedback."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.answer import Answer
from assistant.assistant import Assistant
from ingest.errors import PlanAssistantError
from ingest.model import Plan
from ui import cards
from ui.examples import examples
from ui.feedback import keep_feedback
from ui.language import language_of

KEPT_SHEETS = 30
Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Talk:
    """Hold one browser session's conversation: its id and the panels of its answers."""

    conversation: str = ""
    turns: int = 0
    sheets: tuple[str, ...] = ()

    def after(self, answer: Answer, sheet: str) -> Talk:
        """Return the talk with one more answer."""
        sheets = (*self.sheets, sheet)[-KEPT_SHEETS:]
        return replace(self, conversation=answer.conversation_id, sheets=sheets)


class Chat:
    """Hold the page's event handlers over one assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    def ask(self, question: str, messages: Messages, talk: Talk, plan: str) -> Iterator[tuple[Any, ...]]:
        """Stream an answer: the box, the messages, the talk and the panel."""
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        talk = replace(talk, conversation=talk.conversation or uuid.uuid4().hex, turns=talk.turns + 1)
        asked = [*messages, _said("user", cards.harmless(question.strip()))]
        text = ""
        yield "", [*asked, _said("assistant", "…")], talk, gr.skip()
        try:
            for piece in self.assistant.stream(question, conversation_id=talk.conversation, plan=plan):
                if isinstance(piece, Answer):
                    talk, said = self._finish(piece, talk)
                    yield "", [*asked, said], talk, "".join(talk.sheets)
                else:
                    text += piece
                    yield "", [*asked, _said("assistant", cards.message(text, talk.turns))], talk, gr.skip()
        except PlanAssistantError as error:
            yield "", [*asked, _said("assistant", error.message(language_of(question, "zh")))], talk, gr.skip()

    def _finish(self, answer: Answer, talk: Talk) -> tuple[Talk, dict[str, Any]]:
        plan = self.assistant.searcher(answer.plan).plan
        said = _said("assistant", cards.message(_read_as(answer) + answer.answer, talk.turns))
        if answer.abstained:
            said["options"] = _ways_on(answer, plan)
        return talk.after(answer, cards.sheet(answer, plan, talk.turns)), said

    def start(self, plan: str) -> tuple[Any, ...]:
        """Begin a new conversation."""
        return gr.update(value=[], examples=offered(self.assistant, plan)), Talk(), cards.EMPTY, ""

    def like(self, messages: Messages, talk: Talk, plan: str, data: gr.LikeData) -> None:
        """Keep a thumb, up or down, with the conversation it belongs to."""
        row = {"liked": data.liked, "index": data.index, "conversation_id": talk.conversation, "plan": plan}
        said = [{"role": m["role"], "content": _text(m["content"])} for m in messages]
        try:
            keep_feedback(self.assistant.home, row | {"messages": said})
        except OSError:
            gr.Warning("无法保存评价。The feedback could not be kept.")
        else:
            gr.Info("谢谢反馈。Thank you.", duration=2)


def offered(assistant: Assistant, plan: str) -> list[gr.components.chatbot.ExampleMessage]:
    """Return the questions that an empty conversation offers."""
    return [{"text": question} for question in examples(assistant.searcher(plan).plan)]


def picked(event: gr.SelectData) -> str:
    """Return the question of the example or option that was clicked."""
    return str(event.value["text"] if isinstance(event.value, dict) else event.value)


def _said(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": text}


def _read_as(answer: Answer) -> str:
    """Say with what a follow-up was read, where that is more than what was typed."""
    if answer.standalone_question == answer.question:
        return ""
    lead = "Read as: " if answer.language == "en" else "结合上文理解:"
    return f"*{lead}{answer.standalone_question}*\n\n"


def _ways_on(answer: Answer, plan: Plan) -> list[dict[str, str]]:
    """Return what a refusal offers to click: the nearest sections, or else questions that have answers."""
    near = [
        {"value": _about(c.heading or c.section_title, answer.language), "label": cards.option(c, plan)}
        for c in answer.nearest
    ]
    same = [q for q in examples(plan) if language_of(q) == answer.language]
    return near or [{"value": question, "label": question} for question in same]


def _about(title: str, language: str) -> str:
    return f"What does the plan say about {title}?" if language == "en" else f"规划对{title}有哪些部署?"


def _text(content: Any) -> str:
    """Return the text of a message, which the browser sends back as a list of parts."""
    parts = content if isinstance(content, list) else [content]
    text = "\n".join(str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in parts)
    return cards.without_links(text)
