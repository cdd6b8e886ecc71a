"""Fit on dev questions what is over several sections, and which sentences answer what is."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from assistant import breadth
from assistant.assistant import Assistant
from assistant.logistic import Logistic
from assistant.question import read_question
from assistant.router import Route
from eval.gold import Item
from eval.logistic import fit

FOLDS = 8


def fit_breadth(assistant: Assistant, items: list[Item]) -> tuple[Logistic, float]:
    """Return the weights that tell questions over several sections, and the area under ROC of held-out ones."""
    reader = assistant.reader()
    rows, labels = [], []
    for item in (i for i in items if i.kind != "dialog"):
        understood = reader.understand(item.question)
        found = reader.look(understood)
        routed, worded = understood.odds[Route.WHOLE], understood.worded
        rows.append(breadth.signals(understood.question, routed, worded, found))
        labels.append(item.kind == "whole")
    x, y = np.array([list(r.values()) for r in rows]), np.array(labels)
    fitted, held_out = fit(list(rows[0]), x, y, GroupKFold(FOLDS), np.arange(len(rows)))
    return fitted, float(roc_auc_score(y, held_out))


def fit_relevance(assistant: Assistant, items: list[Item]) -> tuple[Logistic, float]:
    """Return the weights that tell the sentences of an answer, and the area under ROC over held-out questions."""
    gather = assistant.reader().whole.gather
    names: list[str] = []
    tables, labels, groups = [], [], []
    for number, item in enumerate(i for i in items if i.kind == "whole"):
        found, _ = gather.signals(read_question(item.question, assistant.reader().plan.info.period))
        names = list(found)
        needed = {e.start for e in item.turns[0].evidence}
        tables.append(np.stack(list(found.values()), axis=1))
        labels.append(np.array([start in needed for start in gather.weigher.starts]))
        groups.append(np.full(len(labels[-1]), number))
    x, y = np.vstack(tables).astype(np.float64), np.concatenate(labels)
    fitted, held_out = fit(names, x, y, GroupKFold(FOLDS), np.concatenate(groups))
    return fitted, float(roc_auc_score(y, held_out))
