"""Keep the index of targets: every quantitative statement of a plan, as results, targets or visions.

`extract_targets` reads any plan by rules; `load_targets` prefers the reviewed file beside a plan.
`python -m ingest.targets` measures the rules against the reviewed file of the shipped plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import DamagedKnowledge
from ingest.model import Passage, Plan, Sentence
from ingest.shelf import DEFAULT_PLAN, SHIPPED, Shelf
from ingest.target_rules import read
from ingest.target_tables import base_unit, is_row, read_row
from ingest.target_time import Calendar, calendar, when
from ingest.target_values import find_values

FILE = "targets.jsonl"
_KINDS = ("achieved", "target", "vision")


@dataclass(frozen=True, slots=True)
class Target:
    """Hold one quantitative statement; `sentence` is `plan.text[start:end]`, verbatim."""

    plan: str
    indicator: str
    values: tuple[str, ...]
    numbers: tuple[float, ...]
    unit: str
    qualifier: str
    kind: str
    period: str
    scope: str
    sentence: str
    start: int
    end: int
    value_start: int
    value_end: int
    chapter: int
    section: int
    label: str


def extract_targets(plan: Plan) -> tuple[Target, ...]:
    """Extract the quantitative statements of any plan by rules, in the order of the text."""
    years = calendar(plan)
    found: list[Target] = []
    for passage in plan.passages:
        for sentence in passage.sentences:
            text = plan.text[sentence.start : sentence.end]
            read_one = _of_row if is_row(text) else _of_sentence
            found += read_one(text, sentence, passage, years)
    return tuple(found)


def _of_sentence(text: str, at: Sentence, passage: Passage, years: Calendar) -> Iterator[Target]:
    values = find_values(text)
    for index, value in enumerate(values):
        reading = read(text, values, index, passage.heading)
        clause = max(text.rfind(c, 0, value.start) for c in "，；;,") + 1
        previous = values[index - 1].end if index else 0
        kind, period = when(text, clause, value.start, previous, passage=passage, years=years)
        yield _target(
            at, passage, text, (value.start, value.end), kind=kind, period=period, numbers=value.numbers,
            unit=value.unit, indicator=reading.indicator, qualifier=reading.qualifier, scope=reading.scope,
        )  # fmt: skip


def _of_row(text: str, at: Sentence, passage: Passage, years: Calendar) -> Iterator[Target]:
    """Read a table's row: the first of several figures is where the plan starts from, the last its goal.

    In a review it is the other way round: what was planned stands before what was reached.
    """
    row = read_row(text)
    review = (passage.part, passage.chapter, passage.section) in years.reviews
    for index, cell in enumerate(row.cells if row else ()):
        first = index == 0 and row is not None and (review or len(row.cells) > 1)
        achieved = first != review
        period = str(years.first - 1 if review or achieved else years.last) if years.first else ""
        yield _target(
            at, passage, text, (cell.start, cell.end), kind="achieved" if achieved else "target", period=period,
            numbers=cell.numbers, unit=base_unit(row.unit) if row else "", indicator=row.indicator if row else "",
            qualifier=cell.qualifier, scope="",
        )  # fmt: skip


def _target(
    at: Sentence, passage: Passage, text: str, span: tuple[int, int], *, indicator: str, numbers: tuple[float, ...],
    unit: str, qualifier: str, kind: str, period: str, scope: str,
) -> Target:  # fmt: skip
    return Target(
        passage.plan, indicator, (text[slice(*span)],), numbers, unit, qualifier, kind, period, scope, text,
        at.start, at.end, at.start + span[0], at.start + span[1], passage.chapter, passage.section, passage.label,
    )  # fmt: skip


def load_targets(folder: Path, plan: Plan) -> tuple[Target, ...]:
    """Load the reviewed targets beside a plan, or extract them where nobody has reviewed any."""
    path = folder / FILE
    if not path.is_file():
        return extract_targets(plan)
    lines = path.read_text("utf-8").splitlines()
    return tuple(_reviewed(plan, number, line) for number, line in enumerate(lines, 1) if line.strip())


def _reviewed(plan: Plan, number: int, line: str) -> Target:
    """Read one reviewed line; raise DamagedKnowledge where it does not fit the plan."""
    try:
        row = json.loads(line)
        start, value_start = int(row["start"]), int(row["value_start"])
        passage = next(p for p in plan.passages if p.start <= start < p.end)
        target = Target(
            plan.id, row["indicator"], tuple(row["values"]), tuple(map(float, row["numbers"])), row["unit"],
            row["qualifier"], row["kind"], row["period"], row["scope"], row["sentence"], start,
            start + len(row["sentence"]), value_start, int(row["value_end"]), passage.chapter, passage.section,
            passage.label,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise _damaged(number, "it is not a target of this plan") from error
    _check(plan, number, target)
    return target


def _check(plan: Plan, number: int, target: Target) -> None:
    if plan.text[target.start : target.end] != target.sentence:
        raise _damaged(number, f"the plan does not read {target.sentence[:20]!r} at {target.start}")
    span = plan.text[target.value_start : target.value_end]
    inside = target.start <= target.value_start < target.value_end <= target.end
    if not inside or not span.startswith(target.values[0]) or not span.endswith(target.values[-1]):
        raise _damaged(number, f"{'、'.join(target.values)} is not where the line says")
    if target.kind not in _KINDS:
        raise _damaged(number, f"kind must be one of {', '.join(_KINDS)}, not {target.kind!r}")


def _damaged(number: int, why: str) -> DamagedKnowledge:
    return DamagedKnowledge(
        f"{FILE} line {number}: {why}; mend or remove the line.",
        f"{FILE} 第 {number} 行有误({why}):请修正或删除该行。",
    )


@dataclass(frozen=True, slots=True)
class Agreement:
    """Say how far the rules find what a reader found: by sentence and value, and field by field."""

    precision: float
    recall: float
    fields: dict[str, float]
    missed: tuple[Target, ...]
    extra: tuple[Target, ...]


def agreement(found: tuple[Target, ...], reviewed: tuple[Target, ...]) -> Agreement:
    """Compare extracted with reviewed targets; two are the same when they mark the same value."""
    mine = {(t.start, t.value_start, t.values): t for t in found}
    theirs = {(t.start, t.value_start, t.values): t for t in reviewed}
    both = mine.keys() & theirs.keys()
    names = ("kind", "period", "numbers", "unit", "qualifier", "indicator", "scope")
    return Agreement(
        len(both) / max(len(mine), 1),
        len(both) / max(len(theirs), 1),
        {n: sum(getattr(mine[k], n) == getattr(theirs[k], n) for k in both) / max(len(both), 1) for n in names},
        tuple(theirs[k] for k in theirs if k not in both),
        tuple(mine[k] for k in mine if k not in both),
    )


def main() -> None:
    """Print how far the rules agree with the reviewed file of the shipped plan."""
    shelf = Shelf((SHIPPED,))
    plan = shelf.load(DEFAULT_PLAN)
    found, reviewed = extract_targets(plan), load_targets(shelf.folder(DEFAULT_PLAN), plan)
    result = agreement(found, reviewed)
    print(f"rules {len(found)}, reviewed {len(reviewed)}: precision {result.precision:.3f}, recall {result.recall:.3f}")
    print("  ".join(f"{name} {share:.2f}" for name, share in result.fields.items()))
    for word, targets in (("missed", result.missed), ("extra", result.extra)):
        for target in targets:
            print(word, target.label, target.indicator, *target.values)


if __name__ == "__main__":
    main()
