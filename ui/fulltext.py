"""The page that anchors of citations lead to: a plan's whole text, with the cited stretch marked."""

from __future__ import annotations

from html import escape
from itertools import chain
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from ingest.model import Passage, Plan, Section, label
from ui.answering import TheAssistant

router = APIRouter()
_DATA = Path(__file__).parent / "data"


@router.get("/plans/{plan_id}", response_class=HTMLResponse, include_in_schema=False)
def fulltext(plan_id: str, assistant: TheAssistant) -> str:
    """Show a plan; the fragment #start-end says what to mark."""
    return page(assistant.searcher(plan_id).plan)


def page(plan: Plan) -> str:
    """Write the plan as one HTML page that loads nothing."""
    title = escape(plan.info.title)
    contents = "".join(f'<a href="#c{s.chapter}">{escape(_chapter(s))}</a>' for s in plan.chapters())
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{_read('fulltext.css')}</style></head><body><header><a href='/'>规划问答 Plan Assistant</a>"
        f"<h1>{title}</h1></header><div class='two'><nav>{contents}</nav><main>{_body(plan)}</main></div>"
        f"<script>{_read('fulltext.js')}</script></body></html>"
    )


def _read(name: str) -> str:
    return (_DATA / name).read_text("utf-8")


def _chapter(section: Section) -> str:
    """Return a chapter's number and title."""
    return f"{label(0, section.chapter, 0)} {section.chapter_title}"


def _body(plan: Plan) -> str:
    """Write headings and paragraphs in the order of the text; a paragraph knows where it starts."""
    parts: list[Section | Passage] = sorted(
        chain(plan.sections, plan.passages), key=lambda p: (p.start, isinstance(p, Passage))
    )
    seen: set[int] = set()
    out = []
    for part in parts:
        if isinstance(part, Passage):
            out.append(f'<p data-start="{part.start}">{_verbatim(part.text)}</p>')
        else:
            out.append(_heading(part, seen))
    return "".join(out)


def _verbatim(text: str) -> str:
    """Escape a text such that the browser counts the same characters, carriage returns too."""
    return escape(text).replace("\r", "&#13;")


def _heading(section: Section, seen: set[int]) -> str:
    """Write a chapter's title once, then the section's."""
    out = ""
    if section.chapter and section.chapter not in seen:
        seen.add(section.chapter)
        out += f'<h2 id="c{section.chapter}">{escape(_chapter(section))}</h2>'
    if section.section_title:
        page = "" if section.page is None else f" <small>p. {section.page}</small>"
        out += f"<h3>{escape(section.label)} {escape(section.section_title)}{page}</h3>"
    return out
