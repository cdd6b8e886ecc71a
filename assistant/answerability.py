"""Estimate whether a sentence leaves a question open, from their two vectors and from the question's wording.

The two vectors, their product and their difference go through one hidden layer (the features of
InferSent: Conneau et al. 2017, arXiv:1705.02364); the n-grams of the question, each marked by whether
the sentence shares it, through a logistic regression. Trained by `python -m assistant.answerability`
on the shipped plan's written questions, those that it answers and those that it does not; what they
learn is the form of such questions, so that they serve other plans too.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from assistant import network, wording
from assistant.evidence import Claim
from assistant.network import Network
from assistant.wording import Wording, compared
from index.embedders import bundled, make_embedder
from index.known import Vectors
from index.search import Searcher
from ingest.knowledge import Knowledge
from ingest.model import Plan

DATA = Path(__file__).parent / "data"
WEIGHTS, WORDING = DATA / "answerability.safetensors", DATA / "answerability-wording.json"
HIDDEN, ROUNDS, DECAY = 128, 10, 1e-3
LONGEST, LOOSE = 3, 40.0
SURE = 6.0  # log-odds at which the network's estimate is cut


class Answerability:
    """Judge pairs of a question and a claim of one plan."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher, self._embedder = searcher, bundled(searcher.embedder)
        self._network, self._wording = Network(WEIGHTS), Wording(WORDING)

    def doubt(self, question: str, claim: Claim) -> float:
        """Return the log-odds that a claim leaves a question open: of its sentences, the one that does least."""
        asked = self._embedder.encode([question], query=True)
        pairs = features(np.repeat(asked, len(claim.sentences), axis=0), self._vectors(claim))
        return float(np.clip(self._network.logits(pairs).min(), -SURE, SURE))

    def worded(self, question: str, claim: Claim) -> float:
        """Return the same by what the question's wording shares with the claim and what is new in it."""
        return self._wording.log_odds(compared(_undated(question, self._searcher.plan), claim.text(), LONGEST))

    def _vectors(self, claim: Claim) -> Vectors:
        if self._embedder is self._searcher.embedder:
            return self._searcher.vectors_of(claim.sentences)
        return self._embedder.encode([self._searcher.plan.text[s.start : s.end] for s in claim.sentences])


def _undated(question: str, plan: Plan) -> str:
    """Take the plan's last year, which every target implies, out of a question."""
    return re.sub(rf"{plan.info.period[1]}年?", "", question) if plan.info.period else question


def features(questions: Vectors, sentences: Vectors) -> Vectors:
    """Return what the network sees of each pair, each feature about of unit size; shape (pairs, 3 x dimensions)."""
    scale = np.sqrt(questions.shape[1])
    return np.hstack(
        [questions * scale, questions * sentences * scale**2, np.abs(questions - sentences) * scale]
    ).astype(np.float32)


def examples(plan: Plan, knowledge: Knowledge) -> tuple[list[str], list[list[str]], list[bool]]:
    """Return questions, the sentences nearest to each, and whether they leave the question open."""
    answered = [(e.question, e.evidence, False) for e in knowledge.bank]
    rows = answered + [(u.question, u.near, True) for u in knowledge.unanswered]
    near = [[plan.text[s.start : s.end] for s in sentences] for _, sentences, _ in rows]
    return [r[0] for r in rows], near, [r[2] for r in rows]


def main() -> None:
    """Train and write the weights."""
    from index.training_pairs import shipped

    plan, knowledge = shipped()
    questions, near, left_open = examples(plan, knowledge)
    encode = make_embedder("bundled").encode
    pairs = features(encode(questions, query=True), encode([sentences[0] for sentences in near]))
    network.train(WEIGHTS, pairs, list(map(str, left_open)), hidden=HIDDEN, rounds=ROUNDS, decay=DECAY)
    worded = [
        compared(_undated(q, plan), "".join(sentences), LONGEST) for q, sentences in zip(questions, near, strict=True)
    ]
    wording.train(WORDING, worded, left_open, loose=LOOSE)


if __name__ == "__main__":
    main()
