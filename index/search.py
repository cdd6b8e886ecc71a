"""Search a plan: words, vectors and written questions, fused into one explained score a passage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from index.embedders import Embedder
from index.lexical import Rarity, Scores
from index.slips import Aliases, Slips
from index.store import Store
from index.units import Source, list_units, passage_of
from index.words import terms
from ingest.knowledge import BankEntry, Knowledge
from ingest.model import Passage, Plan, Sentence

WEIGHTS = Path(__file__).parent / "data" / "weights.json"


@dataclass(frozen=True, slots=True)
class Scored:
    """Hold a sentence of a passage with its score, 0 to about 1."""

    sentence: Sentence
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold a found passage; `parts` says what each kind of evidence gave to `score`."""

    passage: Passage
    score: float
    parts: dict[str, float]
    sentences: tuple[Scored, ...]
    entries: tuple[tuple[BankEntry, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Hold what is searched: the question, mended, with its terms and the plan's words for them."""

    text: str
    terms: list[str]
    expanded: list[str]


class Searcher:
    """Search one plan; warm calls take a few milliseconds."""

    def __init__(
        self,
        plan: Plan,
        knowledge: Knowledge,
        embedder: Embedder,
        store: Store,
        weights: dict[str, float] | None = None,
    ) -> None:
        self.plan, self.knowledge, self.embedder = plan, knowledge, embedder
        self.units = list_units(plan, knowledge)
        self.weights = weights or read_weights()
        self.vectors, self._lexical, self._passages = store.load_or_build(plan, self.units, embedder, self._words)
        self.rarity = Rarity(self._passages)
        self.aliases = Aliases(knowledge.aliases)
        self._owners = np.array([u.passage for u in self.units])
        self._masks = {s: np.array([u.source == s for u in self.units]) for s in Source}
        self.places = passage_of(plan)

    def _words(self) -> tuple[list[list[str]], list[list[str]]]:
        return [terms(u.text) for u in self.units], [_passage_terms(self.plan, p) for p in self.plan.passages]

    def reach(self) -> float:
        """Return the share of the weights whose source this plan has: less than 1 without written knowledge."""
        names = [str(s) for s in Source]
        present = [s for s in names if self._masks[Source(s)].any()]
        total = sum(self.weights.get(n, 0.0) for n in ["words", *names])
        return sum(self.weights.get(n, 0.0) for n in ["words", *present]) / total

    def knows(self, word: str) -> bool:
        """Say whether a word occurs in the plan or in anything written about it."""
        return word in self._lexical

    @cached_property
    def slips(self) -> Slips:
        """Return the mender of typing slips, made at the first question."""
        return Slips(p.text for p in self.plan.passages)

    def understand(self, question: str) -> Query:
        """Mend slips and add the plan's words for everyday ones."""
        mended = self.slips.mend(question)
        expanded = [t for alias in self.aliases.expand(mended) for t in terms(alias)]
        return Query(mended, terms(mended), expanded)

    def search(self, question: str, top_k: int = 5) -> list[Hit]:
        """Return the best passages, best first; an empty question finds nothing."""
        query = self.understand(question)
        if not query.terms and not query.expanded:
            return []
        units = self._unit_scores(query)
        parts = self._passage_parts(query, units)
        total = sum(self.weights.get(name, 0.0) * part for name, part in parts.items())
        order = np.argsort(-np.asarray(total), kind="stable")[:top_k]
        return [self._hit(int(i), float(np.asarray(total)[i]), parts, units) for i in order]

    def _unit_scores(self, query: Query) -> Scores:
        """Score every unit by meaning and by words, each 0 to 1."""
        w = self.weights
        dense = self.vectors.scores(self.embedder.encode([query.text], query=True))
        words = self._lexical.scores(query.terms)
        if query.expanded:
            extra = self._lexical.scores(query.terms + query.expanded)
            words = np.maximum(words, w["expanded"] * extra)
        return np.asarray(w["dense"] * dense + (1 - w["dense"]) * words, dtype=np.float32)

    def _passage_parts(self, query: Query, units: Scores) -> dict[str, Scores]:
        words = self._passages.scores(query.terms)
        if query.expanded:
            extra = self._passages.scores(query.terms + query.expanded)
            words = np.maximum(words, self.weights["expanded"] * extra)
        parts = {"words": words}
        for source in Source:
            best = np.zeros(len(self.plan.passages), dtype=np.float32)
            mask = self._masks[source]
            np.maximum.at(best, self._owners[mask], units[mask])
            parts[str(source)] = best
        return parts

    def _hit(self, position: int, score: float, parts: dict[str, Scores], units: Scores) -> Hit:
        passage = self.plan.passages[position]
        mine = np.flatnonzero(self._owners == position)
        best: dict[int, float] = {}
        entries: list[tuple[BankEntry, float]] = []
        for row in mine:
            unit, value = self.units[row], float(units[row])
            if unit.source == Source.QUESTION:
                entries.append((self.knowledge.bank[unit.entry], value))
            weight = self.weights.get(f"s_{unit.source}", 0.0)
            for sentence in unit.sentences:
                best[sentence.start] = max(best.get(sentence.start, 0.0), weight * value)
        scored = [Scored(s, best.get(s.start, 0.0)) for s in passage.sentences]
        shares = {name: round(self.weights.get(name, 0.0) * float(part[position]), 4) for name, part in parts.items()}
        return Hit(passage, score, shares, tuple(sorted(scored, key=lambda s: -s.score)), _best(entries))


def _best(entries: list[tuple[BankEntry, float]], count: int = 5) -> tuple[tuple[BankEntry, float], ...]:
    return tuple(sorted(entries, key=lambda e: -e[1])[:count])


def read_weights() -> dict[str, float]:
    """Read the fusion's weights, which `eval/tune.py` chooses on the dev half of the gold set."""
    return {k: float(v) for k, v in json.loads(WEIGHTS.read_text("utf-8")).items()}


def _passage_terms(plan: Plan, passage: Passage) -> list[str]:
    return [*terms(passage.text), *terms(" ".join(passage.path))]
