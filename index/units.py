"""List what is searched: each unit is a text that points to the sentences it speaks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ingest.knowledge import Knowledge
from ingest.model import Plan, Sentence


class Source(StrEnum):
    """Name where a unit's text comes from."""

    SENTENCE = "sentence"
    HEADING = "heading"
    QUESTION = "question"
    TRANSLATION = "translation"
    UNANSWERED = "unanswered"
    THEME = "theme"


OWN = (Source.SENTENCE, Source.HEADING, Source.TRANSLATION)  # what a plan itself says, which comes first


@dataclass(frozen=True, slots=True)
class Unit:
    """Hold one searchable text; `passage` is a position in `plan.passages`, `entry` one in what is written."""

    source: Source
    text: str
    passage: int
    sentences: tuple[Sentence, ...]
    entry: int = -1


def list_units(plan: Plan, knowledge: Knowledge) -> list[Unit]:
    """List the units of a plan: its sentences and headings, and what is written about it."""
    return [
        *_sentences(plan),
        *_headings(plan),
        *_translations(plan, knowledge),
        *_questions(plan, knowledge),
        *_unanswered(plan, knowledge),
        *_themes(plan, knowledge),
    ]


def _sentences(plan: Plan) -> Iterator[Unit]:
    for position, passage in enumerate(plan.passages):
        for sentence in passage.sentences:
            yield Unit(Source.SENTENCE, plan.text[sentence.start : sentence.end], position, (sentence,))


def _headings(plan: Plan) -> Iterator[Unit]:
    for position, passage in enumerate(plan.passages):
        yield Unit(Source.HEADING, f"{passage.section_title or passage.chapter_title} {passage.heading}", position, ())


def _questions(plan: Plan, knowledge: Knowledge) -> Iterator[Unit]:
    places = passage_of(plan)
    for number, entry in enumerate(knowledge.bank):
        place = places.get(entry.evidence[0].start)
        if place is not None:
            yield Unit(Source.QUESTION, entry.question, place, entry.evidence, number)


def _translations(plan: Plan, knowledge: Knowledge) -> Iterator[Unit]:
    for position, passage in enumerate(plan.passages):
        for sentence in passage.sentences:
            if english := knowledge.english.get(sentence.start):
                yield Unit(Source.TRANSLATION, english, position, (sentence,))


def _unanswered(plan: Plan, knowledge: Knowledge) -> Iterator[Unit]:
    places = passage_of(plan)
    for number, entry in enumerate(knowledge.unanswered):
        place = places.get(entry.near[0].start)
        if place is not None:
            yield Unit(Source.UNANSWERED, entry.question, place, (), number)


def _themes(plan: Plan, knowledge: Knowledge) -> Iterator[Unit]:
    """List themes, the questions of each as one text; each has the passage of its first sentence."""
    places = passage_of(plan)
    for number, theme in enumerate(knowledge.themes):
        place = places.get(theme.evidence[0].start)
        if place is not None:
            yield Unit(Source.THEME, "\n".join(theme.questions), place, theme.evidence, number)


def passage_of(plan: Plan) -> dict[int, int]:
    """Map each sentence's start to the position of its passage."""
    return {s.start: i for i, p in enumerate(plan.passages) for s in p.sentences}
