"""Split gold questions into a dev and a test half, by passage, the same on every machine."""

from __future__ import annotations

import hashlib
from typing import Any

from ingest.model import Plan


def half_of(row: dict[str, Any], plan: Plan) -> str:
    """Return `dev` or `test`: questions on one passage stay together, others go by their text.

    A dialog goes with its first turn's passage; whole-plan and unanswerable questions by a hash.
    """
    first = row["turns"][0] if "turns" in row else row
    evidence = first.get("evidence") or []
    if row["kind"] in ("whole", "unanswerable") or not evidence:
        return _coin(first["question"])
    start = evidence[0]["start"]
    passage = next((p for p in plan.passages if p.start <= start < p.end), None)
    return _coin(f"{plan.id}:{passage.start if passage else start}")


def _coin(key: str) -> str:
    return "dev" if hashlib.sha256(key.encode()).digest()[0] % 2 else "test"
