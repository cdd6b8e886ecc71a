"""Print a page of answers for a reader: questions of every kind in turn, each with its answer and sources."""

from __future__ import annotations

from itertools import zip_longest

from assistant.answer import Answer
from assistant.assistant import Assistant
from eval.gold import Item


def choose(items: list[Item], count: int) -> list[str]:
    """Return `count` first questions, of the kinds and languages in turn."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item in items:
        groups.setdefault((item.kind, item.language), []).append(item.question)
    turns = zip_longest(*groups.values())
    return [question for turn in turns for question in turn if question][:count]


def page(assistant: Assistant, questions: list[str]) -> str:
    """Return the answers to questions as markdown."""
    return "\n\n".join(f"### {q}\n\n{_shown(assistant.answer(q))}" for q in questions)


def _shown(answer: Answer) -> str:
    sources = [f"[{c.mark}] {c.reference} {c.heading}: {c.quote}" for c in answer.citations]
    refused = [f"({answer.abstain_reason})"] if answer.abstain_reason else []
    return "\n\n".join([answer.answer, *refused, *sources])
