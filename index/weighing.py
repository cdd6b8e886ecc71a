"""Weigh every sentence of a plan against a question, for answers over several sections."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.lexical import Scores
from index.search import Searcher
from index.segments import Rows
from index.units import Source

THEMES, ALIKE = 12, 0.05  # how many themes vote, and how much nearer one must be to weigh e times as much
SPEAKING = (Source.SENTENCE, Source.TRANSLATION, Source.QUESTION)  # whose best unit speaks for a sentence


@dataclass(frozen=True, slots=True)
class Weighed:
    """Hold how near every sentence comes to a question, each array of shape (sentences,), in the plan's order.

    `own` is the sentence's closeness, `translated` its translation's, `asked` that of the closest
    question written on it, `themed` the share of the nearest themes' votes that it gets, and
    `standing` its passage's score as a share of the best.
    `closest` is the number of the closest written question, -1 where none is written on it.
    """

    own: Scores
    translated: Scores
    asked: Scores
    themed: Scores
    standing: Scores
    closest: Rows


class Weigher:
    """Weigh the sentences of one plan."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher, self._units = searcher, searcher.units

    def weigh(self, question: str) -> Weighed:
        """Return how near each sentence comes to a question."""
        scores = self._searcher.scored(question)
        own, translated, asked = (self._best_spoken(source, scores.units) for source in SPEAKING)
        standing = scores.total[self._homes] / max(float(scores.total.max()), 1e-9)
        closest = self._closest(scores.units, asked)
        return Weighed(own, translated, asked, self._votes(scores.units), standing, closest)

    @cached_property
    def starts(self) -> list[int]:
        """Return where each sentence starts, in the plan's order."""
        return sorted(self._searcher.places)

    def _best_spoken(self, source: Source, units: Scores) -> Scores:
        """Return for each sentence the score of the best unit of a source that speaks for it."""
        rows, places = self._speaking[source]
        best = np.zeros(len(self.starts), dtype=np.float32)
        np.maximum.at(best, places, units[rows])
        return best

    def _votes(self, units: Scores) -> Scores:
        """Return for each sentence which share of the nearest themes it answers, each weighed by its closeness."""
        votes = np.zeros(len(self.starts))
        nearest = self._searcher.nearest(Source.THEME, units, THEMES)
        weights = np.exp((units[nearest] - units[nearest[:1]]).astype(np.float64) / ALIKE)
        for row, weight in zip(nearest, weights / weights.sum(), strict=True):
            votes[self._places_of(row)] += weight
        return votes.astype(np.float32)

    def _closest(self, units: Scores, asked: Scores) -> Rows:
        """Return for each sentence the number of the written question that scores what the best does."""
        rows, places = self._speaking[Source.QUESTION]
        best = units[rows] >= asked[places]
        closest = np.full(len(self.starts), -1)
        closest[places[best]] = self._entries[best]
        return closest

    @cached_property
    def _entries(self) -> Rows:
        """List the number of each written question that speaks for a sentence."""
        rows, _ = self._speaking[Source.QUESTION]
        return np.array([self._units[row].entry for row in rows], dtype=np.intp)

    def _places_of(self, row: int) -> list[int]:
        """Return the places, among all sentences, of those that a unit speaks for."""
        return [self._places[s.start] for s in self._units[row].sentences if s.start in self._places]

    @cached_property
    def _places(self) -> dict[int, int]:
        """Map the start of each sentence to its place among all."""
        return {start: place for place, start in enumerate(self.starts)}

    @cached_property
    def _homes(self) -> Rows:
        """List the passage of each sentence."""
        return np.array([self._searcher.places[start] for start in self.starts], dtype=np.intp)

    @cached_property
    def _speaking(self) -> dict[Source, tuple[Rows, Rows]]:
        """List by source which unit speaks for which sentence: rows of units, and places of sentences."""
        pairs = {s: [(int(r), x) for r in self._searcher.sources[s] for x in self._places_of(r)] for s in SPEAKING}
        return {
            s: (np.array([r for r, _ in p], dtype=np.intp), np.array([x for _, x in p], dtype=np.intp))
            for s, p in pairs.items()
        }
