"""Write citations as HTML: the reference, the page and the sentence marked within its paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from itertools import groupby

from assistant.answer import Answer, Citation
from ingest.model import Passage, Plan

_MARK = re.compile(r"\[(\d+)\]")
_LINK = re.compile(r"\[\[(\d+)\]\]\(#cite-\d+-\d+\)")
EMPTY = (
    '<div class="sheet"><h2>依据 <small>Citations</small></h2>'
    '<p class="hint">提问后,这里显示答案所依据的章节、页码和原文。<br>'
    "Ask a question to see the section, page and sentence behind the answer.</p></div>"
)
NOTHING = (
    "<h2>依据 <small>Citations</small></h2>"
    '<p class="hint">规划中没有可引用的内容。<br>There is nothing in the plan to cite.</p>'
)


def message(answer: str, turn: int) -> str:
    """Return an answer's markdown for the page: document text cannot act as HTML, marks lead to their cards."""
    return _MARK.sub(rf"[[\1]](#cite-{turn}-\1)", harmless(answer))


def without_links(text: str) -> str:
    """Return a message as the answer was: marks lead nowhere and nothing is escaped."""
    return unescape(_LINK.sub(r"[\1]", text)).replace("!\\[", "![")


def harmless(text: str) -> str:
    """Return text that no Markdown renderer takes for HTML or for an image to load."""
    return escape(text, quote=False).replace("![", "!\\[")


def sheet(answer: Answer, plan: Plan, turn: int) -> str:
    """Return the side panel of one answer: what it rests on, then what comes nearest to it."""
    parts = _cards("依据", "Citations", answer.citations, plan, f"cite-{turn}")
    parts += _cards("最接近的章节", "Nearest sections", answer.nearest, plan, f"near-{turn}")
    return f'<div class="sheet">{parts or NOTHING}</div>'


def _cards(chinese: str, english: str, cited: Sequence[Citation], plan: Plan, key: str) -> str:
    """Return a card a paragraph under one heading, with every cited sentence marked."""
    grouped = groupby(cited, key=lambda c: passage_at(plan, c))
    cards = "".join(card(list(citations), passage, plan, key) for passage, citations in grouped)
    return f"<h2>{chinese} <small>{english}</small></h2>{cards}" if cards else ""


def card(citations: Sequence[Citation], passage: Passage | None, plan: Plan, key: str) -> str:
    """Return the card of one paragraph."""
    first = citations[0]
    marks = "".join(f'<span class="mark" id="{key}-{c.mark}">{c.mark}</span>' for c in citations)
    page = "" if first.page is None else f'<span class="page">第{first.page}页 · p.&nbsp;{first.page}</span>'
    places = (first.chapter_title, first.section_title, first.heading)
    place = " › ".join(escape(p) for p in dict.fromkeys(places) if p)
    text = paragraph(citations, passage, plan)
    return (
        f'<article class="card"><header>{marks}<strong>{escape(label_of(first, plan))}</strong>{page}</header>'
        f'<p class="place">{place}</p><blockquote>{text}</blockquote>'
        f'<footer><span class="reference">{escape(first.reference)} '
        f'<a href="{escape(first.anchor)}" target="_blank">全文 Full text</a></span>'
        f'<button type="button" class="copy" data-copy="{escape(first.reference)}">复制出处 Copy</button></footer></article>'
    )


def label_of(citation: Citation, plan: Plan) -> str:
    """Return the short place, 第十章第二节, or the heading where the plan numbers nothing."""
    short = citation.reference.removeprefix(f"《{plan.info.title}》")
    return short or citation.section_title or citation.heading or plan.info.title


def option(citation: Citation, plan: Plan) -> str:
    """Return the label of a button that leads to a section."""
    return " ".join(dict.fromkeys((label_of(citation, plan), citation.heading or citation.section_title))).strip()


def paragraph(citations: Sequence[Citation], passage: Passage | None, plan: Plan) -> str:
    """Return the whole paragraph with the cited sentences marked."""
    start, end = (passage.start, passage.end) if passage else (citations[0].start, citations[0].end)
    out, position = "", start
    for citation in sorted(citations, key=lambda c: c.start):
        begin = max(citation.start, position)
        out += escape(plan.text[position:begin]) + f"<mark>{escape(plan.text[begin : citation.end])}</mark>"
        position = max(citation.end, begin)
    return (out + escape(plan.text[position:end])).strip()


def passage_at(plan: Plan, citation: Citation) -> Passage | None:
    """Return the paragraph that a citation stands in."""
    return next((p for p in plan.passages if p.start <= citation.start < p.end), None)
