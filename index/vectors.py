"""Keep unit vectors in FAISS and search them by inner product."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np

from index.embedders import Vectors
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
        """Return all vectors, shape (rows, dimensions)."""
        return np.asarray(self._index.reconstruct_n(0, self._index.ntotal), dtype=np.float32)

    def scores(self, query: Vectors, depth: int = 400) -> Scores:
        """Return the cosine of the `depth` nearest rows, shape (rows,), 0 for those beyond."""
        out = np.zeros(self._index.ntotal, dtype=np.float32)
        near, ids = self._index.search(np.ascontiguousarray(query.reshape(1, -1)), min(depth, self._index.ntotal))
        kept = ids[0] >= 0
        out[ids[0][kept]] = np.maximum(near[0][kept], 0)
        return out
