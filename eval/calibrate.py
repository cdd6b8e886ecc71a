"""Fit on dev questions how claims are ranked, what is over several sections, and what the plan leaves open.

`python -m eval.calibrate [--write]`; once with what is written about the plan, once without. The
threshold is the lowest at which no more than `MOST` of the answerable dev questions are refused,
each judged by weights fitted on the others. The test half is never read.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

import numpy as np

from assistant.answer import Turn
from assistant.assistant import Assistant, open_assistant
from assistant.breadth import BREADTH
from assistant.evidence import RANKS, Signals, read_ranks
from assistant.refusal import SCALES, Scale
from assistant.relevance import RELEVANCE
from assistant.router import Route
from assistant.settings import Settings
from eval import gathering, logistic, ranking
from eval.gold import Item, load_dev
from eval.summary import PASSAGE_KINDS

MOST = {"written": 0.025, "plain": 0.015}  # less where the plan is new to the embedding, and all comes less near
FOLDS = 10


def examples(assistant: Assistant, items: list[Item]) -> tuple[list[Signals], list[bool]]:
    """Return the signals of each question that is judged, and whether it is unanswerable."""
    reader = assistant.reader()
    signals, labels = [], []
    for item in items:
        for turn, before in zip(item.turns, _before(item), strict=True):
            understood = reader.understand(turn.question, before)
            found = reader.look(understood)
            claims = reader.weigh(understood, found)
            if claims and not understood.resolved.asks_source and understood.outright is None:
                chat = understood.odds[Route.CHAT]
                signals.append(reader.judge.measure.signals(understood.question, claims[0], found, chat))
                labels.append(bool(turn.reasons))
    return signals, labels


def _before(item: Item) -> list[list[Turn]]:
    """Return for each turn of an item the turns before it, as if they had been answered right."""
    turns = [Turn(t.question, t.question, tuple(e.start for e in t.evidence)) for t in item.turns]
    return [turns[:n] for n in range(len(turns))]


def fit(signals: list[Signals], labels: list[bool], most: float) -> tuple[Scale, float, float]:
    """Return the scale, and the shares of unanswerable and answerable questions that it refuses when held out."""
    names = sorted({n for s in signals for n in s})
    x, y = np.array([[s[n] for n in names] for s in signals]), np.array(labels)
    fitted, held_out = logistic.fit(names, x, y, FOLDS)
    threshold = float(np.quantile(held_out[~y], 1 - most))
    scale = Scale(fitted.bias, fitted.weights, round(threshold, 4))
    return scale, float((held_out[y] > threshold).mean()), float((held_out[~y] > threshold).mean())


def main() -> None:
    """Fit all and print what held-out questions get; with --write, put the weights into the files that are read."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    ranks, scales, breadths, relevances = {}, {}, {}, {}
    for kind in ("written", "plain"):
        assistant = open_assistant(Settings(knowledge=kind == "written"))
        items = load_dev(assistant.reader().plan)
        ranks[kind], worth = ranking.fit(*ranking.examples(assistant, [i for i in items if i.kind in PASSAGE_KINDS]))
        print(f"{kind:8} first claims hold {worth:.3f} of the answers")
        read_ranks()[kind] = ranks[kind]
        breadths[kind], area = gathering.fit_breadth(assistant, items)
        print(f"{kind:8} area under ROC of what is over several sections {area:.3f}")
        relevances[kind], area = gathering.fit_relevance(assistant, items)
        print(f"{kind:8} area under ROC of the sentences that answer it {area:.3f}")
        scales[kind], refused, wrongly = fit(*examples(assistant, [i for i in items if i.kind != "whole"]), MOST[kind])
        print(f"{kind:8} refused {refused:.3f} of the unanswerable, {wrongly:.3f} of the others")
    if options.write:
        RANKS.write_text(json.dumps(ranks, indent=1) + "\n", "utf-8")
        for path, fitted in ((BREADTH, breadths), (RELEVANCE, relevances), (SCALES, scales)):
            rows = {kind: asdict(one) for kind, one in fitted.items()}
            path.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
