"""Tell what kind of question it is, and whether it can be understood without the one before.

Two logistic regressions over the bundled embedding, trained by `python -m assistant.router` on the
written examples of `data/routes.jsonl`, on the follow-ups that the embedding was trained on, and on
the written questions of the shipped plan.
"""

from __future__ import annotations

import json
import random
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.question import language
from index.embedders import Embedder, bundled, make_embedder
from index.words import content_words

DATA = Path(__file__).parent / "data"
WEIGHTS = DATA / "router.json"
SEED, SAMPLE, ALONE, LOOSE = 14, 4_000, 800, 20.0
Vector = npt.NDArray[np.float32]


class Route(StrEnum):
    """Name what a question is."""

    PASSAGE = "passage"
    WHOLE = "whole"
    CHAT = "chat"
    UNSAFE = "unsafe"


Odds = dict[Route, float]


class Router:
    """Estimate the kind of a question."""

    def __init__(self, embedder: Embedder) -> None:
        raw = json.loads(WEIGHTS.read_text("utf-8"))
        self._embedder = bundled(embedder)
        self._routes, self._leaning = _Regression(raw["routes"]), _Regression(raw["leaning"])

    def route(self, question: str) -> Odds:
        """Return the probability of each kind; they sum to 1."""
        odds = self._routes.odds(self._embedder.encode([question], query=True)[0])
        return {Route(name): odd for name, odd in odds.items()}

    def leans(self, question: str) -> float:
        """Return the probability that a question needs the one before to be understood: 那乡村呢?"""
        vector = self._embedder.encode([question], query=True)[0]
        return self._leaning.odds(np.concatenate([vector, shape(question)]))["True"]


class _Regression:
    """Hold a fitted logistic regression of two or more classes."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._classes: list[str] = raw["classes"]
        self._bias, self._weights = np.array(raw["bias"]), np.array(raw["weights"], dtype=np.float32)

    def odds(self, x: Vector) -> dict[str, float]:
        logits = self._weights @ x + self._bias
        if len(logits) == 1:
            logits = np.array([0.0, logits[0]])
        odds = np.exp(logits - logits.max())
        return {c: float(p) for c, p in zip(self._classes, odds / odds.sum(), strict=True)}


def shape(question: str) -> Vector:
    """Return how long a question is, in words that carry meaning and in characters, and whether it is English."""
    words = min(len(content_words(question)), 12) / 6
    return np.array([words, min(len(question), 90) / 30, language(question) == "en"], dtype=np.float32)


def train() -> dict[str, Any]:
    """Fit both; the plan's written questions are further examples of questions on a passage, which stand alone."""
    from index.training_pairs import FOLLOWUPS, SWITCH, shipped

    rows = _rows(DATA / "routes.jsonl")
    following = [r | {"leans": r["kind"] < SWITCH} for r in _rows(FOLLOWUPS)]
    _, knowledge = shipped()
    written = [e.question for e in knowledge.bank] + [u.question for u in knowledge.unanswered]
    more = random.Random(SEED).sample(written, SAMPLE)
    rows += [{"question": q, "route": str(Route.PASSAGE)} for q in more]
    following += [{"question": q, "leans": False} for q in more[:ALONE]]
    encode = make_embedder("bundled").encode
    known, later = (encode([r["question"] for r in some], query=True) for some in (rows, following))
    shapes = np.array([shape(r["question"]) for r in following])
    return {
        "routes": _fitted(known, [r["route"] for r in rows]),
        "leaning": _fitted(np.hstack([later, shapes]), [str(r["leans"]) for r in following]),
    }


def _fitted(x: Vector, y: list[str]) -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=LOOSE, max_iter=500).fit(x, y)
    return {
        "classes": [str(c) for c in model.classes_],
        "bias": [round(float(b), 3) for b in model.intercept_],
        "weights": [[round(float(w), 3) for w in row] for row in model.coef_],
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    """Train and write the weights."""
    WEIGHTS.write_text(json.dumps(train()), "utf-8")


if __name__ == "__main__":
    main()
