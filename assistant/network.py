"""Fit and apply small networks: one hidden layer over a vector, three seeds averaged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from index.known import Vectors

SEEDS = (1, 2, 3)


class Network:
    """Hold the networks of one file, read at first use."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def logits(self, x: Vectors) -> Vectors:
        """Return the log-odds of each class, or of the second of two, from x of shape (cases, features)."""
        hidden, hidden_bias, out, out_bias = self._layers
        return np.asarray(np.maximum(x @ hidden + hidden_bias, 0) @ out + out_bias, dtype=np.float32)

    @cached_property
    def classes(self) -> list[str]:
        """Return the names of the classes, in the order of the log-odds."""
        from safetensors import safe_open

        with safe_open(self._path, "numpy") as file:
            return [str(name) for name in json.loads(file.metadata()["classes"])]

    @cached_property
    def _layers(self) -> tuple[Vectors, Vectors, Vectors, Vectors]:
        """Return the weights of all networks side by side, so that one pass gives their mean."""
        from safetensors.numpy import load_file

        held = {name: array.astype(np.float32) for name, array in load_file(self._path).items()}
        hidden, hidden_bias, out, out_bias = (
            [held[f"{name}.{seed}"] for seed in SEEDS] for name in ("hidden", "hidden_bias", "out", "out_bias")
        )
        mean = [np.asarray(a / len(SEEDS), dtype=np.float32) for a in (np.concatenate(out), np.sum(out_bias, axis=0))]
        return np.hstack(hidden), np.concatenate(hidden_bias), mean[0], mean[1]


def train(path: Path, x: Vectors, labels: Sequence[str], *, hidden: int, rounds: int, decay: float) -> None:
    """Fit networks on x of shape (cases, features), each about of unit size, and write them."""
    from safetensors.numpy import save_file
    from sklearn.neural_network import MLPClassifier

    held: dict[str, Vectors] = {}
    for seed in SEEDS:
        model = MLPClassifier((hidden,), alpha=decay, max_iter=rounds, random_state=seed).fit(x, labels)
        held |= {f"{name}.{seed}": array for name, array in zip(("hidden", "out"), model.coefs_, strict=True)}
        held |= {f"{name}_bias.{seed}": array for name, array in zip(("hidden", "out"), model.intercepts_, strict=True)}
    classes = json.dumps([str(c) for c in model.classes_])
    save_file({name: tensor.astype(np.float16) for name, tensor in held.items()}, path, metadata={"classes": classes})
