"""Find the sentences worth quoting on a matter that the plan treats in several sections."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import compress

import numpy as np
import numpy.typing as npt

from assistant.evidence import is_heading, is_review, is_vision
from assistant.logistic import Column
from assistant.names import Names, content_of
from assistant.question import Question, goes_beyond, undated
from assistant.relevance import relevance, signals
from index.search import Searcher
from index.segments import Rows
from index.weighing import Weigher
from index.words import content_words, terms
from ingest.model import Passage, Plan, Section, Sentence
from ingest.normal import fold, normalise
from ingest.target_tables import is_row

MANY, FEWEST, LEAST = 40, 5, 0.007  # sentences gathered at most, at least, and from which probability beyond that
FEW, MOST_NAMED = 20, 60  # passages that a name may stand in to be one, and sentences that an English one may
LIKELY = 0.1  # from which probability a sentence goes beside an answer from one place
NAMED = 0.3  # what a sentence gains by a long name
GENERIC = re.compile(
    r"目标|指标|数量|数字|量化|全部|列出|所有|规划|提出|哪些|多少|有关|关于|targets?|figures?|numbers?|plan"
)
Keep = Callable[[int], tuple[str, ...]]  # the words to keep of a sentence, by its place

_CAPITALS = re.compile(r"(?<!^)\b(?!Plan\b|Dalian\b)[A-Z][\w'-]+(?: (?:(?:and|of|the) )?[A-Z][\w'-]+)*")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Hold a sentence worth quoting, with the words it was found by; `topic` says that it is listed for its topic."""

    passage: Passage
    sentence: Sentence
    keep: tuple[str, ...] = ()
    topic: bool = False


