"""Compare two runs item by item: fixed and broken, a paired bootstrap, and gates that must hold."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.score import Result
from eval.summary import bootstrap
from ingest.errors import BadGold

GATES = Path(__file__).parent / "data" / "gates.toml"


@dataclass(frozen=True, slots=True)
class Gate:
    """Name a metric that must not fall, and by how much it may."""

    metric: str
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """Hold a metric's change from a baseline, with its paired 95% interval."""

    metric: str
    before: float
    after: float
    low: float
    high: float
    n: int
    broken: bool

    @property
    def difference(self) -> float:
        """Return after less before."""
        return self.after - self.before


def read_gates(path: Path = GATES) -> list[Gate]:
    """Read `[[gate]]` tables; raise BadGold for a file that holds none."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        return [Gate(str(g["metric"]), float(g.get("tolerance", 0.0))) for g in raw["gate"]]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadGold(
            f"{path} is no list of gates ({error}): see eval/data/gates.toml.",
            f"{path} 不是有效的门限文件({error}):请参照 eval/data/gates.toml。",
        ) from error


def compare(before: list[Result], after: list[Result], gates: list[Gate]) -> dict[str, Any]:
    """Return changes, gated or not, and which items were fixed and broken."""
    old = {r["id"]: r for r in before}
    pairs = [(old[r["id"]], r) for r in after if r["id"] in old]
    if not pairs:
        raise BadGold(
            "The baseline shares no item with this run: give the folder of a run on the same gold file.",
            "基线与本次评测没有相同的题目:请给出同一题库的评测文件夹。",
        )
    names = sorted({n for _, r in pairs for n in r["metrics"]})
    allowed = {g.metric: g.tolerance for g in gates}
    changes = [c for name in names if (c := change(name, pairs, allowed.get(name)))]
    return {
        "items": len(pairs),
        "changes": [asdict(c) | {"difference": c.difference} for c in changes],
        "broken_gates": [c.metric for c in changes if c.broken],
        "fixed": [b["id"] for a, b in pairs if b["right"] and not a["right"]],
        "broken": [b["id"] for a, b in pairs if a["right"] and not b["right"]],
    }


def change(metric: str, pairs: list[tuple[Result, Result]], tolerance: float | None) -> Change | None:
    """Return a metric's change over the items that have it in both runs (paired bootstrap, Koehn 2004).

    A gate breaks when the whole interval of the difference lies below zero, and below -tolerance on average.
    """
    values = [(a["metrics"].get(metric), b["metrics"].get(metric)) for a, b in pairs]
    both = np.array([(a, b) for a, b in values if a is not None and b is not None], dtype=np.float64)
    if not len(both):
        return None
    means, lows, highs = bootstrap(np.column_stack([both, both[:, 1] - both[:, 0]]))
    broken = tolerance is not None and float(highs[2]) < 0 and float(means[2]) < -tolerance
    low, high, old, new = (round(float(x), 6) for x in (lows[2], highs[2], means[0], means[1]))
    return Change(metric, old, new, low, high, len(both), broken)
