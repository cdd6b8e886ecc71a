"""Keep the vectors of texts that ship with the program, one byte a dimension, found by a hash of the text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
SCALE = 127.0


class KnownVectors:
    """Look up vectors in a file made for one model; a missing file, or one of another model, knows nothing."""

    def __init__(self, path: Path, model: str) -> None:
        self._path, self._model = path, model

    @cached_property
    def _rows(self) -> tuple[dict[int, int], npt.NDArray[np.int8], npt.NDArray[np.float32]]:
        from safetensors import safe_open

        if not self._path.is_file():
            return {}, np.zeros((0, 0), dtype=np.int8), np.zeros(0, dtype=np.float32)
        with safe_open(self._path, "numpy") as file:
            keys = file.get_tensor("keys") if (file.metadata() or {}).get("model") == self._model else []
            return {int(k): i for i, k in enumerate(keys)}, file.get_tensor("vectors"), file.get_tensor("scales")

    def fill(self, out: Vectors, texts: Sequence[str]) -> list[int]:
        """Fill the rows of known texts and return the numbers of the others."""
        places, vectors, scales = self._rows
        found = [places.get(key(t), -1) for t in texts]
        rows = [i for i, at in enumerate(found) if at >= 0]
        at = [found[i] for i in rows]
        out[rows] = unit(vectors[at].astype(np.float32) * scales[at][:, None]) if rows else 0
        return [i for i, place in enumerate(found) if place < 0]


def key(text: str) -> int:
    """Return 63 bits of a text's SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def unit(vectors: Vectors) -> Vectors:
    """Bring rows to unit length; a zero row stays."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def save(path: Path, model: str, texts: Sequence[str], vectors: Vectors) -> None:
    """Write the vectors of texts, each scaled to its largest component."""
    from safetensors.numpy import save_file

    unique = {key(t): i for i, t in enumerate(texts)}
    kept = vectors[list(unique.values())]
    scales = np.abs(kept).max(axis=1) / SCALE + 1e-12
    tensors = {
        "keys": np.array(list(unique), dtype=np.int64),
        "vectors": np.rint(kept / scales[:, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
    }
    save_file(tensors, path, metadata={"model": model})
