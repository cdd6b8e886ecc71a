"""Write excerpts under the titles of their sections, each cut to its share of the room."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.answer import Citation, cite
from assistant.cuts import shorten, shorten_english
from assistant.draft import Draft
from assistant.evidence import Claim, is_heading, is_vision
from assistant.gather import Excerpt, asks_vision
from assistant.question import Question
from index.units import passage_of
from index.words import terms
from ingest.knowledge import Knowledge
from ingest.model import Kind, Passage, Plan, Section, Sentence, Span
from ingest.target_tables import on_one_line
from ingest.targets import Target

BUDGET, BUDGET_EN = 1_790, 5_390
FIRST, LONG, SHORT = 6, 160, 100  # characters that the nearest Chinese sentences may take, and the others
LONG_EN = 700  # characters that an English sentence may take
NEAREST, MOST, FULL = 8, 4, 700  # of so many nearest, how many under one heading have all there quoted whole
SELF_EVIDENT = {"zh": 30, "en": 20}  # length of a Chinese sentence that says by itself what it is about
LONGEST_LEAD = 30
_POINTING = re.compile("两地|双方|该[项区市县]|此")  # words that mean something named before
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
        budget = BUDGET_EN if question.language == "en" else BUDGET
        draft, topics = Draft(self.plan, budget), []
        room = budget - sum(len(place) + 8 for place in {self._place(p, question.language) for p in passages})
        for done, passage in enumerate(passages):
            topics.append((passage, self._topic(draft, passage, room // (len(passages) - done), question.language)))
            room -= len(topics[-1][1]) + len("- \n")
        return self._grouped(topics, question.language), tuple(draft.citations)

    def _topic(self, draft: Draft, passage: Passage, room: int, language: str) -> str:
        """Write a passage's topic and its weightiest sentences within `room` characters."""
        each = 3 * SHORT if language == "en" else SHORT
        chosen = list(passage.sentences[:1])
        for count in range(1, len(passage.sentences)):
            more = [passage.sentences[0], *self._weightiest(passage, count)]
            if sum(min(each, len(self._words(s, language))) + len("[10]") for s in more) > room:
                break
            chosen = more
        told = [self._quoted(draft, Excerpt(passage, s), each, language) for s in chosen]
        return (" " if language == "en" else "").join(told)

    def _words(self, sentence: Sentence, language: str) -> str:
        """Return a sentence, translated where it can be."""
        text = on_one_line(self.plan.text[sentence.start : sentence.end])
        return self.knowledge.english.get(sentence.start, text) if language == "en" else text

    def write(self, question: Question, excerpts: list[Excerpt], taken: int = 0) -> tuple[str, tuple[Citation, ...]]:
        """Quote excerpts under their sections in the plan's order: of the first ones, as many as there is room for.

        `taken` characters of the room are used already.
        """
        budget = (BUDGET_EN if question.language == "en" else BUDGET) - taken
        if question.language == "en":
            excerpts = [replace(e, keep=(*e.keep, *terms(question.text))) for e in excerpts]
        kept = self._fitting(excerpts, _shares(question, excerpts, self.plan), budget, question.language)
        draft, kept = Draft(self.plan, budget), sorted(kept, key=lambda e: e[0].sentence.start)
        lines = ((e.passage, self.line(draft, e, share, question.language)) for e, share in kept)
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

    def _fitting(
        self, excerpts: list[Excerpt], shares: list[int], budget: int, language: str
    ) -> list[tuple[Excerpt, int]]:
        """Return the first excerpts that fit a budget with the names of their sections, and the length of each."""
        kept: list[tuple[Excerpt, int]] = []
        places: set[str] = set()
        for excerpt, share in zip(excerpts, shares, strict=True):
            here = self._place(excerpt.passage, language)
            size = len(self.line(Draft(self.plan, budget), excerpt, share, language)) + len("- 1\n")
            size += 0 if here in places else len("\n****\n\n") + len(here)
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

    def line(self, draft: Draft, excerpt: Excerpt, share: int, language: str) -> str:
        """Quote an excerpt within `share` characters, after its topic where it needs one."""
        return self._lead(excerpt, language) + self._quoted(draft, excerpt, share, language)

    def _quoted(self, draft: Draft, excerpt: Excerpt, share: int, language: str) -> str:
        """Quote a sentence, cut to its share, with its mark."""
        text = self._words(excerpt.sentence, language)
        mark = draft.mark(Claim(excerpt.passage, (excerpt.sentence,), (), 1.0), excerpt.sentence)
        if language == "en" and excerpt.sentence.start in self.knowledge.english:
            return f"{shorten_english(text, share, excerpt.keep)} {mark}"
        return shorten(text, [*excerpt.keep, *re.findall(r"\d[\d.]*", text)], share) + mark

    def _lead(self, excerpt: Excerpt, language: str) -> str:
        """Return the topic to put before a sentence that does not say it by itself, or is listed for its topic."""
        heading, text = excerpt.passage.heading, self.plan.text[excerpt.sentence.start : excerpt.sentence.end]
        if heading in text or heading == excerpt.passage.section_title or _NUMBER.search(heading):
            return ""
        told = len(text) > SELF_EVIDENT[language] and not _POINTING.search(text)
        if (told and not excerpt.topic) or len(heading) > LONGEST_LEAD:
            return ""
        if language == "en":
            return f"{topic.rstrip('. ')}: " if (topic := self._topic_in_english(excerpt.passage)) else ""
        return f"{heading}:"

    def _topic_in_english(self, passage: Passage) -> str:
        """Return the translation of the heading that opens a passage, where there is one."""
        first = passage.sentences[0]
        return self.knowledge.english.get(first.start, "") if is_heading(passage, first) else ""


def _shares(question: Question, excerpts: list[Excerpt], plan: Plan) -> list[int]:
    """Return how many characters each excerpt may take, the nearest first."""
    english, vision, home = question.language == "en", asks_vision(question, plan), _home(excerpts)
    ranked = [LONG_EN if english else LONG if rank < FIRST else SHORT for rank in range(len(excerpts))]
    full = [e.passage.path == home or (vision and is_vision(e.passage)) for e in excerpts]
    return [(3 * FULL if english else FULL) if whole else share for whole, share in zip(full, ranked, strict=True)]


def _home(excerpts: list[Excerpt]) -> tuple[str, ...] | None:
    """Return the heading under which most of the nearest excerpts stand, if there is one."""
    counts = Counter(e.passage.path for e in excerpts[:NEAREST]).most_common(1)
    return counts[0][0] if counts and counts[0][1] >= MOST else None
