"""Fit on dev questions how claims are ranked, what is over several sections, and what a plan leaves open.

`python -m eval.calibrate [--write]`; once with what is written about the shipped plan, once for plans
about which nothing is written, of which those of `OTHERS` must have been added with `plan-assistant
ingest`. The threshold is the lowest at which no more than `MOST` of the answerable dev questions are
refused, each judged by weights fitted on the others; for plans about which nothing is written, of
those on other plans, since the embedding has seen the shipped one. The test half is never read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedKFold

from assistant.answer import Turn
from assistant.assistant import Assistant, open_assistant
from assistant.breadth import BREADTH
from assistant.evidence import RANKS, Signals, read_ranks
from assistant.logistic import Logistic
from assistant.refusal import SCALES, Scale
from assistant.relevance import RELEVANCE
from assistant.router import Route
from assistant.settings import Settings
from eval import gathering, logistic, ranking
from eval.gold import OTHERS, Item, load_dev, load_gold
from eval.summary import PASSAGE_KINDS

MOST = {"written": 0.0275, "plain": 0.035}
FOLDS, SEED = 10, 14
Cases = list[tuple[Assistant, list[Item]]]  # questions, each lot with what answers it


def cases(kind: str) -> Cases:
    """Open what answers the dev questions of a kind: on the shipped plan, or on others of which nothing is written."""
    shipped = open_assistant(Settings(knowledge=kind == "written"))
    lots = [(shipped, load_dev(shipped.reader().plan))]
    if kind == "plain":
        others = [(open_assistant(Settings(plan=plan)), path) for plan, path in OTHERS.items()]
        lots += [(assistant, load_gold(path, assistant.reader().plan)) for assistant, path in others]
    return lots


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


def fit(signals: list[Signals], labels: list[bool], most: float, last: int) -> tuple[Scale, float, float]:
    """Return the scale, and the shares of unanswerable and answerable questions that it refuses when held out.

    The threshold and the shares are those of the `last` questions.
    """
    names, x, y = _table(signals, labels)
    fitted, held_out = logistic.fit(names, x, y, StratifiedKFold(FOLDS, shuffle=True, random_state=SEED))
    y, held_out = y[-last:], held_out[-last:]
    threshold = float(np.quantile(held_out[~y], 1 - most))
    scale = Scale(fitted.bias, fitted.weights, round(threshold, 4))
    return scale, float((held_out[y] > threshold).mean()), float((held_out[~y] > threshold).mean())


def fit_breadth(signals: list[Signals], labels: list[bool]) -> tuple[Logistic, float]:
    """Return the weights that tell questions over several sections, and the area under ROC of held-out ones."""
    names, x, y = _table(signals, labels)
    fitted, held_out = logistic.fit(names, x, y, GroupKFold(FOLDS), np.arange(len(y)))
    return fitted, float(roc_auc_score(y, held_out))


def fit_relevance(rows: list[gathering.Sentences]) -> tuple[Logistic, float]:
    """Return the weights that tell the sentences of an answer, and the area under ROC over held-out questions."""
    groups = np.concatenate([np.full(len(answering), n) for n, (_, _, answering) in enumerate(rows)])
    x, y = np.vstack([signals for _, signals, _ in rows]), np.concatenate([answering for _, _, answering in rows])
    fitted, held_out = logistic.fit(rows[0][0], x, y, GroupKFold(FOLDS), groups)
    return fitted, float(roc_auc_score(y, held_out))


def _table(signals: list[Signals], labels: list[bool]) -> tuple[list[str], logistic.Table, logistic.Flags]:
    names = sorted({n for s in signals for n in s})
    return names, np.array([[s[n] for n in names] for s in signals]), np.array(labels)


def _joined(found: Iterable[tuple[list[Signals], list[bool]]]) -> tuple[list[Signals], list[bool]]:
    lots = list(found)
    return [s for signals, _ in lots for s in signals], [label for _, labels in lots for label in labels]


def main() -> None:
    """Fit all and print what held-out questions get; with --write, put the weights into the files that are read."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    fitted = {kind: calibrate(kind) for kind in ("written", "plain")}
    if options.write:
        for path, name in ((RANKS, "ranks"), (BREADTH, "breadth"), (RELEVANCE, "relevance"), (SCALES, "scale")):
            rows = {kind: getattr(one, name) for kind, one in fitted.items()}
            rows = {kind: row if isinstance(row, dict) else asdict(row) for kind, row in rows.items()}
            path.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Hold all weights for plans of one kind."""

    ranks: Signals
    breadth: Logistic
    relevance: Logistic
    scale: Scale


def calibrate(kind: str) -> Calibration:
    """Fit the weights for one kind of plans, and print what held-out questions get."""
    lots = cases(kind)
    own = lots[1:] or lots  # the plans that are of this kind in earnest
    ranks, worth = ranking.fit(
        [row for a, items in lots for row in ranking.examples(a, [i for i in items if i.kind in PASSAGE_KINDS])]
    )
    print(f"{kind:8} first claims hold {worth:.3f} of the answers")
    read_ranks()[kind] = ranks
    broad, area = fit_breadth(*_joined(gathering.breadth_examples(a, items) for a, items in lots))
    print(f"{kind:8} area under ROC of what is over several sections {area:.3f}")
    relevance, area = fit_relevance([row for a, items in own for row in gathering.relevance_examples(a, items)])
    print(f"{kind:8} area under ROC of the sentences that answer it {area:.3f}")
    judged = [examples(a, [i for i in items if i.kind != "whole"]) for a, items in lots]
    last = sum(len(labels) for _, labels in judged[-len(own) :])
    scale, refused, wrongly = fit(*_joined(judged), MOST[kind], last)
    print(f"{kind:8} refused {refused:.3f} of the unanswerable, {wrongly:.3f} of the others")
    return Calibration(ranks, broad, relevance, scale)


if __name__ == "__main__":
    main()
