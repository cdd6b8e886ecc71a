"""Read one plan for an answer: understand, retrieve, judge, compose, cite."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer, Citation, Reason, Turn, cite
from assistant.breadth import POSSIBLE, breadth, is_broad
from assistant.compose import Composer
from assistant.evidence import Claim, claims, is_review
from assistant.followup import FollowUps, Resolved
from assistant.guard import refused_outright
from assistant.question import Asks, Question, read_question, sides_of, years_in
from assistant.refusal import Judge, Refusal, refusal_text
from assistant.router import Odds, Route, Router
from assistant.whole import WholePlan, asks_where
from index.search import Found, Hit, LeftOpen, Searcher
from ingest.normal import fold

EXTRACTIVE = "extractive"
DEEP = 24  # passages among which those that look back are sought
NARROW = -5.0  # log-odds, by its wording, of a question that leans on another to be over several sections


@dataclass(frozen=True, slots=True)
class Understood:
    """Hold what a question is taken to ask: its form, the text that is searched, and what kind it may be.

    `worded` is the log-odds, by its wording, that it is over several sections; `outright` is why it is
    refused before any search.
    """

    question: Question
    resolved: Resolved
    odds: Odds
    worded: float
    outright: Reason | None


class PlanReader:
    """Answer questions about one plan, without an LLM."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher, self.plan = searcher, searcher.plan
        self.whole = WholePlan(searcher)
        self.composer = Composer(
            searcher.plan, searcher.knowledge, searcher.rarity, self.whole.writer, self.whole.targets
        )
        self.judge, self.router = Judge(searcher), Router(searcher.embedder)
        self.followups = FollowUps(self.router)

    def answer(self, text: str, turns: Sequence[Turn] = (), *, top_k: int = 5) -> Answer:
        """Answer a question; earlier turns complete it where it does not stand alone."""
        started = time.perf_counter()
        understood = self.understand(text, turns)
        answer = self._answered(understood, top_k)
        elapsed = {"total": round((time.perf_counter() - started) * 1000, 2)}
        return replace(answer, question=text, standalone_question=understood.resolved.text, timings_ms=elapsed)

    def understand(self, text: str, turns: Sequence[Turn] = ()) -> Understood:
        """Read a question; one that leans on another is no small talk, nor by its look alone on the whole plan."""
        resolved = self.followups.resolve(self.searcher.mend(text) if turns else text, list(turns))
        mended = self.searcher.mend(resolved.asked)
        odds, worded = self.router.route(mended), self.router.worded_broadly(mended)
        outright = refused_outright(resolved.asked, odds)
        if resolved.after:
            odds, worded = odds | {Route.WHOLE: 0.0, Route.CHAT: 0.0}, NARROW
        return Understood(self._read(resolved, turns), resolved, odds, worded, outright)

    def _read(self, resolved: Resolved, turns: Sequence[Turn]) -> Question:
        """Read what is newly asked; where it does not say what kind of answer it wants, as the question before did."""
        period = self.plan.info.period
        question = read_question(resolved.asked, period)
        if resolved.text == resolved.asked or question.asks != Asks.OTHER:
            return question
        before = read_question(turns[-1].question, period)
        return replace(question, asks=before.asks, past=before.past if question.past is None else question.past)

    def look(self, understood: Understood, top_k: int = 5) -> Found:
        """Return the best passages, and those the conversation is about wherever they stand."""
        resolved = understood.resolved
        chapters = self.whole.structure.chapters_named(fold(resolved.asked))
        depth = len(self.plan.passages) if resolved.near or chapters else top_k
        found = self.searcher.look(resolved.asked, depth, after=resolved.after)
        about = [h for h in found.hits[top_k:] if any(h.passage.start <= n < h.passage.end for n in resolved.near)]
        hits = [h for h in found.hits if h.passage.chapter in chapters] or found.hits
        return replace(found, hits=hits[:top_k] + about, open=self._of_its_time(resolved.text, found.open))

    def _of_its_time(self, text: str, left_open: LeftOpen) -> LeftOpen:
        """Drop the unanswered questions on years that the one asked does not name, but for the plan's last."""
        implied = self.plan.info.period[1:] if self.plan.info.period else ()
        asked = {*years_in(fold(text)), *implied}
        return tuple(o for o in left_open if asked.issuperset(years_in(fold(o[0].question))))

    def weigh(self, understood: Understood, found: Found) -> list[Claim]:
        """Return the claims on a question that what was found offers, best first."""
        question, resolved = understood.question, understood.resolved
        return self._both_sides(question, claims(question, found.hits, resolved.near, resolved.new))

    def _answered(self, understood: Understood, top_k: int) -> Answer:
        question, resolved = understood.question, understood.resolved
        if resolved.asks_source:
            return self._answer(question, *self.composer.source(question, resolved.near))
        refusal = self._outright(understood)
        if refusal:
            return self._refused(question, refusal, [])
        asked = replace(question, text=resolved.text)
        if direct := self.whole.direct(asked):
            return self._answer(question, *direct)
        found = self.look(understood, top_k)
        broad = breadth(asked, understood.odds[Route.WHOLE], understood.worded, found)
        everywhere = asks_where(fold(asked.text)) and not resolved.after
        if (everywhere or is_broad(broad, found)) and (collected := self.whole.collect(asked)):
            return self._answer(question, *collected)
        ranked = self.weigh(understood, found)
        refusal = self.judge.refuse(question, ranked, found, understood.odds[Route.CHAT])
        if refusal:
            return self._refused(question, refusal, found.hits)
        gathered = self.whole.gather.likely(asked) if broad >= POSSIBLE else []
        return self._answer(question, *self.composer.compose(question, ranked, gathered))

    def _outright(self, understood: Understood) -> Refusal | None:
        """Refuse what is not searched: misuse, small talk, a chapter that the plan does not have."""
        if understood.outright:
            return Refusal(understood.outright)
        return self.judge.no_such_chapter(understood.question)

    def _both_sides(self, question: Question, found: list[Claim]) -> list[Claim]:
        """Put the best claim on each thing, or each time, that a question compares first."""
        if not found or not question.two_sided or len(found[0].answers) > 1:
            return found
        if question.then_and_now:
            hits = self.searcher.search(question.text, DEEP)
            sides = [
                claims(question, [h for h in hits if is_review(h.passage) == past][:2])[:1] for past in (True, False)
            ]
        else:
            sides = [
                claims(replace(question, text=side), self.searcher.search(side, 3))[:1]
                for side in sides_of(question.text)
            ]
        first = [found[0], *(c for side in sides for c in side if c.sentences != found[0].sentences)]
        starts = {s.start for c in first for s in c.sentences}
        return first + [c for c in found if starts.isdisjoint(s.start for s in c.sentences)]

    def _refused(self, question: Question, refusal: Refusal, hits: list[Hit]) -> Answer:
        body = refusal_text(refusal, question, self.plan.info.title)
        citations: tuple[Citation, ...] = ()
        if refusal.claim and refusal.reason in (Reason.FALSE_PREMISE, Reason.NO_FIGURE, Reason.TABLE_MISSING):
            quote, citations = self.composer.quote(question, refusal.claim)
            body = f"{body}\n\n{quote}"
        nearest = tuple(_nearest(self, h, i) for i, h in enumerate(hits[:3], 1))
        return self._answer(question, body, citations, refusal=refusal, nearest=nearest)

    def _answer(
        self,
        question: Question,
        body: str,
        citations: tuple[Citation, ...],
        *,
        refusal: Refusal | None = None,
        nearest: tuple[Citation, ...] = (),
    ) -> Answer:
        return Answer(
            question=question.text,
            language=question.language,
            answer=body,
            abstained=refusal is not None,
            abstain_reason=refusal.reason if refusal else None,
            answerer=EXTRACTIVE,
            plan=self.plan.id,
            citations=citations,
            nearest=nearest,
            standalone_question=question.text,
        )


def _nearest(reader: PlanReader, hit: Hit, mark: int) -> Citation:
    sentence = hit.sentences[0].sentence
    return cite(reader.plan, hit.passage, sentence.start, sentence.end, mark)
