"""Fit and apply logistic regressions over the character n-grams of a question, each counted once, by tf-idf.

An embedding keeps what a question is about; how it is put (都有哪些, 帮我捋一捋, 的院长是谁) is in its wording.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from ingest.normal import fold

FEWEST = 5  # examples that an n-gram must stand in to be counted
SHARED, NEW = "=", "+"  # set before an n-gram that a sentence shares with the question, and before one it lacks


class Wording:
    """Hold one regression, read at first use."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def log_odds(self, grams: set[str]) -> float:
        """Return the log-odds of a text by its n-grams; unknown ones count for nothing."""
        bias, known = self._weights
        found = [known[g] for g in grams if g in known]
        length = math.sqrt(sum(rarity**2 for rarity, _ in found)) or 1.0
        return bias + sum(rarity * weight for rarity, weight in found) / length

    @cached_property
    def _weights(self) -> tuple[float, dict[str, tuple[float, float]]]:
        """Return the bias, and the inverse document frequency and the weight of each n-gram."""
        raw = json.loads(self._path.read_text("utf-8"))
        return raw["bias"], {gram: (rarity, weight) for gram, rarity, weight in raw["grams"]}


def grams(text: str, longest: int) -> set[str]:
    """Return the n-grams of a folded text, of one character up to `longest`."""
    folded = fold(text)
    return {folded[i : i + size] for size in range(1, longest + 1) for i in range(len(folded) - size + 1)}


def compared(question: str, sentence: str, longest: int) -> set[str]:
    """Return the n-grams of a question, each marked by whether a sentence shares it."""
    folded = fold(sentence)
    return {(SHARED if gram in folded else NEW) + gram for gram in grams(question, longest)}


def train(path: Path, texts: Sequence[set[str]], labels: Sequence[bool], *, loose: float) -> None:
    """Fit a regression on the n-grams of texts, and write it; `loose` is the inverse of the penalty."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    table = TfidfVectorizer(analyzer=sorted, min_df=FEWEST)
    model = LogisticRegression(C=loose, max_iter=3_000).fit(table.fit_transform(texts), labels)
    rows = zip(table.get_feature_names_out(), table.idf_, model.coef_[0], strict=True)
    held = [[str(gram), round(float(rarity), 2), round(float(weight), 2)] for gram, rarity, weight in rows]
    raw = {"bias": round(float(model.intercept_[0]), 3), "grams": held}
    path.write_text(json.dumps(raw, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