class Gatherer:
    """Gather excerpts of one plan: by name, by figure, by nearness."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher, self.plan = searcher, searcher.plan
        self.knowledge, self.rarity = searcher.knowledge, searcher.rarity
        self.weigher, self.names = Weigher(searcher), Names(searcher)

    def literal(self, question: Question) -> list[Excerpt]:
        """Return the sentences that name the thing a question is about, in the plan's order."""
        if question.language == "en" and self.knowledge.english:
            return self._literal_english(question)
        wanted = self.names.asked(question)
        everywhere = self._sentences(tuple(wanted))
        named = [e for e in everywhere if any(n in fold(self._text(e)) for n in wanted) and not self._is_heading(e)]
        under = [e for e in everywhere if any(n in fold(e.passage.heading) for n in wanted) and not self._is_heading(e)]
        return named + [e for e in under if e not in named][:8]

    def everything(self, question: Question) -> list[Excerpt]:
        """Return the sentences that may answer, the likeliest first."""
        return self._likeliest(question, LEAST, FEWEST)

    def likely(self, question: Question) -> list[Excerpt]:
        """Return only the sentences that are likely to answer, the likeliest first."""
        return self._likeliest(question, LIKELY, 0)

    def _likeliest(self, question: Question, least: float, fewest: int) -> list[Excerpt]:
        order, likely, keep = self._ranked(question)
        kept = [i for place, i in enumerate(order[:MANY]) if place < fewest or likely[i] >= least]
        return [replace(self._all[i], keep=keep(i)) for i in kept]

    def within(self, question: Question, sections: list[Section]) -> list[Excerpt]:
        """Return the sentences of sections, the likeliest to answer first."""
        places = {(s.chapter, s.section) for s in sections}
        order, _, keep = self._ranked(question)
        here = [i for i in order if self._place(i) in places]
        return [replace(self._all[i], keep=keep(i)) for i in here[:MANY]]

    def _ranked(self, question: Question) -> tuple[Rows, Column, Keep]:
        """Return the sentences that are more than headings, the likeliest first, with the probability of each."""
        found, keep = self.signals(question)
        likely = relevance(found)
        order = np.argsort(-likely, kind="stable")
        return order[~self._headings[order]], likely, keep

    def signals(self, question: Question) -> tuple[dict[str, Column], Keep]:
        """Return the signals of every sentence, in the plan's order, and what tells the words to keep of one."""
        asked = question.text if self.knowledge.bank else content_of(question.text, self.plan)
        weighed, named = self.weigher.weigh(asked), self._named(question)
        called = np.zeros_like(self._figured)
        for name, weight in named.items():
            held = self._holding(name)
            called[held] = np.maximum(called[held], weight)
        figures = self._figured if asks_figures(question) else np.zeros_like(self._figured)
        visions = self._visions if asks_vision(question, self.plan) else np.zeros_like(self._visions)
        found = signals(question, weighed, called, self._titled(question), figures, visions, self._reviews, self._rows)

        def keep(place: int) -> tuple[str, ...]:
            entry = weighed.closest[place]
            answers = self.knowledge.bank[entry].answers if entry >= 0 else ()
            return (*(n for n in named if n in self._spoken[place]), *answers)

        return found, keep

    def _place(self, place: int) -> tuple[int, int]:
        passage = self._all[place].passage
        return passage.chapter, passage.section

    @cached_property
    def _all(self) -> list[Excerpt]:
        """List every sentence."""
        return sorted(self._sentences(()), key=lambda e: e.sentence.start)

    @cached_property
    def _headings(self) -> npt.NDArray[np.bool_]:
        return np.array([self._is_heading(e) for e in self._all])

    @cached_property
    def _reviews(self) -> Column:
        return np.array([is_review(e.passage) for e in self._all], dtype=np.float32)

    @cached_property
    def _visions(self) -> Column:
        return np.array([is_vision(e.passage) for e in self._all], dtype=np.float32)

    @cached_property
    def _figured(self) -> Column:
        return np.array([bool(re.search(r"\d", self._text(e))) for e in self._all], dtype=np.float32)

    @cached_property
    def _rows(self) -> Column:
        return np.array([is_row(self._text(e)) for e in self._all], dtype=np.float32)

    def _titled(self, question: Question) -> Column:
        """Return 1 for each sentence under a title that holds a name which the question gives."""
        names = [
            w for run in content_of(question.text, self.plan).split() for w in self.names.shared(run) if len(w) > 2
        ]
        titled = {t: any(n in t for n in names) for t in set(self._titles)}
        return np.array([titled[t] for t in self._titles], dtype=np.float32)

    @cached_property
    def _titles(self) -> list[str]:
        """List what stands above every sentence: its passage's heading and its section's title."""
        return [fold(f"{e.passage.heading} {e.passage.section_title}") for e in self._all]

    @cached_property
    def _spoken(self) -> list[str]:
        """List every sentence's folded text and translation."""
        english = self.knowledge.english
        return [fold(f"{self._text(e)} {english.get(e.sentence.start, '')}") for e in self._all]

    @lru_cache(maxsize=4_096)  # noqa: B019 - one instance a plan, for the life of the process
    def _holding(self, name: str) -> Rows:
        """Return the places of the sentences whose text or translation holds a name."""
        found = [m.start() for m in re.finditer(re.escape(name), self._told)]
        return np.unique(np.searchsorted(self._bounds, found, side="right") - 1)

    @cached_property
    def _told(self) -> str:
        return "\n".join(self._spoken)

    @cached_property
    def _bounds(self) -> Rows:
        """Return where each sentence begins in all that is told."""
        return np.cumsum([0, *(len(text) + 1 for text in self._spoken)])

    def _named(self, question: Question) -> dict[str, float]:
        """Return the names that a question gives and the plan uses in few passages, each with its weight."""
        if question.language == "en":
            names = {fold(n) for n in re.findall(r"(?<!^)\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)*", question.text)}
            words = {w for w in terms(content_of(question.text, self.plan)) if len(w) > 4}
            known = {n: NAMED if n in names else NAMED / 2 for n in names | words}
            return {n: weight for n, weight in known.items() if 0 < self._holding(n).size <= FEW}
        rest = content_of(question.text, self.plan)
        names = {w for run in rest.split() for w in self.names.shared(run) if not w.isascii()}
        names |= {self.names.short(w) for w in names}
        return {
            w: NAMED * min(1.0, (len(w) - 1) / 3) / (1 + self.names.spread(w) / FEW)
            for w in names
            if self.names.spread(w) <= FEW
        }

    def having(self, question: Question) -> list[Excerpt]:
        """Return what has a figure that the question names: which clusters are of 2000亿?"""
        named = re.findall(r"\d+(?:\.\d+)?[亿万%]|\d{3,}(?:\.\d+)?", undated(question))
        held = [re.compile(rf"(?<![\d.]){re.escape(n)}(?![\d.])") for n in named]
        figured = [e for e, figures in zip(self._all, self._figured, strict=True) if figures]
        found = [e for e in figured if all(h.search(normalise(self._text(e))) for h in held)]
        words = {t for t in terms(GENERIC.sub(" ", question.text)) if not t[0].isdigit() and len(t) > 1}
        about = [e for e in found if words & set(terms(self._text(e) + e.passage.heading))]
        return [replace(e, topic=True) for e in (about if len(about) > 1 else found)[:MANY]]

    def weightiest(self, passage: Passage, count: int) -> list[Sentence]:
        """Return the sentences with most figures and rare words, in their order."""
        body = passage.sentences[1:] if len(passage.sentences) > 1 else passage.sentences

        def weight(sentence: Sentence) -> float:
            text = self.plan.text[sentence.start : sentence.end]
            rare = sum(self.rarity.of(w) for w in set(content_words(text)))
            return float(12 * len(re.findall(r"\d+", text)) + rare / math.sqrt(len(text)))

        best = sorted(body, key=weight, reverse=True)[:count]
        return sorted(best, key=lambda s: s.start)

    def _is_heading(self, excerpt: Excerpt) -> bool:
        return is_heading(excerpt.passage, excerpt.sentence)

    def _literal_english(self, question: Question) -> list[Excerpt]:
        """Return the sentences whose translation holds the names of a question, else its rarest word."""
        texts = [self.knowledge.english.get(e.sentence.start, "") for e in self._all]
        for name in sorted(_CAPITALS.findall(question.text), key=len, reverse=True):
            parts = [name] if any(name in t for t in texts) else re.split(" (?:and|of|the) ", name)
            held = [any(part in t for part in parts) for t in texts]
            if 0 < sum(held) < MOST_NAMED:
                return list(compress(self._all, held))
        counts = Counter(w for words in self._english.values() for w in words)
        rest = [w for w in set(terms(content_of(question.text, self.plan))) if 0 < counts[w] < MOST_NAMED]
        rarest = min(rest, key=lambda w: (counts[w], w), default="")
        return [e for e in self._all if rarest in self._english.get(e.sentence.start, frozenset())]

    def _sentences(self, keep: tuple[str, ...]) -> list[Excerpt]:
        return [Excerpt(p, s, keep) for p in self.plan.passages for s in p.sentences]

    def _text(self, excerpt: Excerpt) -> str:
        return self.plan.text[excerpt.sentence.start : excerpt.sentence.end]

    @cached_property
    def _english(self) -> dict[int, frozenset[str]]:
        return {start: frozenset(terms(text)) for start, text in self.knowledge.english.items()}


def asks_figures(question: Question) -> bool:
    """Say whether a question wants figures gathered."""
    return bool(
        re.search(r"指标|目标|量化|数量|数字|增速|\d|\btargets?\b|\bfigures?\b|\bnumbers?\b", fold(question.text))
    )


def asks_vision(question: Question, plan: Plan) -> bool:
    """Say whether a question asks for what is to be after the years of the plan."""
    return goes_beyond(plan, question.years) or bool(
        re.search(r"远景|愿景|\bvision\b|\blong[- ](term|range)\b", fold(question.text))
    )
