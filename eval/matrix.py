"""Run configurations side by side: each changes one thing, the tutorial pipeline is the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.settings import Settings
from eval.clients import Client, Embedded, open_scored
from eval.gold import Item
from eval.runner import run
from eval.summary import Summary, summarise
from eval.tutorial import Tutorial
from ingest.errors import EmbedderUnavailable
from ingest.model import Plan

COLUMNS = (
    ("right", ("all",), "right"),
    ("right zh", ("block", "passage zh"), "right"),
    ("right en", ("block", "passage en"), "right"),
    ("R@1 zh", ("block", "passage zh"), "r1"),
    ("R@5 zh", ("block", "passage zh"), "r5"),
    ("R@5 zh hard", ("search", "zh hard"), "r5"),
    ("R@1 en", ("block", "passage en"), "r1"),
    ("R@5 en", ("block", "passage en"), "r5"),
    ("refusal precision", ("all",), "refusal_precision"),
    ("refusal recall", ("all",), "refusal_recall"),
)
Configuration = tuple[str, Callable[[], Client]]


def configurations(settings: Settings, plan: Plan, embedders: list[str]) -> Iterator[Configuration]:
    """Name every configuration with what makes its client."""
    yield "as shipped", lambda: Embedded(open_scored(settings), plan.id)
    yield "no written knowledge", lambda: Embedded(open_scored(settings, knowledge=False), plan.id)
    yield "no BM25", lambda: reweighted(settings, plan, {"words": 0.0, "dense": 1.0})
    yield "no vectors", lambda: reweighted(settings, plan, {"dense": 0.0})
    for part in ("sentence", "heading", "question", "translation"):
        yield f"no {part} part", lambda part=part: reweighted(settings, plan, {part: 0.0})  # type: ignore[misc]
    for spec in embedders:
        yield f"embedder {spec}", lambda spec=spec: Embedded(open_scored(settings, spec), plan.id)  # type: ignore[misc]
    yield "tutorial: 500 characters, dense", lambda: Tutorial(plan, open_scored(settings).embedder)
    yield "tutorial: 500 characters, jieba BM25", lambda: Tutorial(plan, None)


def reweighted(settings: Settings, plan: Plan, weights: dict[str, float]) -> Client:
    """Return a client whose fusion has other weights."""
    assistant = open_scored(settings)
    searcher = assistant.searcher(plan.id)
    searcher.weights = searcher.weights | weights
    return Embedded(assistant, plan.id)


def run_matrix(items: list[Item], settings: Settings, plan: Plan, embedders: list[str]) -> dict[str, Summary]:
    """Run every configuration; one whose embedder cannot be had is left out, saying why."""
    table: dict[str, Summary] = {}
    for name, make in configurations(settings, plan, embedders):
        try:
            table[name] = summarise(run(items, make(), plan))
        except EmbedderUnavailable as error:
            table[name] = {"unavailable": error.english}
    return table


def markdown_table(table: dict[str, Summary]) -> str:
    """Return the matrix as a markdown table."""
    head = ["configuration", *(title for title, _, _ in COLUMNS), "p50 ms"]
    rows = [head, ["---"] * len(head), *([name, *_cells(summary)] for name, summary in table.items())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(summary: Summary) -> list[str]:
    if "unavailable" in summary:
        return [str(summary["unavailable"]), *[""] * len(COLUMNS)]
    shown = (_cell(summary, where, metric) for _, where, metric in COLUMNS)
    return [*shown, f"{summary['times']['p50_ms']:.1f}"]


def _cell(summary: Summary, where: tuple[str, ...], metric: str) -> str:
    found = summary["all"] if where == ("all",) else summary["groups"][where[0]].get(where[1], {})
    return f"{found[metric]['mean']:.3f}" if metric in found else ""
