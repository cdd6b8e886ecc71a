"""Answer questions over several sections: everything on a thing, all that names it, all that has a figure."""

from __future__ import annotations

import re

from assistant.excerpts import ExcerptWriter
from assistant.gather import MANY, Excerpt, Gatherer, asks_figures
from assistant.question import Question, clauses_of, period_ending, undated
from assistant.structure import Structure, Written
from assistant.targets import TargetFinder
from index.search import Searcher
from ingest.model import label
from ingest.normal import fold

_BIG = re.compile(r"\d{3,}|\d+[亿万]|\d%")
_WHICH = re.compile(
    r"(哪|第几|多少)[一二两三四五几些个]*(章节?|节)|(出现|提到|讲到|涉及|分布)在?.{0,4}(哪|几).{0,3}(章|处|节)|[章节]号|\bwhich (chapters?|sections?)\b|\b(in )?what (chapters?|sections?)\b|\bevery (chapter|section)\b|\b(chapters|sections),? (please|by number)\b|\b(list|name) the (chapters|sections)\b|\bwhere in the (document|plan|text)\b|\bsection numbers\b|\bwhere does (the|this) (plan|document|text) (bring up|mention|speak|talk|refer|come back)"
)
FEW, SHARED = 2, 0.25  # clauses that may lead up to a term, and the least share of the likely sentences that hold it
_WHICH_ONES = re.compile(r"哪[一二两三四五几些]|\bwhich\b|\bwhat are\b")


class WholePlan:
    """Answer about one plan's structure and across its sections."""

    def __init__(self, searcher: Searcher) -> None:
        self.plan = searcher.plan
        self.gather, self.targets = Gatherer(searcher), TargetFinder(searcher)
        self.writer = ExcerptWriter(searcher.plan, searcher.knowledge, self.gather.weightiest)
        self.structure = Structure(searcher.plan, self.writer)

    def direct(self, question: Question) -> Written | None:
        """Answer what its words alone tell to be about the plan's parts or a figure, or return None."""
        return self.structure.answer(question) or self._having(question)

    def collect(self, question: Question) -> Written | None:
        """Gather from every section, or from those that are named."""
        folded = fold(question.text)
        named = self.structure.sections_named(folded)
        if named:
            excerpts = self.gather.within(question, named)
            return self.writer.write(question, excerpts) if excerpts else None
        if self._over_both_periods(folded) and question.language == "zh" and asks_figures(question):
            targets = self.targets.find(question)
            return self.writer.write_targets(targets) if len(targets) > 1 else None
        if asks_where(folded):
            return self._mentions(question)
        return self.writer.write(question, self.gather.everything(question))

    def _over_both_periods(self, folded: str) -> bool:
        """Say whether a question names both the years of the plan and those before it."""
        first, last = self.plan.info.period or (0, 0)
        before, now = period_ending(first - 1), period_ending(last)
        return bool(before and now) and before in folded and now in folded

    def _having(self, question: Question) -> Written | None:
        """List what has a figure that the question names: which clusters are of 2000亿?"""
        if not (question.figures and _BIG.search(undated(question)) and _WHICH_ONES.search(fold(question.text))):
            return None
        found = self.gather.having(question)
        return self.writer.write(question, found) if len(found) > 1 else None

    def _mentions(self, question: Question) -> Written | None:
        """Say which sections speak of a thing, with the sentences that do: of each the first, then what there is room for."""
        found = [e for e in self._speaking(question) if e.passage.chapter]
        if not found:
            return None
        first: dict[tuple[int, int], Excerpt] = {}
        for excerpt in found:
            first.setdefault((excerpt.passage.chapter, excerpt.passage.section), excerpt)
        rest = [e for e in found if e not in first.values()]
        lead = _places(list(first), question.language)
        body, citations = self.writer.write(question, [*first.values(), *rest][:MANY], len(lead))
        return f"{lead}\n\n{body}", citations

    def _speaking(self, question: Question) -> list[Excerpt]:
        """Return the sentences that hold the term of a question, or the likeliest where it is about more than a term."""
        literal, likely = self.gather.literal(question), self.gather.likely(question)
        named = {e.sentence for e in literal}
        both = [e for e in likely if e.sentence in named]
        told = len(clauses_of(question.text)) > FEW and len(both) < SHARED * len(likely)
        return likely if told or (likely and not both) else literal


def asks_where(folded: str) -> bool:
    """Say whether a question asks which chapters or sections speak of a thing."""
    return bool(_WHICH.search(folded))


def _places(places: list[tuple[int, int]], language: str) -> str:
    """List chapters, and in brackets those of their sections that are meant."""
    chapters = dict.fromkeys(c for c, _ in places)
    if language == "en":
        named = [
            f"Chapter {c} ({', '.join(f'Section {c}.{s}' for k, s in places if k == c and s)})".replace(" ()", "")
            for c in chapters
        ]
        return f"**{len(chapters)}** chapter{'s' * (len(chapters) > 1)}: {', '.join(named)}."
    return f"共 **{len(chapters)}** 章提到:{'、'.join(label(0, *place) for place in places)}。"
