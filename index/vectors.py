"""Keep unit vectors in FAISS and search them by inner product."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import faiss
import numpy as np

from index.known import Vectors
from index.lexical import Scores


class VectorIndex:
    """Hold vectors for exact search, which under 100,000 rows is also the fastest."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        faiss.omp_set_num_threads(1)

    @classmethod
    def build(cls, vectors: Vectors) -> VectorIndex:
        """Index vectors of shape (rows, dimensions)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Read a file that `save` wrote; FAISS raises RuntimeError for a damaged one."""
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Write the index in FAISS's own format."""
        faiss.write_index(self._index, str(path))

    @property
    def vectors(self) -> Vectors:
        """Return a copy of all vectors, shape (rows, dimensions)."""
        return np.asarray(self._index.reconstruct_n(0, self._index.ntotal), dtype=np.float32)

    def rows(self, numbers: Sequence[int]) -> Vectors:
        """Return a copy of some vectors, shape (len(numbers), dimensions)."""
        return np.array(self._view[list(numbers)], dtype=np.float32)

    def scores(self, query: Vectors) -> Scores:
        """Return the cosine of every row, shape (rows,), 0 where it is negative."""
        return np.asarray(np.maximum(self._view @ query.ravel(), 0), dtype=np.float32)

    @cached_property
    def _view(self) -> Vectors:
        """Return FAISS's own memory; it must not outlive the index."""
        flat = faiss.rev_swig_ptr(self._index.get_xb(), self._index.ntotal * self._index.d)  # type: ignore[attr-defined]
        return np.asarray(flat.reshape(self._index.ntotal, self._index.d))
