"""Search a plan: words, vectors and written questions, fused into one explained score a passage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from index.embedders import Embedder
from index.known import Vectors
from index.lexical import Lexical, Rarity, Scores
from index.romanised import Romanised
from index.segments import Segments
from index.slips import Aliases, Slips
from index.store import Store
from index.units import Source, list_units, passage_of
from index.words import terms
from ingest.knowledge import BankEntry, Knowledge, Unanswered
from ingest.model import Passage, Plan, Sentence

WEIGHTS = Path(__file__).parent / "data" / "weights.json"
CONSIDERED, SHOWN = 12, 5  # how many written questions of a passage score its sentences, and are kept
NEAREST = 8  # how many written questions of the whole plan are compared with the one asked
ALONE = 0.3  # how much a follow-up weighs by itself, against the same with the question before it
RECENT = 4  # the texts of one question, which several parts score
PLACED = [s for s in Source if s != Source.THEME]  # what speaks for one passage


@dataclass(frozen=True, slots=True)
class Scored:
    """Hold a sentence of a passage with its score, 0 to about 1; `own` leaves out the questions written on it."""

    sentence: Sentence
    score: float
    own: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold a found passage; `parts` says what each kind of evidence gave to `score`.

    `entries` holds the written questions on it that come closest, with their closeness.
    """

    passage: Passage
    score: float
    parts: dict[str, float]
    sentences: tuple[Scored, ...]
    entries: tuple[tuple[BankEntry, float], ...] = ()


LeftOpen = tuple[tuple[Unanswered, float], ...]  # written questions that the plan does not answer, with closeness


@dataclass(frozen=True, slots=True)
class Found:
    """Hold what a search found: passages, best first, and how close written questions come.

    `answered` is the closeness of the nearest written questions that the plan answers, `open` those
    that it does not, with theirs; both fall. `themed` is the closeness of the nearest theme.
    `question` is the one asked, mended.
    """

    question: str
    hits: list[Hit]
    answered: tuple[float, ...] = ()
    themed: float = 0.0
    open: LeftOpen = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Hold what is searched: the question, mended, with its terms and the plan's words for them."""

    text: str
    terms: list[str]
    expanded: list[str]


