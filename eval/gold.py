"""Hold gold questions: what is asked, what a right answer holds, and where the plan says so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.answer import Reason
from eval.check import Row, as_list, check_lines, gold_lines
from ingest.errors import BadGold
from ingest.model import Plan

SHIPPED_GOLD = Path(__file__).parent / "data" / "gold-dalian-14-5.jsonl"
CALIBRATION = Path(__file__).parent / "data" / "calibration-dalian-14-5.jsonl"
OTHERS = {  # plans that do not ship, with the questions on them
    plan: Path(__file__).parent / "data" / f"calibration-{plan}.jsonl" for plan in ("hangzhou-15-5", "nanjing-15-5")
}


class Half(StrEnum):
    """Name the halves of a gold set: one to choose and tune on, one to report on."""

    DEV = "dev"
    TEST = "test"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Mark a verbatim stretch of the plan that answers."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Return where the stretch ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold one question; it is answerable when it has no reasons for refusal."""

    question: str
    kind: str
    facts: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    sections: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one gold entry; a plain question is a dialog of one turn."""

    id: str
    language: str
    kind: str
    half: str
    turns: tuple[Turn, ...]
    hard: bool = False
    slip: bool = False
    topic: str = ""

    @property
    def question(self) -> str:
        """Return the first question."""
        return self.turns[0].question


def load_gold(path: Path, plan: Plan, half: Half = Half.ALL) -> list[Item]:
    """Read and check a gold file; raise BadGold with every fault and its line."""
    lines, faults = gold_lines(path)
    faults += check_lines(lines, plan)
    if faults:
        raise bad_gold(path, faults)
    items = [_item(row) for _, row in lines if "format" not in row]
    return [i for i in items if half in (Half.ALL, i.half)]


def load_dev(plan: Plan) -> list[Item]:
    """Read all that weights are chosen on: the dev half of the shipped gold set, and the calibration set."""
    return load_gold(SHIPPED_GOLD, plan, Half.DEV) + load_gold(CALIBRATION, plan)


def gold_plan(path: Path) -> str | None:
    """Return the plan that a gold file's header names."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            head = json.loads(file.readline())
    except (OSError, ValueError):
        return None
    plan = head.get("plan") if isinstance(head, dict) else None
    return plan if isinstance(plan, str) else None


def bad_gold(path: Path, faults: list[tuple[int, str]]) -> BadGold:
    """Make the error that names every fault of a file, in line order."""
    listed = "\n".join(f"  line {line}: {fault}" for line, fault in sorted(faults))
    return BadGold(
        f"{path.name} has {len(faults)} fault(s); mend these lines (the format is in eval/data/README.md):\n{listed}",
        f"{path.name} 有 {len(faults)} 处错误,请修正以下各行(格式见 eval/data/README.md):\n{listed}",
    )


def _item(row: Row) -> Item:
    turns = row.get("turns")
    kind = str(row["kind"])
    return Item(
        id=str(row["id"]),
        language=str(row["language"]),
        kind=kind,
        half=str(row.get("half", "")),
        turns=tuple(_turn(t, None) for t in turns) if isinstance(turns, list) else (_turn(row, kind),),
        hard=bool(row.get("hard", False)),
        slip=bool(row.get("slip", False)),
        topic=str(row.get("topic", "")),
    )


def _turn(row: Row, kind: str | None) -> Turn:
    """Read one turn; in a dialog its kind follows from how much is asked."""
    facts = tuple(tuple(str(f) for f in forms) for forms in as_list(row, "facts"))
    reasons = tuple(Reason(r) for r in as_list(row, "reasons"))
    guessed = "unanswerable" if reasons else "list" if len(facts) > 1 else "fact"
    return Turn(
        question=str(row["question"]),
        kind=kind or str(row.get("kind", guessed)),
        facts=facts,
        evidence=tuple(Evidence(int(e["start"]), str(e["text"])) for e in as_list(row, "evidence")),
        sections=tuple(str(s) for s in as_list(row, "sections")),
        reasons=reasons,
    )
