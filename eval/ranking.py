"""Fit the ranking of claims on dev questions: claims that hold the answer are to come before the others."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from assistant.assistant import Assistant
from assistant.evidence import Claim, Signals, candidates
from assistant.question import Asks, Question, read_question
from eval.gold import Item
from eval.match import holds
from eval.metrics import LONGEST

LOOSE, FOLDS, DEPTH, SEED = 1.0, 8, 5, 14
Array = npt.NDArray[np.float64]
Example = tuple[list[str], Array, Array]  # signals' names, those of the claims on a question, and what each is worth


def examples(assistant: Assistant, items: list[Item]) -> list[Example]:
    """Return for each question its claims' signals, and how much of the answer each claim holds."""
    rows: list[Example] = []
    for item in items:
        question = read_question(item.question, assistant.reader().plan.info.period)
        found = candidates(question, assistant.search(item.question, top_k=DEPTH))
        if found:
            worths = [_worth(claim, question, item) for claim, _ in found]
            rows.append((list(found[0][1]), np.array([list(s.values()) for _, s in found]), np.array(worths)))
    return rows


def _worth(claim: Claim, question: Question, item: Item) -> float:
    """Return 0 to 1: half for a sentence of the evidence, half for the share of facts shown; less where it is long."""
    turn = item.turns[0]
    half = 0.5 * any(s.start < e.end and e.start < s.end for s in claim.sentences for e in turn.evidence)
    shown = "、".join(claim.answers) if question.asks == Asks.LIST and len(claim.answers) > 2 else claim.text()
    long = len(shown) > LONGEST[item.kind]
    held = half if item.language == "en" else 0.5 * float(np.mean([holds(shown, facts) for facts in turn.facts]))
    return max(0.0, half + held - 0.3 * long)


def fit(rows: list[Example]) -> tuple[Signals, float]:
    """Return the weights, which add up to 1 over what speaks for a claim, and the worth of held-out first claims."""
    worths = []
    for train, rest in KFold(FOLDS, shuffle=True, random_state=SEED).split(rows):
        weights = _fitted([rows[i] for i in train])
        worths += [rows[i][2][int(np.argmax(rows[i][1] @ weights))] for i in rest]
    weights = _fitted(rows)
    weights = weights / weights[weights > 0].sum()
    return {n: round(float(w), 4) for n, w in zip(rows[0][0], weights, strict=True)}, float(np.mean(worths))


def _fitted(rows: list[Example]) -> Array:
    better, weight = [], []
    for _, signals, worths in rows:
        best = np.flatnonzero(worths >= worths.max() - 1e-9)[:6] if worths.max() > 0 else np.zeros(0, dtype=int)
        for i, j in product(best, range(len(worths))):
            if worths[j] < worths[i] - 0.3:
                better.append(signals[i] - signals[j])
                weight.append(1 / len(best))
    x = np.vstack([better, -np.array(better)])
    y = np.repeat([1, 0], len(better))
    model = LogisticRegression(C=LOOSE, fit_intercept=False, max_iter=1_000)
    return np.asarray(model.fit(x, y, sample_weight=np.tile(weight, 2)).coef_[0])