@dataclass(frozen=True, slots=True)
class TextScores:
    """Hold what one text scores: every unit, and every passage by each kind of evidence and in all."""

    units: Scores
    parts: dict[str, Scores]
    total: Scores

    def beside(self, other: TextScores) -> TextScores:
        """Return the units' better score of two texts, and the passages' mean, in which this text weighs `ALONE`."""

        def mean(mine: Scores, others: Scores) -> Scores:
            return np.asarray(ALONE * mine + (1 - ALONE) * others, dtype=np.float32)

        parts = {name: mean(part, other.parts[name]) for name, part in self.parts.items()}
        return TextScores(np.maximum(self.units, other.units), parts, mean(self.total, other.total))


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
        self.weights = weights or read_weights()["written" if knowledge.bank else "plain"]
        self.vectors, self._lexical, self._passages = store.load_or_build(plan, self.units, embedder, self._words)
        self.rarity = Rarity(self._passages)
        self.aliases = Aliases(knowledge.aliases)
        self.segments = self._segmented()
        self.sources = {s: np.sort(segments.rows) for s, segments in self.segments.items()}
        self._sentence_rows = {self.units[r].sentences[0].start: int(r) for r in self.sources[Source.SENTENCE]}
        self.places = passage_of(plan)
        self._scored = lru_cache(maxsize=RECENT)(self._score)
        self._understood = lru_cache(maxsize=RECENT)(self._understand)

    def _words(self) -> tuple[list[list[str]], list[list[str]]]:
        return [terms(u.text) for u in self.units], [_passage_terms(self.plan, p) for p in self.plan.passages]

    def knows(self, word: str) -> bool:
        """Say whether a word occurs in the plan or in anything written about it."""
        return word in self._lexical

    @cached_property
    def slips(self) -> Slips:
        """Return the mender of typing slips, made at the first question."""
        return Slips(p.text for p in self.plan.passages)

    def vectors_of(self, sentences: Sequence[Sentence]) -> Vectors:
        """Return the vectors of sentences of the plan, shape (len(sentences), dimensions)."""
        return self.vectors.rows([self._sentence_rows[s.start] for s in sentences])

    @cached_property
    def romanised(self) -> Romanised:
        """Return what recognises names written by their sound."""
        text, english = self.plan.text, self.knowledge.english
        sentences = (s for p in self.plan.passages for s in p.sentences)
        return Romanised((text[s.start : s.end], english.get(s.start, "")) for s in sentences)

    def mend(self, question: str) -> str:
        """Return a question with its slips mended and its names written as the plan or its translation does."""
        return self.understand(question).text

    def understand(self, question: str) -> Query:
        """Mend slips and add the plan's words for everyday ones."""
        return self._understood(question)

    def _understand(self, question: str) -> Query:
        mended = self.slips.mend(question)
        if self.knowledge.english:
            mended = self.romanised.mend(mended)
        expanded = [t for alias in self.aliases.expand(mended) for t in terms(alias)]
        return Query(mended, terms(mended), expanded)

    def search(self, question: str, top_k: int = 5) -> list[Hit]:
        """Return the best passages, best first; an empty question finds nothing."""
        return self.look(question, top_k).hits

    def look(self, question: str, top_k: int = 5, *, after: str = "") -> Found:
        """Return the best passages and the nearest written questions.

        A question that may need the one before it, `after`, is searched with it and by itself.
        """
        both = f"{after} {question}".strip()
        query = self.understand(both)
        if not query.terms and not query.expanded:
            return Found(query.text, [])
        scores = self.scored(both)
        if after:
            scores = self.scored(question).beside(scores)
        units, parts, total = scores.units, scores.parts, scores.total
        order = np.argsort(-total, kind="stable")[:top_k]
        hits = [self._hit(int(i), float(total[i]), parts, units) for i in order]
        answered, unanswered = (self.nearest(s, units) for s in (Source.QUESTION, Source.UNANSWERED))
        return Found(
            query.text,
            hits,
            tuple(float(units[row]) for row in answered),
            max((float(units[row]) for row in self.nearest(Source.THEME, units, 1)), default=0.0),
            tuple((self.knowledge.unanswered[self.units[row].entry], float(units[row])) for row in unanswered),
        )

    def scored(self, question: str) -> TextScores:
        """Return what a text scores."""
        return self._scored(question)

    def _score(self, question: str) -> TextScores:
        query = self.understand(question)
        units = self._unit_scores(query)
        parts = self._passage_parts(query, units)
        return TextScores(units, parts, self._totals(parts))

    def nearest(self, source: Source, units: Scores, count: int = NEAREST) -> list[int]:
        """Return the units of a source that score best in the whole plan."""
        rows = self.sources[source]
        top = rows[np.argpartition(-units[rows], count)[:count]] if rows.size > count else rows
        return [int(r) for r in top[np.argsort(-units[top], kind="stable")]]

    def _unit_scores(self, query: Query) -> Scores:
        """Score every unit by meaning and by words, each 0 to 1."""
        w = self.weights
        dense = self.vectors.scores(self.embedder.encode([query.text], query=True))
        words = self._worded(self._lexical, query)
        return np.asarray(w["dense"] * dense + (1 - w["dense"]) * words, dtype=np.float32)

    def _worded(self, index: Lexical, query: Query) -> Scores:
        """Score by a question's words, and a little less by the plan's words for them."""
        words = index.scores(query.terms)
        if not query.expanded:
            return words
        extra = index.scores(query.terms + query.expanded)
        return np.asarray(np.maximum(words, self.weights["expanded"] * extra), dtype=np.float32)

    def _passage_parts(self, query: Query, units: Scores) -> dict[str, Scores]:
        parts = {"words": self._worded(self._passages, query)}
        parts |= {str(source): self.segments[source].best(units) for source in PLACED}
        return parts

    def _totals(self, parts: dict[str, Scores]) -> Scores:
        total = sum(self.weights.get(name, 0.0) * part for name, part in parts.items())
        return np.asarray(total, dtype=np.float32)

    def _segmented(self) -> dict[Source, Segments]:
        """Group the units of each source by passage."""
        owners = np.array([u.passage for u in self.units])
        sources = np.array([u.source.value for u in self.units])
        count = len(self.plan.passages)
        return {s: Segments(np.flatnonzero(sources == s.value), owners, count) for s in Source}

    def _hit(self, place: int, score: float, parts: dict[str, Scores], units: Scores) -> Hit:
        asked = self._closest(place, Source.QUESTION, units, CONSIDERED)
        shares = {name: round(self.weights.get(name, 0.0) * float(part[place]), 4) for name, part in parts.items()}
        return Hit(
            self.plan.passages[place],
            score,
            shares,
            self._sentences(place, units, asked),
            tuple((self.knowledge.bank[self.units[row].entry], float(units[row])) for row in asked[:SHOWN]),
        )

    def _closest(self, place: int, source: Source, units: Scores, count: int) -> list[int]:
        """Return the units of a source that score best in a passage."""
        rows = self.segments[source].of(place)
        return [int(r) for r in rows[np.argsort(-units[rows], kind="stable")[:count]]]

    def _sentences(self, place: int, units: Scores, asked: list[int]) -> tuple[Scored, ...]:
        """Score a passage's sentences by themselves, their translation and the closest questions on them."""
        own = self._best(
            [*self.segments[Source.SENTENCE].of(place), *self.segments[Source.TRANSLATION].of(place)], units
        )
        by_question = self._best(asked, units)
        scored = [
            Scored(s, max(own[s.start], by_question.get(s.start, 0.0)), own[s.start])
            for s in self.plan.passages[place].sentences
        ]
        return tuple(sorted(scored, key=lambda s: -s.score))

    def _best(self, rows: Iterable[int], units: Scores) -> dict[int, float]:
        """Return the best weighed score of each sentence that units speak for."""
        best: dict[int, float] = {}
        for row in rows:
            score = self.weights.get(f"s_{self.units[row].source}", 0.0) * float(units[row])
            for sentence in self.units[row].sentences:
                best[sentence.start] = max(best.get(sentence.start, 0.0), score)
        return best


def read_weights() -> dict[str, dict[str, float]]:
    """Read the fusion's weights, which `eval/tune.py` chooses on the dev half of the gold set.

    `written` for plans about which questions are written, `plain` for others.
    """
    raw = json.loads(WEIGHTS.read_text("utf-8"))
    return {kind: {name: float(value) for name, value in weights.items()} for kind, weights in raw.items()}


def _passage_terms(plan: Plan, passage: Passage) -> list[str]:
    return [*terms(passage.text), *terms(" ".join(passage.path))]
