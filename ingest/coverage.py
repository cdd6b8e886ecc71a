"""Account for every character of a plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ingest.model import Kind, Plan


@dataclass(frozen=True, slots=True)
class Coverage:
    """Count a plan's characters by kind; `unaccounted` holds stretches that no rule explains."""

    characters: int
    by_kind: dict[Kind, int]
    unaccounted: tuple[tuple[int, str], ...]

    @property
    def share(self) -> float:
        """Return the share of characters accounted for, 0 to 1."""
        lost = sum(len(piece) for _, piece in self.unaccounted)
        return 1 - lost / self.characters if self.characters else 1.0


def coverage(plan: Plan) -> Coverage:
    """Report what each character of the plan is; letters left between spans count as unaccounted."""
    counts: Counter[Kind] = Counter()
    unaccounted = []
    for span in plan.spans:
        counts[span.kind] += span.end - span.start
        piece = plan.text[span.start : span.end]
        if span.kind == Kind.SPACE and any(c.isalnum() for c in piece):
            unaccounted.append((span.start, piece.strip()))
    return Coverage(len(plan.text), dict(counts), tuple(unaccounted))
