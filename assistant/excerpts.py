"""Write excerpts under the titles of their sections, each cut to its share of the room."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.answer import Citation, cite
from assistant.cuts import shorten, shorten_english
from assistant.draft import Draft
from assistant.evidence import Claim
from assistant.gather import Excerpt
from assistant.question import Question
from index.units import passage_of
from index.words import terms
from ingest.knowledge import Knowledge
from ingest.model import Kind, Passage, Plan, Section, Sentence, Span
from ingest.targets import Target

BUDGET, BUDGET_EN = 1_740, 5_250
FIRST, LONG, SHORT = 4, 200, 85  # characters that the nearest Chinese sentences may take, and the others
LONG_EVEN = 150  # what an English sentence may take, in thirds
SELF_EVIDENT = 30  # length of a sentence that says by itself what it is about
# What makes a heading unfit to lead a sentence: its figures stand in no cited one.
_NUMBER = re.compile(r"\d|[一二三四五六七八九〇]{4}|十[二三四五]五")
Weightiest = Callable[[Passage, int], list[Sentence]]  # a passage's sentences with most to say, in their order


class ExcerptWriter:
    """Quote excerpts of one plan."""

    def __init__(self, plan: Plan, knowledge: Knowledge, weightiest: Weightiest) -> None:
        self.plan, self.knowledge, self._weightiest = plan, knowledge, weightiest

    def title(self, title: str, language: str) -> str:
        """Return a title in a language, where it is translated."""
        return self.knowledge.english_titles.get(title, title) if language == "en" else title

    def write_targets(self, targets: list[Target]) -> tuple[str, tuple[Citation, ...]]:
        """List targets with their values under their sections."""
        draft, place = Draft(self.plan, BUDGET), ""
        lines: list[str] = []
        places = passage_of(self.plan)
        for target in targets:
            passage = self.plan.passages[places[target.start]]
            claim = Claim(passage, (Sentence(target.start, target.end),), (), 1.0)
            if sum(map(len, lines)) > BUDGET - 120:
                break
            if (here := self._place(passage, "zh")) != place:
                lines.append(f"**{here}**")
                place = here
            lead = (
                f"{passage.heading} " if len(target.indicator) < 6 and passage.heading != passage.section_title else ""
            )
            lines.append(
                f"- {lead}{target.indicator}:**{'、'.join(target.values)}**{draft.mark(claim, claim.sentences[0])}"
            )
        return "\n".join(lines), tuple(draft.citations)

    def write_topics(self, title: str, passages: list[Passage]) -> tuple[str, tuple[Citation, ...]]:
        """List the topics of passages, each cited by its first sentence."""
        draft = Draft(self.plan, BUDGET)
        lines = [f"{title}共 **{len(passages)}** 条:"]
        for number, passage in enumerate(passages, 1):
            claim = Claim(passage, passage.sentences[:1], (), 1.0)
            lines.append(f"{number}. {passage.heading}{draft.marks(claim)}")
        return "\n".join(lines), tuple(draft.citations)

    def write_outline(self, lead: str, lines: list[tuple[str, Section]]) -> tuple[str, tuple[Citation, ...]]:
        """List chapters or sections, each cited by its heading where the text has kept it."""
        citations: list[Citation] = []
        written = [lead]
        for line, section in lines:
            heading = self._heading(section)
            passage = next(p for p in self.plan.passages if p.start >= section.start)
            if heading:
                citations.append(cite(self.plan, passage, heading.start, heading.end, len(citations) + 1))
            written.append(f"{line}[{len(citations)}]" if heading else line)
        return "\n".join(written), tuple(citations)

    def _heading(self, section: Section) -> Span | None:
        """Return the heading that opens a section, and a chapter where the section is its first."""
        spans = [s for s in self.plan.spans if s.end <= section.start and s.kind in (Kind.HEADING, Kind.PASSAGE)]
        last = max((n for n, s in enumerate(spans) if s.kind == Kind.PASSAGE), default=-1)
        return spans[last + 1] if last + 1 < len(spans) else None

    def write_summary(self, question: Question, sections: list[Section]) -> tuple[str, tuple[Citation, ...]]:
        """Name the topics of sections, each with the sentences that say most, as far as there is room."""
        wanted = {(s.chapter, s.section) for s in sections}
        passages = [p for p in self.plan.passages if (p.chapter, p.section) in wanted]
        english = question.language == "en"
        budget = BUDGET_EN if english else BUDGET
        places = {self._place(p, question.language) for p in passages}
        room = (budget - sum(map(len, places)) - 8 * len(passages)) // max(1, len(passages))
        draft = Draft(self.plan, budget)
        topics = ((p, self._topic(draft, p, room, english=english)) for p in passages)
        return self._grouped(topics, question.language), tuple(draft.citations)

    def _topic(self, draft: Draft, passage: Passage, room: int, *, english: bool) -> str:
        """Write a passage's topic and its weightiest sentences within `room` characters."""
        first, texts = passage.sentences[0], self.knowledge.english if english else {}
        head = texts.get(first.start) or self.plan.text[first.start : first.end]
        each = 240 if english else 80
        cut = shorten_english(head, max(room, each // 2)) if english else shorten(head, [], max(room, each // 2))
        line, room = cut + draft.mark(Claim(passage, (first,), (), 1.0), first), room - len(cut)
        for sentence in (s for s in self._weightiest(passage, max(0, round(room / each))) if s != first):
            line += self._quoted(draft, Excerpt(passage, sentence), min(each, room), "en" if english else "zh")
        return line

    def write(self, question: Question, excerpts: list[Excerpt]) -> tuple[str, tuple[Citation, ...]]:
        """Quote excerpts under their sections in the plan's order: of the first ones, as many as there is room for."""
        budget = BUDGET_EN if question.language == "en" else BUDGET
        if question.language == "en":
            excerpts = [replace(e, keep=(*e.keep, *terms(question.text))) for e in excerpts]
        kept = self._fitting(excerpts, question.language, budget)
        draft, kept = Draft(self.plan, budget), sorted(kept, key=lambda e: e[0].sentence.start)
        lines = ((e.passage, self._line(draft, e, share, question.language)) for e, share in kept)
        return self._grouped(lines, question.language), tuple(draft.citations)

    def _grouped(self, written: Iterable[tuple[Passage, str]], language: str) -> str:
        """Set lines on passages under the names of their sections."""
        lines, place = [], ""
        for passage, line in written:
            here = self._place(passage, language)
            lines += ["", f"**{here}**", ""] if here != place else []
            lines.append(f"- {line}")
            place = here
        return "\n".join(lines).strip()

    def _fitting(self, excerpts: list[Excerpt], language: str, budget: int) -> list[tuple[Excerpt, int]]:
        """Return the first excerpts that fit a budget with the names of their sections, and the length of each."""
        kept: list[tuple[Excerpt, int]] = []
        places: set[str] = set()
        even = max(3 * SHORT, min(3 * LONG_EVEN, 3 * (budget - 250) // max(1, len(excerpts))))
        for rank, excerpt in enumerate(excerpts):
            share = even if language == "en" else LONG if rank < FIRST else SHORT
            here = self._place(excerpt.passage, language)
            size = len(self._line(Draft(self.plan, budget), excerpt, share, language)) + 3
            size += 0 if here in places else len(here) + 5
            if size <= budget:
                kept.append((excerpt, share))
                places.add(here)
                budget -= size
        return kept

    def _place(self, passage: Passage, language: str) -> str:
        """Name a passage's section, with its title."""
        title = passage.section_title or passage.chapter_title
        if language == "en":
            place = f"Chapter {passage.chapter}" + (f", Section {passage.section}" if passage.section else "")
            return f"{place}: {self.title(title, 'en')}" if passage.chapter else "Preamble"
        return f"{passage.label} {title}" if passage.chapter else "序言"

    def _line(self, draft: Draft, excerpt: Excerpt, share: int, language: str) -> str:
        lead = self._lead(excerpt) if language == "zh" else ""
        return lead + self._quoted(draft, excerpt, share, language)

    def _quoted(self, draft: Draft, excerpt: Excerpt, share: int, language: str) -> str:
        """Quote a sentence, cut to its share, with its mark."""
        mark = draft.mark(Claim(excerpt.passage, (excerpt.sentence,), (), 1.0), excerpt.sentence)
        if language == "en" and (english := self.knowledge.english.get(excerpt.sentence.start)):
            return f"{shorten_english(english, share, excerpt.keep)} {mark}"
        text = self.plan.text[excerpt.sentence.start : excerpt.sentence.end]
        return shorten(text, [*excerpt.keep, *re.findall(r"\d[\d.]*", text)], share) + mark

    def _lead(self, excerpt: Excerpt) -> str:
        """Return the topic to put before a sentence that is too short to say it, or is listed for its topic."""
        heading, text = excerpt.passage.heading, self.plan.text[excerpt.sentence.start : excerpt.sentence.end]
        plain = heading in text or heading == excerpt.passage.section_title or _NUMBER.search(heading)
        told = not excerpt.topic and len(text) > SELF_EVIDENT
        return "" if plain or told or len(heading) > SELF_EVIDENT else f"{heading}:"
