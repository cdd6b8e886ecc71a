"""How the chat page looks: theme, style sheet, script and the fixed texts, Chinese first."""

from __future__ import annotations

from html import escape
from pathlib import Path

import gradio as gr

from ingest.model import PlanInfo

DATA = Path(__file__).parent / "data"
FAVICON = DATA / "favicon.svg"
_FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "sans-serif")
_BLUE = gr.themes.Color(
    "#eef4fb", "#d9e6f5", "#b5cdea", "#86abd9", "#5585c2", "#3267a8", "#1f5090", "#1a4277", "#17375f", "#142e4f", "#0d1e35"
)  # fmt: skip
WELCOME = (
    "### 请就规划内容提问\n每个答案都附有章节、页码和原文。\n\n"
    "Ask about the plan. Every answer comes with its section, page and original sentence."
)
FOOTNOTE = (
    "答案摘自规划原文,以正式文本为准。 <span>Answers quote the plan; the published text prevails.</span> "
    '<a href="/openapi.json" target="_blank">API</a>'
)


def masthead(info: PlanInfo) -> str:
    """Return the page's head: what this is, and of which plan it speaks."""
    facts = " · ".join(escape(fact) for fact in (info.issuer, info.date) if fact)
    return (
        f'<div class="band">{FAVICON.read_text("utf-8")}<div><h1>规划问答 <span>Plan Assistant</span></h1>'
        f"<p>{escape(info.title)}</p></div><p class='facts'>{facts}</p></div>"
    )


def theme() -> gr.themes.Base:
    """Return a sober theme: navy on white, system fonts, small radii."""
    return gr.themes.Base(
        primary_hue=_BLUE,
        secondary_hue=_BLUE,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_sm,
        font=_FONTS,
        font_mono=("ui-monospace", "Consolas", "monospace"),
    ).set(
        body_background_fill="#f2f5f9",
        block_border_width="0px",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_text_color="white",
    )


def css() -> str:
    """Return the style sheet."""
    return (DATA / "chat.css").read_text("utf-8")


def head() -> str:
    """Return the script that copies references and leads from a mark to its card."""
    return f"<script>{(DATA / 'chat.js').read_text('utf-8')}</script>"
