"""Fit logistic regressions over named signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.logistic import Logistic

LOOSE = 0.3
Table = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def fit(names: Sequence[str], x: Table, y: Flags, cv: Any, groups: Any = None) -> tuple[Logistic, Table]:
    """Return the regression of labels on signals, x of shape (cases, signals), and each case's probability held out."""
    held_out = cross_val_predict(_model(), x, y, groups=groups, cv=cv, method="predict_proba")[:, 1]
    model = _model().fit(x, y)
    weights = model[-1].coef_[0] / model[0].scale_
    bias = float(model[-1].intercept_[0] - (weights * model[0].mean_).sum())
    rounded = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return Logistic(round(bias, 4), rounded), held_out


def _model() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=LOOSE, max_iter=1_000))
