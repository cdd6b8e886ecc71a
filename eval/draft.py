"""Start a gold entry from a question: show candidate sentences, pick, and print the entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from eval.metrics import language_of
from eval.split import half_of
from index.search import Hit
from ingest.model import Plan, Sentence


def candidates(assistant: Assistant, question: str, top_k: int = 8) -> list[Sentence]:
    """Return sentences that may answer, best first."""
    hits = assistant.search(question, top_k=top_k)
    return [s.sentence for hit in hits for s in _best(hit)]


def _best(hit: Hit) -> list[Any]:
    return sorted(hit.sentences, key=lambda s: -s.score)[:2]


def draft(
    question: str, picked: Sequence[Sentence], plan: Plan, facts: Sequence[str] = (), kind: str = "fact"
) -> dict[str, Any]:
    """Return a gold entry; each fact's forms are given with `/` between them, and no pick means unanswerable."""
    row: dict[str, Any] = {"id": "", "question": question, "language": language_of(question)}
    if not picked:
        row |= {"kind": "unanswerable", "reasons": ["not_in_plan"]}
    else:
        row |= {"kind": kind, "facts": [[f.strip() for f in fact.split("/") if f.strip()] for fact in facts]}
        row["evidence"] = [{"start": s.start, "text": plan.text[s.start : s.end]} for s in picked]
        row["sections"] = list(dict.fromkeys(_place(plan, s) for s in picked))
    return row | {"half": half_of(row, plan)}


def _place(plan: Plan, sentence: Sentence) -> str:
    passage = next(p for p in plan.passages if p.start <= sentence.start < p.end)
    return f"{passage.chapter}.{passage.section}"


def read_feedback(path: Path) -> list[dict[str, Any]]:
    """Read the thumbs-down of the chat page's feedback.jsonl."""
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    rows = [json.loads(line) for line in lines if line.strip()]
    return [row for row in rows if not row.get("liked", True)]


def from_thumbs_down(row: dict[str, Any], assistant: Assistant) -> dict[str, Any]:
    """Return a candidate entry from a conversation that a person disliked, to be completed by hand.

    What the person asked becomes the questions, the likeliest sentence of each the evidence to check.
    """
    said = row["messages"][: int(row.get("index", len(row["messages"]))) + 1]
    asked = [str(m["content"]) for m in said if m["role"] == "user"]
    rows = [_complained(q, assistant) for q in asked]
    entry: dict[str, Any] = {"id": "", "language": language_of(asked[0]), "topic": "feedback"}
    entry |= {"kind": "fact", **rows[0]} if len(rows) == 1 else {"kind": "dialog", "turns": rows}
    return entry | {"half": half_of(entry, assistant.searcher().plan)}


def _complained(question: str, assistant: Assistant) -> dict[str, Any]:
    plan = assistant.searcher().plan
    evidence = [{"start": s.start, "text": plan.text[s.start : s.end]} for s in candidates(assistant, question, 1)[:1]]
    return {"question": question, "facts": [], "evidence": evidence}
