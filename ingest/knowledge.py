"""Load what people have written about a plan: questions, translation, aliases.

All of it is data beside the plan (JSON Lines and tab-separated text, see `data/README.md`), and
none of it is needed: a plan without these files works with less.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.errors import DamagedKnowledge
from ingest.model import Plan, Sentence
from ingest.targets import Target, load_targets


@dataclass(frozen=True, slots=True)
class BankEntry:
    """Hold a written question with the sentences that answer it and the shortest answer in them."""

    question: str
    language: str
    evidence: tuple[Sentence, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Hold a written question that the plan does not answer, why, and the sentences that come nearest."""

    question: str
    language: str
    reason: str
    near: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Hold written questions on one matter over several sections, and the sentences of a complete answer."""

    questions: tuple[str, ...]
    evidence: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Hold what is written about one plan; every part may be empty."""

    bank: tuple[BankEntry, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    themes: tuple[Theme, ...] = ()
    english: dict[int, str] = field(default_factory=dict)
    english_titles: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


REASONS = ("no_figure", "not_in_plan", "false_premise", "table_missing")
GENERAL_ALIASES = Path(__file__).parent / "data" / "aliases.tsv"


def load_knowledge(folder: Path, plan: Plan) -> Knowledge:
    """Load the knowledge files of a plan's folder; raise DamagedKnowledge at the first misfit."""
    aliases = read_aliases(GENERAL_ALIASES)
    for term, targets in read_aliases(folder / "aliases.tsv").items():
        aliases[term] = tuple(dict.fromkeys((*aliases.get(term, ()), *targets)))
    english, titles = _translation(folder / "translation.jsonl", plan)
    return Knowledge(
        tuple(_bank(folder / "questions.jsonl", plan)),
        tuple(_unanswered(folder / "unanswered.jsonl", plan)),
        tuple(_themes(folder / "themes.jsonl", plan)),
        english,
        titles,
        aliases,
        load_targets(folder, plan),
    )


def read_aliases(path: Path) -> dict[str, tuple[str, ...]]:
    """Read `everyday term TAB plan term;plan term` lines; `#` opens a comment."""
    found: dict[str, tuple[str, ...]] = {}
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        term, _, targets = line.partition("\t")
        if targets and not line.startswith("#"):
            found[term.strip().lower()] = tuple(t.strip() for t in targets.split(";") if t.strip())
    return found


def _bank(path: Path, plan: Plan) -> list[BankEntry]:
    entries = []
    for number, row in _rows(path):
        with _naming(path, number):
            entries.append(_entry(plan, path, number, row))
    return entries


def _entry(plan: Plan, path: Path, number: int, row: dict[str, Any]) -> BankEntry:
    evidence = tuple(_located(plan, path, number, e) for e in row["evidence"])
    text = "".join(plan.text[s.start : s.end] for s in evidence)
    if not text:
        raise _damaged(path, number, "it has no evidence")
    for answer in row.get("answers", ()):
        if answer not in text:
            raise _damaged(path, number, f"the answer {answer!r} is not in its evidence")
    return BankEntry(row["question"], row["language"], evidence, tuple(row.get("answers", ())))


def _unanswered(path: Path, plan: Plan) -> Iterator[Unanswered]:
    for number, row in _rows(path):
        with _naming(path, number):
            near = tuple(_located(plan, path, number, e) for e in row["near"])
            if row["reason"] not in REASONS or not near:
                raise _damaged(path, number, f"its reason is none of {', '.join(REASONS)}, or nothing is near")
            yield Unanswered(row["question"], row["language"], row["reason"], near)


def _themes(path: Path, plan: Plan) -> Iterator[Theme]:
    for number, row in _rows(path):
        with _naming(path, number):
            evidence = tuple(_located(plan, path, number, e) for e in row["evidence"])
            if not evidence or not row["questions"]:
                raise _damaged(path, number, "it has no evidence or no questions")
            yield Theme(tuple(map(str.strip, row["questions"])), evidence)


def _translation(path: Path, plan: Plan) -> tuple[dict[int, str], dict[str, str]]:
    sentences: dict[int, str] = {}
    titles: dict[str, str] = {}
    for number, row in _rows(path):
        with _naming(path, number):
            if "title" in row:
                titles[row["title"]] = row["english"]
            else:
                sentences[_located(plan, path, number, row).start] = row["english"]
    return sentences, titles


def _located(plan: Plan, path: Path, number: int, row: dict[str, Any]) -> Sentence:
    start, text = row["start"], row["text"]
    if plan.text[start : start + len(text)] != text:
        raise _damaged(path, number, f"the plan does not read {text[:20]!r} at {start}")
    return Sentence(start, start + len(text))


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines() if path.is_file() else (), 1):
        try:
            rows.append((number, json.loads(line)))
        except ValueError as error:
            raise _damaged(path, number, "it is not JSON in UTF-8") from error
    return rows


@contextmanager
def _naming(path: Path, number: int) -> Iterator[None]:
    """Name the line where a field is missing or of another type."""
    try:
        yield
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, number, "a field is missing or not of its type") from error


def _damaged(path: Path, number: int, why: str) -> DamagedKnowledge:
    return DamagedKnowledge(
        f"{path.name} line {number}: {why}; mend or remove the line.",
        f"{path.name} 第 {number} 行有误({why}):请修正或删除该行。",
    )
