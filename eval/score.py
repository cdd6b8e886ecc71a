"""Score one gold item: put its questions to a client and judge each answer by the metrics."""

from __future__ import annotations

import time
import uuid
from typing import Any

from eval import metrics as m
from eval.clients import Client, Reply
from eval.gold import Item, Turn
from ingest.model import Plan

Result = dict[str, Any]
Scores = dict[str, float | None]
DEPTH = 10


def score_item(item: Item, client: Client, plan: Plan) -> Result:
    """Ask an item's questions in order, as one conversation, and score them."""
    turns: list[Result] = []
    conversation = f"eval-{uuid.uuid4().hex}" if len(item.turns) > 1 else None
    for turn in item.turns:
        scored = _ask(turn, item, client, plan, conversation)
        conversation = scored.pop("conversation") or conversation
        turns.append(scored)
    return {
        **_about(item),
        "right": all(t["metrics"]["right"] for t in turns),
        "metrics": _pooled(turns),
        "turns": turns,
    }


def _about(item: Item) -> Result:
    sections = next((t.sections for t in item.turns if t.sections), ())
    return {
        "id": item.id,
        "kind": item.kind,
        "language": item.language,
        "hard": item.hard,
        "slip": item.slip,
        "topic": item.topic,
        "half": item.half,
        "chapter": int(sections[0].split(".")[0]) if sections else None,
    }


def _ask(turn: Turn, item: Item, client: Client, plan: Plan, conversation: str | None) -> Result:
    started = time.perf_counter()
    try:
        reply, error = client.ask(turn.question, conversation), ""
    except Exception as failure:  # one broken question must not end a run of a thousand
        reply, error = {}, f"{type(failure).__name__}: {failure}"
    ms = round((time.perf_counter() - started) * 1_000, 2)
    ranked = [] if error else _ranked(turn, client, plan, str(reply.get("standalone_question") or turn.question))
    scores = score_reply(turn, item.language, reply, plan) | score_search(turn, ranked, plan)
    return {
        "question": turn.question,
        "answer": reply.get("answer", ""),
        "abstained": bool(reply.get("abstained", False)),
        "reason": reply.get("abstain_reason"),
        "expected_reasons": list(turn.reasons),
        "facts": [list(f) for f in turn.facts],
        "missing": m.missing_facts(str(reply.get("answer", "")), turn.facts),
        "evidence": [e.text for e in turn.evidence],
        "citations": [_cited(c) for c in reply.get("citations", ())],
        "standalone_question": reply.get("standalone_question", ""),
        "error": error,
        "metrics": scores,
        "conversation": reply.get("conversation_id"),
        "ms": ms,
    }


def _cited(citation: Reply) -> Reply:
    return {key: citation[key] for key in ("mark", "chapter", "section", "reference", "quote", "start", "end")}


def score_reply(turn: Turn, language: str, reply: Reply, plan: Plan) -> Scores:
    """Score one answer; a refusal is scored as such, an answer by its facts and citations."""
    answer, abstained = str(reply.get("answer", "")), bool(reply.get("abstained", False))
    scores: Scores = {"language_match": float(m.language_of(answer) == language) if answer else 0.0}
    scores["refusal_precision"] = float(bool(turn.reasons)) if abstained else None
    scores |= _quotes(reply, turn.question, plan) | {"length": float(m.length(answer))}
    if turn.reasons:
        named = float(reply.get("abstain_reason") in turn.reasons) if abstained else None
        return scores | {"right": float(abstained), "refusal_recall": float(abstained), "reason_right": named}
    recall = m.fact_recall(answer, turn.facts)
    right = m.is_right(answer, turn.facts, turn.kind, language, abstained=abstained)
    scores |= {
        "right": float(right),
        "fact_recall": recall,
        "exact": float(recall == 1.0),
        "answered": float(not abstained),
    }
    scores["brief"] = float(m.is_brief(answer, turn.kind, language))
    reference = "".join(e.text for e in turn.evidence)
    scores["char_f1"] = m.char_f1(answer, reference) if language == "zh" else None
    return scores | _citations(turn, reply)


def _quotes(reply: Reply, question: str, plan: Plan) -> Scores:
    citations = [*reply.get("citations", ()), *reply.get("nearest", ())]
    quotes = [(c["start"], c["end"], c["quote"]) for c in citations]
    scores: Scores = {"quote_fidelity": m.quote_fidelity(quotes, plan.text)}
    if reply.get("answer") and not reply.get("abstained"):
        sources = [question, str(reply.get("standalone_question", "")), str(len(citations)), *(q for _, _, q in quotes)]
        scores["figures_supported"] = float(not m.unsupported_figures(str(reply["answer"]), sources))
    return scores


def _citations(turn: Turn, reply: Reply) -> Scores:
    cited = list(reply.get("citations", ()))
    spans = [(c["start"], c["end"]) for c in cited]
    evidence = [(e.start, e.end) for e in turn.evidence]
    sections = [f"{c['chapter']}.{c['section']}" for c in cited]
    return {
        "cite_precision": m.overlap_precision(spans, evidence),
        "cite_recall": m.overlap_recall(spans, evidence),
        "section_precision": m.set_precision(sections, turn.sections),
        "section_recall": m.set_recall(sections, turn.sections),
    }


def _ranked(turn: Turn, client: Client, plan: Plan, query: str) -> list[tuple[int, int]]:
    return client.search(query, DEPTH) if turn.evidence and not turn.reasons else []


def score_search(turn: Turn, found: list[tuple[int, int]], plan: Plan) -> Scores:
    """Score found stretches against the passages of the evidence; refusals are not searched."""
    if not turn.evidence or turn.reasons:
        return {}
    relevant, ranked = rank_passages([(e.start, e.end) for e in turn.evidence], found, plan)
    return {
        "r1": m.recall_at(relevant, ranked, 1),
        "r5": m.recall_at(relevant, ranked, 5),
        "r10": m.recall_at(relevant, ranked, 10),
        "mrr": m.reciprocal_rank(relevant, ranked),
        "ndcg10": m.ndcg_at(relevant, ranked, 10),
    }


def rank_passages(evidence: list[m.Span], found: list[m.Span], plan: Plan) -> tuple[set[str], list[str]]:
    """Name the passages that hold the evidence, and the found stretches by what they hold of it.

    A found stretch counts as a passage when it holds the middle of evidence there, so that chunks
    of any size, overlapping or not, are judged alike.
    """
    middles = {(start + end) // 2: _passage_at(plan, start) for start, end in evidence}
    ranked = [next((p for at, p in middles.items() if a <= at < b), f"other:{a}-{b}") for a, b in found]
    return set(middles.values()), list(dict.fromkeys(ranked))


def _passage_at(plan: Plan, start: int) -> str:
    return next((p.id for p in plan.passages if p.start <= start < p.end), f"at:{start}")


def _pooled(turns: list[Result]) -> Scores:
    """Average each metric over the turns that it applies to; `right` asks all of them."""
    pooled: Scores = {}
    for name in sorted({n for t in turns for n in t["metrics"]}):
        values = [t["metrics"][name] for t in turns if t["metrics"].get(name) is not None]
        pooled[name] = round(sum(values) / len(values), 6) if values else None
    pooled["right"] = float(all(t["metrics"]["right"] for t in turns))
    if len(turns) > 1:
        pooled["turns_right"] = round(sum(t["metrics"]["right"] for t in turns) / len(turns), 6)
    return pooled
