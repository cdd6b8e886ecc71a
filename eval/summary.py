"""Sum results up: each metric's mean with a bootstrap 95% interval, over all and by group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.check import KINDS
from eval.score import Result

ROUNDS = 1_000
SEED = 20_260_101
Matrix = npt.NDArray[np.float64]
Interval = dict[str, float | int]
Summary = dict[str, Any]
PASSAGE_KINDS = tuple(k for k in KINDS if k not in ("whole", "dialog", "unanswerable"))

_GROUPS: dict[str, Callable[[Result], str | None]] = {
    "kind": lambda r: str(r["kind"]),
    "language": lambda r: str(r["language"]),
    "hardness": lambda r: None if r["kind"] == "unanswerable" else "hard" if r["hard"] else "plain",
    "chapter": lambda r: None if r["chapter"] is None else f"{r['chapter']:02d}",
    "topic": lambda r: str(r["topic"]) or None,
    "search": lambda r: f"{r['language']} {'hard' if r['hard'] else 'plain'}" if r["kind"] in PASSAGE_KINDS else None,
    "block": lambda r: f"{block(r)} {r['language']}",
}


def block(result: Result) -> str:
    """Name the block that the headline counts an item in."""
    return "passage" if result["kind"] in PASSAGE_KINDS else str(result["kind"])


def summarise(results: list[Result]) -> Summary:
    """Return all figures of a run; times are kept apart, since only they differ between runs."""
    summary: Summary = {"items": len(results), "all": figures(results), "groups": {}}
    for name, group_of in _GROUPS.items():
        groups: dict[str, list[Result]] = {}
        for result in results:
            if (key := group_of(result)) is not None:
                groups.setdefault(key, []).append(result)
        summary["groups"][name] = {key: figures(groups[key]) for key in sorted(groups)}
    summary["errors"] = sum(bool(t.get("error")) for r in results for t in r["turns"])
    summary["times"] = latency([t["ms"] for r in results for t in r["turns"]])
    return summary


def figures(results: list[Result]) -> dict[str, Interval]:
    """Return mean, interval and count of every metric that applies to some of these items."""
    names = sorted({name for r in results for name, v in r["metrics"].items() if v is not None})
    values = np.array([[_number(r["metrics"].get(name)) for name in names] for r in results], dtype=np.float64)
    if not names:
        return {}
    means, lows, highs = bootstrap(values)
    counts = (~np.isnan(values)).sum(axis=0)
    return {
        name: {"mean": _round(means[i]), "low": _round(lows[i]), "high": _round(highs[i]), "n": int(counts[i])}
        for i, name in enumerate(names)
    }


def bootstrap(values: Matrix, rounds: int = ROUNDS) -> tuple[Matrix, Matrix, Matrix]:
    """Return each column's mean and its percentile bootstrap 95% interval (Efron & Tibshirani 1993, ch. 13).

    Rows are resampled with replacement, a fixed seed keeps runs equal; NaN does not apply.
    """
    weights = resamples(len(values), rounds)
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    counted = weights @ known
    drawn = np.where(counted > 0, (weights @ filled) / np.maximum(counted, 1), np.nan)
    drawn = np.where(np.isnan(drawn), np.nanmean(np.where(np.isnan(drawn), np.nan, drawn), axis=0), drawn)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return filled.sum(axis=0) / np.maximum(known.sum(axis=0), 1), low, high


def resamples(size: int, rounds: int = ROUNDS) -> Matrix:
    """Return how often each of `size` rows is drawn in each round, shape (rounds, size)."""
    random = np.random.default_rng(SEED)
    return random.multinomial(size, np.full(size, 1 / size), size=rounds).astype(np.float64)


def latency(times: list[float]) -> dict[str, float]:
    """Return the 50th and 95th percentile of the answers' times, in milliseconds."""
    if not times:
        return {"p50_ms": 0.0, "p95_ms": 0.0}
    p50, p95 = np.percentile(times, [50, 95])
    return {"p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1)}


def headline(summary: Summary) -> list[tuple[str, Interval]]:
    """Return the rows of the headline table: right by block and language, then search and trust."""
    rows: list[tuple[str, Interval]] = [("right, all", summary["all"]["right"])]
    for key, group in summary["groups"]["block"].items():
        rows.append((f"right, {key}", group["right"]))
    for group, key, name in (
        ("block", "passage zh", "Chinese"),
        ("search", "zh hard", "Chinese hard"),
        ("block", "passage en", "English"),
    ):
        found = summary["groups"].get(group, {}).get(key, {})
        rows += [(f"R@{metric[1:]}, {name}", found[metric]) for metric in ("r1", "r5") if metric in found]
    trust = (
        "refusal_precision",
        "refusal_recall",
        "reason_right",
        "cite_recall",
        "quote_fidelity",
        "figures_supported",
        "language_match",
    )
    rows += [(name.replace("_", " "), summary["all"][name]) for name in trust if name in summary["all"]]
    return rows


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _round(value: float) -> float:
    return round(float(value), 4)


def markdown_headline(summary: Summary) -> str:
    """Return the headline as the markdown table that the README shows."""
    rows = [
        f"| {name} | {f['mean']:.3f} | {f['low']:.3f}-{f['high']:.3f} | {f['n']} |" for name, f in headline(summary)
    ]
    return "\n".join(["| figure | mean | 95% | n |", "|---|---|---|---|", *rows])
