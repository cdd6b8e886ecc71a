"""Choose the fusion's weights on the dev questions: random search, then one weight at a time.

`python -m eval.tune [--rounds N] [--write]`; what a query gives is computed once, so that a trial
of new weights is a few array operations. The test half is never read.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.settings import Settings
from eval.clients import open_scored
from eval.gold import Item, load_dev
from eval.score import rank_passages
from eval.summary import PASSAGE_KINDS
from index.search import WEIGHTS, Searcher, read_weights
from index.segments import Segments
from index.units import Source

Array = npt.NDArray[np.float32]
Weights = dict[str, float]
RANGES = {
    "dense": (0.5, 1.0), "expanded": (0.0, 1.0), "words": (0.0, 2.0), "sentence": (0.0, 2.0),
    "heading": (0.0, 1.0), "question": (0.0, 2.0), "translation": (0.0, 2.0), "unanswered": (0.0, 1.0),
}  # fmt: skip
SEED = 14


@dataclass(frozen=True)
class Features:
    """Hold what each query gives before weighting; rows are queries."""

    dense: Array
    words: Array
    extra: Array
    passage_words: Array
    passage_extra: Array
    segments: dict[Source, Segments]
    relevant: npt.NDArray[np.bool_]


def features(searcher: Searcher, items: list[Item]) -> Features:
    """Compute the features of every dev question on passages."""
    rows = [_row(searcher, item.question) for item in items]
    dense, words, extra, passage_words, passage_extra = (np.stack(column) for column in zip(*rows, strict=True))
    relevant = np.zeros((len(items), len(searcher.plan.passages)), dtype=bool)
    position = {p.id: i for i, p in enumerate(searcher.plan.passages)}
    for row, item in enumerate(items):
        ids, _ = rank_passages([(e.start, e.end) for e in item.turns[0].evidence], [], searcher.plan)
        relevant[row, [position[i] for i in ids if i in position]] = True
    return Features(dense, words, extra, passage_words, passage_extra, searcher.segments, relevant)


def _row(searcher: Searcher, question: str) -> tuple[Array, ...]:
    """Return dense and word scores of units, and word scores of passages, plain and expanded."""
    query = searcher.understand(question)
    dense = searcher.vectors.scores(searcher.embedder.encode([query.text], query=True))
    both = query.terms + query.expanded
    extra = [
        index.scores(both) if query.expanded else index.scores([]) for index in (searcher._lexical, searcher._passages)
    ]
    return dense, searcher._lexical.scores(query.terms), extra[0], searcher._passages.scores(query.terms), extra[1]


def totals(f: Features, weights: Weights) -> Array:
    """Return every passage's score for every query, as Searcher.search computes it."""
    w = weights
    words = np.maximum(f.words, w["expanded"] * f.extra)
    units = w["dense"] * f.dense + (1 - w["dense"]) * words
    total = w["words"] * np.maximum(f.passage_words, w["expanded"] * f.passage_extra)
    for source, segments in f.segments.items():
        total += w.get(source, 0.0) * segments.best(units)
    return np.asarray(total, dtype=np.float32)


def quality(f: Features, weights: Weights) -> tuple[float, float]:
    """Return R@1 and R@5 over passages."""
    order = np.argsort(-totals(f, weights), axis=1, kind="stable")[:, :5]
    hits = np.take_along_axis(f.relevant, order, axis=1)
    wanted = np.maximum(f.relevant.sum(axis=1), 1)
    return float((hits[:, 0] / wanted).mean()), float((hits.sum(axis=1) / wanted).mean())


def tune(f: Features, start: Weights, rounds: int = 60) -> Weights:
    """Return the weights with the highest R@1 + R@5: random tries, then each weight in small steps."""
    random = np.random.default_rng(SEED)
    best, top = start, sum(quality(f, start))
    for _ in range(rounds):
        trial = start | {k: round(float(random.uniform(*r)), 2) for k, r in RANGES.items()}
        best, top = _better(f, best, top, trial)
    for step in (0.3, 0.1, 0.03):
        for name, (low, high) in RANGES.items():
            for moved in (best.get(name, 0.0) - step, best.get(name, 0.0) + step):
                best, top = _better(f, best, top, best | {name: round(min(max(moved, low), high), 2)})
    return best


def _better(f: Features, best: Weights, top: float, trial: Weights) -> tuple[Weights, float]:
    reached = sum(quality(f, trial))
    return (trial, reached) if reached > top + 1e-9 else (best, top)


def main() -> None:
    """Tune with and without what is written, and print the outcome; with --write, put it into the weights file."""
    parser = argparse.ArgumentParser(prog="python -m eval.tune", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument(
        "--write", type=Path, nargs="?", const=WEIGHTS, help="file to write; the fusion's own when bare"
    )
    options = parser.parse_args()
    best = {kind: _tuned(kind, options.rounds) for kind in ("written", "plain")}
    if options.write:
        options.write.write_text(json.dumps(best, indent=1) + "\n", "utf-8")


def _tuned(kind: str, rounds: int) -> Weights:
    """Tune one kind of plan and print what was reached."""
    searcher = open_scored(Settings(), knowledge=kind == "written").searcher()
    items = [i for i in load_dev(searcher.plan) if i.kind in PASSAGE_KINDS]
    found, start = features(searcher, items), read_weights()[kind]
    best = tune(found, start, rounds)
    for name, weights in (("now", start), ("tuned", best)):
        r1, r5 = quality(found, weights)
        print(f"{kind:8}{name:6} R@1 {r1:.3f}  R@5 {r5:.3f}  (n={len(items)}, dev)  {json.dumps(weights)}")
    return best


if __name__ == "__main__":
    main()
