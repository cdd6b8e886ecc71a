"""Choose the targets of a plan that a question asks for."""

from __future__ import annotations

import re
from functools import cached_property

from assistant.gather import GENERIC
from assistant.names import content_of
from assistant.question import Question
from index.search import Searcher
from index.words import terms
from ingest.model import Sentence
from ingest.target_tables import read_row
from ingest.targets import Target, extract_targets

MOST, NEAR_BEST = 36, 0.25  # targets listed, and the share of the best one's weight that the others need
_ROUGHLY = re.compile("(?:左右|以上|以内|以下)?$")  # what goes after the unit: 4%左右
ABOVE, FOUND, DATED = 0.7, 6.0, 8.0  # what weighs a word in the headings, the passage's rank, the year asked for


class TargetFinder:
    """Choose among one plan's targets and what was achieved."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def find(self, question: Question) -> list[Target]:
        """Return what a question asks for, in the plan's order; all where it names no matter."""
        query = self._searcher.understand(GENERIC.sub(" ", content_of(question.text, self._searcher.plan)))
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
        _, implied = self._searcher.plan.info.period or (0, 0)
        year = any(str(y) in target.period + target.sentence for y in question.years if y != implied)
        shared = sum(rarity.of(t) for t in wanted & own) + ABOVE * sum(rarity.of(t) for t in wanted & above)
        best = max(near.values(), default=1.0)
        return shared + FOUND * near.get(passage.start, 0.0) / best + DATED * year

    def value(self, question: Question, sentence: Sentence) -> str:
        """Return what a row of a table gives for the years that a question names, else for those it looks to."""
        found = [t for t in self._targets if t.start == sentence.start]
        _, last = self._searcher.plan.info.period or (0, 0)
        sided = [t for t in found if (t.kind == "achieved" if question.past else t.period == str(last))]
        dated = [t for t in found if t.period in map(str, question.years)]
        both = [t for t in dated if t in sided]
        return "、".join(map(_valued, found if question.two_sided else both or dated or sided))

    @cached_property
    def _targets(self) -> tuple[Target, ...]:
        found = self._searcher.knowledge.targets or extract_targets(self._searcher.plan)
        return tuple(t for t in found if t.start in self._searcher.places)


def _valued(target: Target) -> str:
    """Write a value of a table's row with its unit and its year: 84.3岁(2030年)."""
    value, row = "、".join(target.values), read_row(target.sentence)
    unit = row.unit if row and row.unit not in value else ""
    return _ROUGHLY.sub(lambda m: unit + m[0], value, count=1) + (f"({target.period}年)" if target.period else "")
