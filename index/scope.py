"""Tell questions that a plan could answer from general knowledge and small talk.

A logistic regression over the bundled embedding, trained by `python -m index.scope`; the weights lie
beside the model. Positives are the written questions of the shipped plan, negatives everyday
sentences and reading-comprehension questions on other matters.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.embedders import BUNDLED, Embedder, make_embedder
from ingest.normal import fold
from ingest.shelf import DEFAULT_PLAN, SHIPPED

WEIGHTS = BUNDLED / "scope.json"
SEED = 14


class Scope:
    """Estimate how likely a question is to be one about a plan."""

    def __init__(self, embedder: Embedder, weights: Path = WEIGHTS) -> None:
        raw = json.loads(weights.read_text("utf-8"))
        self._embedder, self._bias = embedder, float(raw["bias"])
        self._weights = np.array(raw["weights"], dtype=np.float32)

    def likelihood(self, question: str) -> float:
        """Return the probability, 0 to 1, that a plan is what the question is about."""
        score = float(self._embedder.encode([question], query=True)[0] @ self._weights) + self._bias
        return float(1 / (1 + np.exp(-score)))


def train(corpora: Path) -> dict[str, object]:
    """Fit the weights on the written questions against the corpora's everyday ones."""
    from sklearn.linear_model import LogisticRegression

    rng = random.Random(SEED)
    bank = (SHIPPED / DEFAULT_PLAN / "questions.jsonl").read_text("utf-8").splitlines()
    positive = [json.loads(line)["question"] for line in bank]
    negative = sorted({fold(t) for t in _elsewhere(corpora)})
    negative = rng.sample(negative, min(len(negative), 2 * len(positive)))
    vectors = make_embedder("bundled").encode([*positive, *negative], query=True)
    labels = np.array([1] * len(positive) + [0] * len(negative))
    model = LogisticRegression(C=20.0, class_weight="balanced", max_iter=500).fit(vectors, labels)
    return {"bias": round(float(model.intercept_[0]), 4), "weights": [round(float(w), 4) for w in model.coef_[0]]}


def _elsewhere(corpora: Path) -> Iterator[str]:
    """Yield questions and sentences that no plan would answer, Chinese and English."""
    for name in ("cmrc2018-trial", "drcd-dev", "drcd-test"):
        with lzma.open(corpora / f"{name}.json.xz", "rt", encoding="utf8") as file:
            for article in json.load(file)["data"]:
                for paragraph in article["paragraphs"]:
                    yield from (q["question"] for q in paragraph["qas"])
    with lzma.open(corpora / "parallel-tatoeba.tsv.xz", "rt", encoding="utf8") as file:
        for line in file:
            yield from line.rstrip("\n").split("\t")[:2]


def main() -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    WEIGHTS.write_text(json.dumps(train(parser.parse_args().corpora)), "utf-8")


if __name__ == "__main__":
    main()
