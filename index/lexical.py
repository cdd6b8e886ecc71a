"""Score texts by BM25 over search terms (Robertson & Zaragoza 2009; bm25s, Lucene's variant)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


class Lexical:
    """Hold a BM25 index over tokenised texts."""

    def __init__(self, model: bm25s.BM25, size: int) -> None:
        self._model, self._size = model, size

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]]) -> Lexical:
        """Index texts given as lists of terms; an empty text gets a term that nothing asks for."""
        model = bm25s.BM25(method="lucene", k1=1.2, b=0.6)
        model.index([list(t) or ["\x00"] for t in texts], show_progress=False)
        return cls(model, len(texts))

    @classmethod
    def load(cls, folder: Path) -> Lexical:
        """Read what `save` wrote."""
        model = bm25s.BM25.load(folder, load_corpus=False)
        return cls(model, int(model.scores["num_docs"]))

    def save(self, folder: Path) -> None:
        """Write arrays and JSON, no pickle."""
        self._model.save(folder, show_progress=False)

    def scores(self, query: Sequence[str]) -> Scores:
        """Return for each text the share of the query's weight that it holds, 0 to 1, shape (texts,).

        The weight of a term is its inverse document frequency, which bounds its BM25 score.
        """
        known = [t for t in query if t in self._model.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        found = np.asarray(self._model.get_scores(known), dtype=np.float32)
        return np.asarray(found / sum(map(self.idf, query)), dtype=np.float32)

    def __contains__(self, term: str) -> bool:
        return term in self._model.vocab_dict

    def idf(self, term: str) -> float:
        """Return a term's inverse document frequency, log(1 + (N - n + 0.5) / (n + 0.5))."""
        column = self._model.vocab_dict.get(term)
        starts = self._model.scores["indptr"]
        held = int(starts[column + 1] - starts[column]) if column is not None else 0
        return math.log(1 + (self._size - held + 0.5) / (held + 0.5))


class Rarity:
    """Know how rare each term is among the texts of an index, by inverse document frequency."""

    def __init__(self, lexical: Lexical) -> None:
        self._lexical = lexical

    def of(self, term: str) -> float:
        """Return the rarity of a term; an unseen one is the rarest."""
        return self._lexical.idf(term)
