"""Write citations as HTML: the reference, the page and the sentence marked within its paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby

from assistant.answer import Answer, Citation
from ingest.model import Passage, Plan

_MARK = re.compile(r"\[(\d+)\]")
EMPTY = (
    '<div class="sheet"><h2>依据 <small>Citations</small></h2>'
    '<p class="hint">提问后,这里显示答案所依据的章节、页码和原文。<br>'
    "Ask a question to see the section, page and sentence behind the answer.</p></div>"
)


def message(answer: str, turn: int) -> str:
    """Return an answer's markdown for the page: document text cannot act as HTML, marks lead to their cards."""
    return _MARK.sub(rf"[[\1]](#cite-{turn}-\1)", harmless(answer))


def harmless(text: str) -> str:
    """Return text that no Markdown renderer takes for HTML or for an image to load."""
    return escape(text, quote=False).replace("![", "!\\[")


def sheet(answer: Answer, plan: Plan, turn: int) -> str:
    """Return the side panel of one answer: a card a paragraph, with every cited sentence marked."""
    title = "最接近的章节 <small>Nearest sections</small>" if answer.abstained else "依据 <small>Citations</small>"
    cited = answer.nearest if answer.abstained else answer.citations
    grouped = groupby(cited, key=lambda c: passage_at(plan, c))
    cards = "".join(card(list(citations), passage, plan, turn) for passage, citations in grouped)
    note = "" if cited else '<p class="hint">没有可引用的内容。Nothing to cite.</p>'
    return f'<div class="sheet" data-turn="{turn}"><h2>{title}</h2>{cards}{note}</div>'


def card(citations: Sequence[Citation], passage: Passage | None, plan: Plan, turn: int) -> str:
    """Return the card of one paragraph."""
    first = citations[0]
    marks = "".join(f'<span class="mark" id="cite-{turn}-{c.mark}">{c.mark}</span>' for c in citations)
    page = "" if first.page is None else f'<span class="page">第{first.page}页 · p.&nbsp;{first.page}</span>'
    places = (first.chapter_title, first.section_title, first.heading)
    place = " › ".join(escape(p) for p in dict.fromkeys(places) if p)
    text = paragraph(citations, passage, plan)
    return (
        f'<article class="card"><header>{marks}<strong>{escape(label_of(first, plan))}</strong>{page}</header>'
        f'<p class="place">{place}</p><blockquote>{text}</blockquote>'
        f'<footer><span class="reference">{escape(first.reference)}</span>'
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
