"""The chat page: the conversation on one side, what its answers rest on on the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant.assistant import LONGEST_QUESTION, Assistant
from ui import cards, look
from ui.chat import Chat, Talk, offered, picked

AT_ONCE = 8
FORGET_AFTER = 6 * 3600


@dataclass(frozen=True)
class Parts:
    """Hold the components of the conversation's side."""

    chatbot: gr.Chatbot
    box: gr.Textbox
    plan: gr.Dropdown
    fresh: gr.Button


def create_page(assistant: Assistant) -> FastAPI:
    """Make the page as an app of its own, at its root; it makes no outside request.

    It is made within a running loop, for without one Gradio opens loops that it never closes.
    """
    return asyncio.run(_page(assistant))


async def _page(assistant: Assistant) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        app,
        _blocks(assistant),
        path="/",
        footer_links=[],
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        theme=look.theme(),
        css=look.css(),
        head=look.head(),
        favicon_path=str(look.FAVICON),
    )
    return app


def _blocks(assistant: Assistant) -> gr.Blocks:
    blocks = gr.Blocks(title="规划问答 · Plan Assistant", fill_width=True, analytics_enabled=False)
    with blocks:
        gr.HTML(look.masthead(assistant.shelf.info(assistant.default_plan)), elem_id="masthead")
        with gr.Row(elem_id="body"):
            with gr.Column(scale=7, min_width=320):
                parts = _conversation(assistant)
            with gr.Column(scale=5, min_width=320):
                panel = gr.HTML(cards.EMPTY, elem_id="panel")
        gr.HTML(look.FOOTNOTE, elem_id="footnote")
        _wire(Chat(assistant), parts, panel)
    blocks.queue(default_concurrency_limit=AT_ONCE, max_size=200)
    return blocks


def _conversation(assistant: Assistant) -> Parts:
    plans = [(assistant.shelf.info(i).title, i) for i in assistant.shelf.ids()]
    plan = gr.Dropdown(
        plans, value=assistant.default_plan, label="规划 Plan", visible=len(plans) > 1, elem_id="plan", filterable=False
    )
    chatbot = gr.Chatbot(
        show_label=False,
        label="对话 Conversation",
        elem_id="chat",
        height=None,
        latex_delimiters=[],
        allow_tags=False,
        buttons=["copy"],
        placeholder=look.WELCOME,
        examples=offered(assistant, assistant.default_plan),
    )
    with gr.Row(elem_id="ask"):
        box = gr.Textbox(
            placeholder="请输入问题 · Ask a question",
            show_label=False,
            label="问题 Question",
            container=False,
            max_length=LONGEST_QUESTION,
            submit_btn="提问 Ask",
            autofocus=True,
            elem_id="question",
            scale=8,
        )
        fresh = gr.Button("新对话 New", variant="secondary", elem_id="fresh", scale=0, min_width=110)
    return Parts(chatbot, box, plan, fresh)


def _wire(chat: Chat, parts: Parts, panel: gr.HTML) -> None:
    """Connect the events; a clicked example or section is put into the box and asked."""
    talk = gr.State(Talk(), time_to_live=FORGET_AFTER)
    chatbot, box, plan = parts.chatbot, parts.box, parts.plan
    given, shown = [box, chatbot, talk, plan], [box, chatbot, talk, panel]
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    box.submit(chat.ask, given, shown, **quiet)
    for click in (chatbot.example_select, chatbot.option_select):
        click(picked, None, box, queue=False, **quiet).then(chat.ask, given, shown, **quiet)
    for change in (parts.fresh.click, chatbot.clear, plan.input):
        change(chat.start, [plan], [chatbot, talk, panel, box], **quiet)
    chatbot.like(chat.like, [chatbot, talk, plan], None, **quiet)
