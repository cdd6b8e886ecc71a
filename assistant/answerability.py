"""Estimate from two vectors whether a sentence leaves a question open: a small network over question and sentence.

The two vectors, their product and their difference go through one hidden layer (the features of
InferSent: Conneau et al. 2017, arXiv:1705.02364). Trained by `python -m assistant.answerability` on the
shipped plan's written questions, those that it answers and those that it does not; what it learns is the
form of such questions, so that it serves other plans too.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.evidence import Claim
from index.embedders import bundled, make_embedder
from index.known import Vectors
from index.search import Searcher
from ingest.knowledge import Knowledge
from ingest.model import Plan, Sentence

WEIGHTS = Path(__file__).parent / "data" / "answerability.safetensors"
HIDDEN, SEEDS, ROUNDS, DECAY = 128, (1, 2, 3), 10, 1e-3
SURE = 6.0  # log-odds at which the estimate is cut
Array = npt.NDArray[np.float32]


class Answerability:
    """Judge pairs of a question and a claim of one plan."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher, self._embedder = searcher, bundled(searcher.embedder)

    @cached_property
    def _layers(self) -> list[tuple[Array, Array, Array, Array]]:
        from safetensors.numpy import load_file

        held = load_file(WEIGHTS)
        names = ("hidden", "hidden_bias", "out", "out_bias")
        return [tuple(held[f"{n}.{seed}"].astype(np.float32) for n in names) for seed in SEEDS]

    def doubt(self, question: str, claim: Claim) -> float:
        """Return the log-odds that a claim leaves a question open: of its sentences, the one that does least."""
        asked = self._embedder.encode([question], query=True)
        pairs = features(np.repeat(asked, len(claim.sentences), axis=0), self._vectors(claim))
        found = np.mean([(np.maximum(pairs @ h + hb, 0) @ o + ob).ravel() for h, hb, o, ob in self._layers], axis=0)
        return float(np.clip(found.min(), -SURE, SURE))

    def _vectors(self, claim: Claim) -> Vectors:
        if self._embedder is self._searcher.embedder:
            return self._searcher.vectors_of(claim.sentences)
        return self._embedder.encode([self._searcher.plan.text[s.start : s.end] for s in claim.sentences])


def features(questions: Vectors, sentences: Vectors) -> Array:
    """Return what the network sees of each pair, each feature about of unit size; shape (pairs, 3 x dimensions)."""
    scale = np.sqrt(questions.shape[1])
    return np.hstack(
        [questions * scale, questions * sentences * scale**2, np.abs(questions - sentences) * scale]
    ).astype(np.float32)


def examples(plan: Plan, knowledge: Knowledge) -> tuple[list[str], list[str], list[bool]]:
    """Return questions, a sentence for each, and whether it leaves the question open."""

    def text(sentence: Sentence) -> str:
        return plan.text[sentence.start : sentence.end]

    answered = [(e.question, text(e.evidence[0]), False) for e in knowledge.bank]
    rows = answered + [(u.question, text(u.near[0]), True) for u in knowledge.unanswered]
    return [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]


def main() -> None:
    """Train and write the weights."""
    from safetensors.numpy import save_file
    from sklearn.neural_network import MLPClassifier

    from index.training_pairs import shipped

    questions, sentences, left_open = examples(*shipped())
    encode = make_embedder("bundled").encode
    pairs = features(encode(questions, query=True), encode(sentences))
    held: dict[str, Array] = {}
    for seed in SEEDS:
        model = MLPClassifier((HIDDEN,), alpha=DECAY, max_iter=ROUNDS, random_state=seed)
        model.fit(pairs, left_open)
        (hidden, out), (hidden_bias, out_bias) = model.coefs_, model.intercepts_
        held |= {
            f"hidden.{seed}": hidden,
            f"hidden_bias.{seed}": hidden_bias,
            f"out.{seed}": out,
            f"out_bias.{seed}": out_bias,
        }
    save_file({name: tensor.astype(np.float16) for name, tensor in held.items()}, WEIGHTS)


if __name__ == "__main__":
    main()
