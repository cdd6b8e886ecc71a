"""Choose the targets of a plan that a question asks for."""

from __future__ import annotations

from functools import cached_property

from assistant.gather import GENERIC
from assistant.names import NOISE
from assistant.question import Question
from index.search import Searcher
from index.words import terms
from ingest.normal import fold
from ingest.targets import Target, extract_targets

MOST, NEAR_BEST = 36, 0.25  # targets listed, and the share of the best one's weight that the others need
ABOVE, FOUND, DATED = 0.7, 6.0, 8.0  # what weighs a word in the headings, the passage's rank, the year asked for


class TargetFinder:
    """Choose among one plan's targets and what was achieved."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def find(self, question: Question) -> list[Target]:
        """Return what a question asks for, in the plan's order; all where it names no matter."""
        query = self._searcher.understand(GENERIC.sub(" ", NOISE.sub(" ", fold(question.text))))
        wanted = set(query.terms) | set(query.expanded)
        if not wanted:
            return list(self._targets)
        near = {h.passage.start: h.score for h in self._searcher.search(query.text, 12)}
        scored = [(self._weight(t, wanted, near, question), t) for t in self._targets]
        top = max((w for w, _ in scored), default=0.0)
        best = sorted((s for s in scored if s[0] > NEAR_BEST * top), key=lambda s: -s[0])[:MOST]
        return sorted((t for _, t in best), key=lambda t: t.start)

    def _weight(self, target: Target, wanted: set[str], near: dict[int, float], question: Question) -> float:
        """Weigh a target by the words it shares with a question, by its headings, and by its passage's rank."""
        passage, rarity = self._searcher.plan.passages[self._searcher.places[target.start]], self._searcher.rarity
        own = set(terms(f"{target.indicator} {target.sentence}"))
        above = set(terms(f"{passage.heading} {' '.join(passage.path)}")) - own
        year = any(str(y) in target.period + target.sentence for y in question.years if y != 2025)
        shared = sum(rarity.of(t) for t in wanted & own) + ABOVE * sum(rarity.of(t) for t in wanted & above)
        best = max(near.values(), default=1.0)
        return shared + FOUND * near.get(passage.start, 0.0) / best + DATED * year

    @cached_property
    def _targets(self) -> tuple[Target, ...]:
        found = self._searcher.knowledge.targets or extract_targets(self._searcher.plan)
        return tuple(t for t in found if t.start in self._searcher.places)
