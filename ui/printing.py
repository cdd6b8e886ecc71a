"""Write answers, hits and reports for people who read them in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import typer

from assistant.answer import Answer, Citation
from index.search import Hit
from ingest.coverage import coverage
from ingest.model import Plan

_WORDS = {
    "zh": {"sources": "依据", "nearest": "最接近的章节", "page": "第{}页"},
    "en": {"sources": "Sources", "nearest": "Nearest sections", "page": "p. {}"},
}
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """Drop control characters, with which a document could steer the terminal."""
    return _CONTROL.sub("", text)


def answer_lines(answer: Answer) -> Iterable[str]:
    """Write an answer, then what it rests on, or the nearest sections of a refusal."""
    words = _WORDS.get(answer.language, _WORDS["en"])
    yield _BOLD.sub(lambda m: typer.style(m[1], bold=True), clean(answer.answer))
    for title, citations in (("sources", answer.citations), ("nearest", answer.nearest)):
        if citations:
            yield ""
            yield typer.style(words[title], bold=True)
        for citation in citations:
            yield from _citation_lines(citation, words["page"])


def _citation_lines(citation: Citation, page: str) -> Iterable[str]:
    place = [citation.reference, citation.section_title or citation.chapter_title]
    if citation.page is not None:
        place.append(page.format(citation.page))
    yield clean(f"[{citation.mark}] " + " · ".join(p for p in place if p))
    yield clean(f"    {citation.quote}").replace("\n", "\n    ")


def hit_lines(hits: Sequence[Hit], *, explain: bool) -> Iterable[str]:
    """Write found passages, best first; explained, with the evidence and the question that matched."""
    for rank, hit in enumerate(hits, start=1):
        passage = hit.passage
        place = " · ".join(p for p in (passage.label, passage.section_title, passage.heading) if p)
        page = "" if passage.page is None else f" · p. {passage.page}"
        yield typer.style(clean(f"{rank}. {place}{page}  {hit.score:.3f}"), bold=True)
        yield clean(f"   {passage.text}")
        if explain:
            yield "   " + "  ".join(f"{name} {part:.3f}" for name, part in hit.parts.items())
            for entry, score in hit.entries[:3]:
                yield clean(f"   ≈ {entry.question}  {score:.3f}")


def report_lines(plan: Plan) -> Iterable[str]:
    """Report what was found in a plan and what each of its characters is."""
    found = coverage(plan)
    yield clean(f"{plan.id}: {plan.info.title}")
    yield f"{len(plan.chapters())} chapters, {len(plan.numbered_sections())} sections, {len(plan.passages)} passages"
    yield f"{found.characters:,} characters, {found.share:.2%} accounted for:"
    for kind, count in sorted(found.by_kind.items(), key=lambda item: -item[1]):
        yield f"  {kind:<12}{count:>9,}  {count / max(found.characters, 1):7.2%}"
    for start, piece in found.unaccounted:
        yield clean(f"  unaccounted at {start}: {piece[:60]}")
    for warning in plan.warnings:
        yield clean(f"  warning: {warning}")
