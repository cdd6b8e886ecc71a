"""Read one plan for an answer: understand, retrieve, judge, compose, cite."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Answer, Citation, Reason, Turn, cite
from assistant.compose import Composer
from assistant.evidence import Claim, claims
from assistant.followup import FollowUps, Resolved
from assistant.guard import refused_outright
from assistant.question import Asks, Question, read_question, sides_of
from assistant.refusal import Judge, Refusal, refusal_text
from assistant.whole import WholePlan
from index.search import Hit, Searcher

EXTRACTIVE = "extractive"


class PlanReader:
    """Answer standalone questions about one plan, without an LLM."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher, self.plan = searcher, searcher.plan
        self.composer = Composer(searcher.plan, searcher.knowledge, searcher.rarity)
        self.whole = WholePlan(searcher)
        self.followups = FollowUps(searcher)
        self.judge = Judge(searcher)

    def answer(self, text: str, turns: Sequence[Turn] = (), *, top_k: int = 8) -> Answer:
        """Answer a question; earlier turns complete it where it does not stand alone."""
        started = time.perf_counter()
        reason = refused_outright(text)
        if reason:
            return self._refused(read_question(text), Refusal(reason), [], started)
        resolved = self.followups.resolve(text, list(turns))
        question = read_question(resolved.text)
        if resolved.asks_source:
            answer = self._source(read_question(text), resolved, started)
        else:
            answer = self._standalone(question, resolved, top_k, started)
        return replace(answer, question=text, standalone_question=resolved.text)

    def _source(self, question: Question, resolved: Resolved, started: float) -> Answer:
        """Say where the last answer stands."""
        body, citations = self.composer.source(question, resolved.near)
        return self._answer(question, body, citations, started)

    def _standalone(self, question: Question, resolved: Resolved, top_k: int, started: float) -> Answer:
        beyond = self.judge.no_such_chapter(question)
        if beyond:
            return self._refused(question, beyond, [], started)
        whole = self.whole.answer(question)
        if whole:
            return self._answer(question, *whole, started)
        hits = self._hits(question, resolved, top_k)
        found = self._both_sides(question, claims(question, hits, resolved.near, resolved.new))
        refusal = self.judge.refuse(question, found, hits, resolved.near)
        if refusal:
            return self._refused(question, refusal, hits, started)
        body, citations = self.composer.compose(question, found)
        return self._answer(question, body, citations, started)

    def _both_sides(self, question: Question, found: list[Claim]) -> list[Claim]:
        """Put the best claim on each thing that a question compares first."""
        if question.asks != Asks.COMPARISON or not found:
            return found
        sides = []
        for side in sides_of(question.text):
            best = claims(replace(question, text=side), self.searcher.search(side, 3))
            sides += best[:1]
        starts = {s.start for c in sides for s in c.sentences}
        rest = [c for c in found if starts.isdisjoint(s.start for s in c.sentences)]
        return [*found[:1], *(c for c in sides if c.sentences != found[0].sentences), *rest[1:]]

    def _hits(self, question: Question, resolved: Resolved, top_k: int) -> list[Hit]:
        """Return the best passages, and those the conversation is about wherever they stand."""
        depth = top_k if not resolved.near else len(self.plan.passages)
        hits = self.searcher.search(question.text, depth)
        about = [h for h in hits[top_k:] if any(h.passage.start <= n < h.passage.end for n in resolved.near)]
        return hits[:top_k] + about

    def _refused(self, question: Question, refusal: Refusal, hits: list[Hit], started: float) -> Answer:
        body = refusal_text(refusal, question.language, self.plan.info.title)
        citations: tuple[Citation, ...] = ()
        if refusal.claim and refusal.reason in (Reason.FALSE_PREMISE, Reason.NO_FIGURE, Reason.TABLE_MISSING):
            quote, citations = self.composer.quote(question, refusal.claim)
            body = f"{body}\n\n{quote}"
        nearest = tuple(_nearest(self, h, i) for i, h in enumerate(hits[:3], 1))
        return self._answer(question, body, citations, started, refusal=refusal, nearest=nearest)

    def _answer(
        self,
        question: Question,
        body: str,
        citations: tuple[Citation, ...],
        started: float,
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
            timings_ms={"total": round((time.perf_counter() - started) * 1000, 2)},
        )


def _nearest(reader: PlanReader, hit: Hit, mark: int) -> Citation:
    sentence = hit.sentences[0].sentence
    return cite(reader.plan, hit.passage, sentence.start, sentence.end, mark)
