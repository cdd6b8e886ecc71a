"""Fit on dev questions what is over several sections, and which sentences answer what is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant import breadth
from assistant.assistant import Assistant
from assistant.question import read_question
from assistant.router import Route
from eval.gold import Item

FOLDS, LOOSE = 8, 0.3
Table = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def fit_breadth(assistant: Assistant, items: list[Item]) -> tuple[dict[str, float], float]:
    """Return the weights that tell questions over several sections, and the area under ROC of held-out ones."""
    reader = assistant.reader()
    rows, labels = [], []
    for item in (i for i in items if i.kind != "dialog"):
        understood = reader.understand(item.question)
        _, found = reader.weigh(understood)
        rows.append(breadth.signals(understood.question, understood.odds[Route.WHOLE], found))
        labels.append(item.kind == "whole")
    return _fit(list(rows[0]), np.array([list(r.values()) for r in rows]), np.array(labels), np.arange(len(rows)))


def fit_relevance(assistant: Assistant, items: list[Item]) -> tuple[dict[str, float], float]:
    """Return the weights that tell the sentences of an answer, and the area under ROC over held-out questions."""
    gather = assistant.reader().whole.gather
    names: list[str] = []
    tables, labels, groups = [], [], []
    for number, item in enumerate(i for i in items if i.kind == "whole"):
        found, _ = gather.signals(read_question(item.question))
        names = list(found)
        needed = {e.start for e in item.turns[0].evidence}
        tables.append(np.stack(list(found.values()), axis=1))
        labels.append(np.array([start in needed for start in gather.starts]))
        groups.append(np.full(len(labels[-1]), number))
    return _fit(names, np.vstack(tables).astype(np.float64), np.concatenate(labels), np.concatenate(groups))


def _fit(names: list[str], x: Table, y: Flags, groups: npt.NDArray[np.intp]) -> tuple[dict[str, float], float]:
    held_out = cross_val_predict(_model(), x, y, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba")[:, 1]
    model = _model().fit(x, y)
    weights = model[-1].coef_[0] / model[0].scale_
    bias = float(model[-1].intercept_[0] - (weights * model[0].mean_).sum())
    scale = {"bias": round(bias, 4)} | {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}
    return scale, float(roc_auc_score(y, held_out))


def _model() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=LOOSE, max_iter=1_000))
