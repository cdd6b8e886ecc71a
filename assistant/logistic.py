"""Apply logistic regressions over named signals, fitted by `python -m eval.calibrate`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.floating[Any]]
Value = TypeVar("Value", float, Column)


@dataclass(frozen=True, slots=True)
class Logistic:
    """Hold a bias, and the weight of each signal."""

    bias: float
    weights: dict[str, float]

    def probability(self, signals: Mapping[str, Value]) -> Value:
        """Return the probability, 0 to 1, of one case, or of many whose signals are columns."""
        score = self.bias + sum(weight * signals[name] for name, weight in self.weights.items())
        found: Value = 1 / (1 + np.exp(-score))
        return found


@cache
def read_logistics(path: Path) -> dict[str, Logistic]:
    """Read a file's regressions: `written` for plans about which questions are written, `plain` for others."""
    return {name: Logistic(**row) for name, row in json.loads(path.read_text("utf-8")).items()}
