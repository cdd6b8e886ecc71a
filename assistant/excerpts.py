"""Write excerpts under the titles of their sections, each cut to its share of the room."""

from __future__ import annotations

import re

from assistant.answer import Citation
from assistant.compose import Draft, shorten_english
from assistant.evidence import Claim
from assistant.gather import Excerpt
from assistant.question import Question
from assistant.spans import shorten
from index.units import passage_of
from ingest.knowledge import Knowledge
from ingest.model import Passage, Plan, Sentence
from ingest.targets import Target

BUDGET, BUDGET_EN = 1_700, 5_000


class ExcerptWriter:
    """Quote excerpts of one plan."""

    def __init__(self, plan: Plan, knowledge: Knowledge) -> None:
        self.plan, self.knowledge = plan, knowledge

    def title(self, title: str, language: str) -> str:
        """Return a title in a language, where it is translated."""
        return self.knowledge.english_titles.get(title, title) if language == "en" else title

    def write_targets(self, plan: Plan, targets: list[Target], more: list[Excerpt]) -> tuple[str, tuple[Citation, ...]]:
        """List targets with their values under their sections, then what else there is room for."""
        draft, place = Draft(plan, BUDGET), ""
        lines: list[str] = []
        places = passage_of(plan)
        for target in targets:
            passage = plan.passages[places[target.start]]
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
        for excerpt in more:
            line = f"- {self._line(draft, excerpt, 90, 'zh')}"
            if sum(map(len, lines)) + len(line) < BUDGET - 40:
                lines.append(line)
        kept = [c for c in draft.citations if any(f"[{c.mark}]" in line for line in lines)]
        return "\n".join(lines), tuple(kept)

    def write_topics(self, title: str, passages: list[Passage]) -> tuple[str, tuple[Citation, ...]]:
        """List the topics of passages, each cited by its first sentence."""
        draft = Draft(self.plan, BUDGET)
        lines = [f"{title}共 **{len(passages)}** 条:"]
        for number, passage in enumerate(passages, 1):
            claim = Claim(passage, passage.sentences[:1], (), 1.0)
            lines.append(f"{number}. {passage.heading}{draft.marks(claim)}")
        return "\n".join(lines), tuple(draft.citations)

    def write(self, question: Question, excerpts: list[Excerpt]) -> tuple[str, tuple[Citation, ...]]:
        """Quote excerpts under their sections, each cut to its share of the room."""
        english = question.language == "en"
        draft = Draft(self.plan, BUDGET_EN if english else BUDGET)
        share = max(60, min(150, (draft.budget - 250) // max(1, len(excerpts)) - 6))
        ordered = sorted(excerpts, key=lambda e: e.sentence.start) if _fits(excerpts, draft.budget, share) else excerpts
        lines: list[str] = []
        place = ""
        for excerpt in ordered:
            line = self._line(draft, excerpt, share, question.language)
            if sum(map(len, lines)) + len(line) + 20 > draft.budget:
                break
            here = self._place(excerpt.passage, question.language)
            if here != place:
                lines.append(f"**{here}**")
                place = here
            lines.append(f"- {line}")
        return "\n".join(lines), tuple(draft.citations)

    def _place(self, passage: Passage, language: str) -> str:
        """Name a passage's section, with its title."""
        title = passage.section_title or passage.chapter_title
        if language == "en":
            place = f"Chapter {passage.chapter}" + (f", Section {passage.section}" if passage.section else "")
            return f"{place}: {self.title(title, 'en')}" if passage.chapter else "Preamble"
        return f"{passage.label} {title}" if passage.chapter else "序言"

    def _line(self, draft: Draft, excerpt: Excerpt, share: int, language: str) -> str:
        claim = Claim(excerpt.passage, (excerpt.sentence,), (), 1.0)
        text = self.plan.text[excerpt.sentence.start : excerpt.sentence.end]
        if language == "en" and (english := self.knowledge.english.get(excerpt.sentence.start)):
            first = self.knowledge.english.get(excerpt.passage.sentences[0].start, "").rstrip(".")
            lead = f"{first}: " if len(first) < 90 and first not in english else ""
            return f"{lead}{shorten_english(english, max(220, share * 3))} {draft.mark(claim, excerpt.sentence)}"
        figures = re.findall(r"\d[\d.]*", text)
        heading = excerpt.passage.heading
        lead = "" if heading in text or heading in (excerpt.passage.section_title, "") else f"{heading[:16]}:"
        return lead + shorten(text, [*excerpt.keep, *figures], share) + draft.mark(claim, excerpt.sentence)


def _fits(excerpts: list[Excerpt], budget: int, share: int) -> bool:
    return sum(min(share, e.sentence.end - e.sentence.start) + 6 for e in excerpts) < budget - 150
