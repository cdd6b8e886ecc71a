"""Group units by the passage that they speak for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.lexical import Scores

Rows = npt.NDArray[np.intp]


class Segments:
    """Hold the rows of some units, passage by passage."""

    def __init__(self, rows: Rows, owners: Rows, passages: int) -> None:
        """Group `rows`; `owners` gives the passage of every unit."""
        self.rows = rows[np.argsort(owners[rows], kind="stable")]
        self._bounds = np.searchsorted(owners[self.rows], np.arange(passages + 1))
        self._filled = np.flatnonzero(np.diff(self._bounds))

    def of(self, passage: int) -> Rows:
        """Return the rows of one passage."""
        return self.rows[self._bounds[passage] : self._bounds[passage + 1]]

    def best(self, scores: Scores) -> Scores:
        """Return each passage's best score, 0 where it has none; shape (…, units) in, (…, passages) out."""
        found = np.zeros((*scores.shape[:-1], len(self._bounds) - 1), dtype=np.float32)
        if self._filled.size:
            starts = self._bounds[self._filled]
            found[..., self._filled] = np.maximum.reduceat(scores[..., self.rows], starts, axis=-1)
        return found
