"""Tell what kind of question it is, and whether it can be understood without the one before.

A small network and a logistic regression over the bundled embedding, and another regression over the
wording, trained by `python -m assistant.router` on the written examples of `data/routes.jsonl`, on the
follow-ups that the embedding was trained on, and on the written questions of the shipped plan.
"""

from __future__ import annotations

import json
import random
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from assistant import network, wording
from assistant.network import Network
from assistant.question import language
from assistant.wording import Wording, grams
from index.embedders import DIMENSIONS, Embedder, bundled, make_embedder
from index.known import Vectors
from index.words import content_words

DATA = Path(__file__).parent / "data"
ROUTES, WORDING, LEANING = DATA / "router.safetensors", DATA / "router-wording.json", DATA / "leaning.json"
SEED, SAMPLE, ALONE = 14, 8_000, 800
HIDDEN, ROUNDS, DECAY = 32, 30, 1e-2  # of the network
LONGEST, LOOSE, LOOSE_LEANING = 4, 5.0, 20.0  # of the wording, and of the regressions
UNIT = np.float32(np.sqrt(DIMENSIONS))  # brings a vector's features to about unit size


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
        self._embedder = bundled(embedder)
        self._routes, self._wording = Network(ROUTES), Wording(WORDING)
        raw = json.loads(LEANING.read_text("utf-8"))
        self._bias, self._weights = raw["bias"], np.array(raw["weights"], dtype=np.float32)

    def route(self, question: str) -> Odds:
        """Return the probability of each kind; they sum to 1."""
        logits = self._routes.logits(self._embedder.encode([question], query=True) * UNIT)[0]
        odds = np.exp(logits - logits.max())
        return {Route(name): float(p) for name, p in zip(self._routes.classes, odds / odds.sum(), strict=True)}

    def worded_broadly(self, question: str) -> float:
        """Return the log-odds, by its wording, that a question is over several sections."""
        return self._wording.log_odds(grams(question, LONGEST))

    def leans(self, question: str) -> float:
        """Return the probability that a question needs the one before to be understood: 那乡村呢?"""
        vector = self._embedder.encode([question], query=True)[0]
        score = self._bias + float(self._weights @ np.concatenate([vector, shape(question)]))
        return float(1 / (1 + np.exp(-score)))


def shape(question: str) -> Vectors:
    """Return how long a question is, in words that carry meaning and in characters, and whether it is English."""
    words = min(len(content_words(question)), 12) / 6
    return np.array([words, min(len(question), 90) / 30, language(question) == "en"], dtype=np.float32)


def train() -> None:
    """Fit all and write them; the plan's written questions are further examples that are on a passage and stand alone."""
    from index.training_pairs import FOLLOWUPS, SWITCH, shipped

    rows = _rows(DATA / "routes.jsonl")
    following = [r | {"leans": r["kind"] < SWITCH} for r in _rows(FOLLOWUPS)]
    _, knowledge = shipped()
    written = [e.question for e in knowledge.bank] + [u.question for u in knowledge.unanswered]
    more = random.Random(SEED).sample(written, SAMPLE)
    rows += [{"question": q, "route": str(Route.PASSAGE)} for q in more]
    wide = [r["question"] for r in rows if r["route"] in (Route.WHOLE, Route.UNSAFE)]
    alone = more[:ALONE] + random.Random(SEED).sample(wide, ALONE)
    following += [{"question": q, "leans": False} for q in alone]
    encode = make_embedder("bundled").encode
    known, later = (encode([r["question"] for r in some], query=True) for some in (rows, following))
    network.train(ROUTES, known * UNIT, [r["route"] for r in rows], hidden=HIDDEN, rounds=ROUNDS, decay=DECAY)
    broad = [r["route"] == Route.WHOLE for r in rows]
    wording.train(WORDING, [grams(r["question"], LONGEST) for r in rows], broad, loose=LOOSE)
    shapes = np.array([shape(r["question"]) for r in following])
    LEANING.write_text(json.dumps(_leaning(np.hstack([later, shapes]), [r["leans"] for r in following])), "utf-8")


def _leaning(x: Vectors, leans: list[bool]) -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=LOOSE_LEANING, max_iter=500).fit(x, leans)
    return {"bias": round(float(model.intercept_[0]), 3), "weights": [round(float(w), 3) for w in model.coef_[0]]}


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    train()
