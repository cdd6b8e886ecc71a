"""Keep unit vectors and compare them with a query; FAISS writes them to disk, and sketches very many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from index.known import Vectors
from index.lexical import Scores

MANY, NEAR = 10_000, 600  # from how many further rows only the nearest are compared, and how many those are
# Half a byte for two dimensions (product quantisation: Jégou et al. 2011, doi:10.1109/TPAMI.2010.57).
SKETCH = "PQ192x4fs"


class VectorIndex:
    """Hold vectors to compare with a query, all of them or, of very many, the nearest by a sketch.

    Reading every vector of a plan with 30,000 questions would push the encoder out of the processor's caches.
    """

    def __init__(self, vectors: Vectors, sketch: faiss.Index | None = None) -> None:
        """Take all rows, which NumPy keeps in large pages of memory, and a sketch of the last ones."""
        self.vectors, self._sketch = vectors, sketch
        faiss.omp_set_num_threads(1)

    @classmethod
    def build(cls, vectors: Vectors, exact: int | None = None) -> VectorIndex:
        """Index vectors of shape (rows, dimensions), of which at least the first `exact` are always compared."""
        others = vectors[len(vectors) if exact is None else exact :]
        return cls(np.ascontiguousarray(vectors), _sketch(others) if len(others) > MANY else None)

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Read what `save` wrote; FAISS raises RuntimeError for a damaged file."""
        rows, sketch = _read(folder / "units.faiss"), folder / "sketch.faiss"
        vectors = np.asarray(rows.reconstruct_n(0, rows.ntotal), dtype=np.float32)
        return cls(vectors, _read(sketch) if sketch.exists() else None)

    def save(self, folder: Path) -> None:
        """Write the rows and their sketch in FAISS's own format."""
        rows = faiss.IndexFlatIP(self.vectors.shape[1])
        rows.add(self.vectors)
        faiss.write_index(rows, str(folder / "units.faiss"))
        if self._sketch:
            faiss.write_index(self._sketch, str(folder / "sketch.faiss"))

    def rows(self, numbers: Sequence[int]) -> Vectors:
        """Return a copy of some vectors, shape (len(numbers), dimensions)."""
        return self.vectors[list(numbers)]

    def scores(self, query: Vectors) -> Scores:
        """Return the cosine of every row, shape (rows,), 0 where it is negative.

        A sketched row that is not among the nearest gets the cosine of the farthest of those.
        """
        return np.asarray(np.maximum(self._cosines(query.ravel()), 0), dtype=np.float32)

    def _cosines(self, query: Vectors) -> Scores:
        if self._sketch is None:
            return np.asarray(self.vectors @ query)
        exact = len(self.vectors) - self._sketch.ntotal
        near = exact + np.sort(self._sketch.search(query[None], NEAR)[1][0])
        close = self.vectors[near] @ query
        found = np.full(len(self.vectors), close.min(), dtype=np.float32)
        found[:exact], found[near] = self.vectors[:exact] @ query, close
        return found


def _sketch(vectors: Vectors) -> faiss.Index:
    """Learn a sketch of vectors and index them by it."""
    sketch = faiss.index_factory(vectors.shape[1], SKETCH, faiss.METRIC_INNER_PRODUCT)
    sketch.train(np.ascontiguousarray(vectors))
    sketch.add(np.ascontiguousarray(vectors))
    return sketch


def _read(path: Path) -> faiss.Index:
    return faiss.read_index(str(path))
