"""Answer questions about the whole plan: its structure, a summary, everything it says of a thing."""

from __future__ import annotations

import re

from assistant.answer import Citation
from assistant.excerpts import ExcerptWriter
from assistant.gather import MANY, Excerpt, Gatherer, asks_figures
from assistant.question import Question
from index.search import Searcher
from ingest.headings import to_int
from ingest.model import Section, numeral
from ingest.normal import fold, normalise

LIKELY, POSSIBLE = 0.4, 0.01  # how likely it must be that a question is one, alone and with such words
Written = tuple[str, tuple[Citation, ...]]
_NUMERAL = r"([一二三四五六七八九十\d]+)"
_CHAPTER = re.compile(
    rf"第\s*{_NUMERAL}\s*章|\bchapter\s+(\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)\b"
)
_SECTION = re.compile(rf"第\s*{_NUMERAL}\s*节|\bsection\s+(\d+|one|two|three|four|five|six|seven)\b")
_WORDS = {
    w: i
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
    )
}
_CHAPTERS = re.compile(
    r"(规划|纲要|全文|整[部份本]|全[书篇]|文件|总共|一共)[^,，。?？]{0,8}(?<![好哪])(几|多少)个?章|(几|多少)章(几|多少)节|\bhow many chapters\b"
)
_BIG = re.compile(r"\d{3,}|\d+[亿万]|\d%")
_OVERALL = re.compile(
    r"^(这[份个部]?|本|大连)?(的)?(规划|纲要|五年规划)(主要)?(讲|说|写)了?(些)?(什么|啥)|规划(的)?(总体|主要)内容|^what('s| is) (the|this) plan (mainly |all )?about|^(give me )?an? (overview|summary) of the plan"
)
_WHICH = re.compile(
    r"哪[一二两三四五几些个]*(章节?|节)|(出现|提到|讲到|涉及|分布)在?.{0,4}(哪|几).{0,3}章|\bwhich (chapters?|sections?)\b|\b(in )?what chapters?\b|\bevery chapter\b|\bchapters,? please\b|\bwhere in the (document|plan|text)\b"
)
_TITLES = re.compile(
    r"几节|多少节|几章|多少章|标题|题目|目录|分(成|为)(哪)?几|哪几节|(四|三|五|几|七)节(分别|都)?|\bhow many (sections?|chapters?)\b|\b(titles?|names?) of\b|\bsections (of|in|does)\b|\bsections? (are|is) there\b"
)
_SUMMARY = re.compile(
    r"概括|总结|概述|摘要|归纳|梗概|主要(内容|讲|说)|(讲|说|写|抓)(了|的)?(些|是)?(什么|啥|哪?几件)|几件大事|大意|\bsummar|\boverview\b|\bmain points\b|\babout\?*$|\bgist\b|\bsum up\b|\bcovers?\b|\bin brief\b"
)
_EVERYTHING = re.compile(
    r"出现(过|了)?(几|两|三|多)(处|次|回)|(写|说|提)了?(两|三|几|好几)(遍|回|次|处)|(两|三|几)(章|节|处)(里|中)?都|哪几处|好几(章|处|节)|几个?章节|收拢|说全|找一找|找齐|(几|[两三四五六])个数都|前后对照|全文|通篇|整个规划|整份规划|所有(的|关于|跟)?|(列出|说说|找出|给出)全部|全部(列|内容|目标|指标|说法)|梳理|汇总|盘点|从头到尾|一共(提|说|安排|有)|各章|各处|分别(在|怎么)|哪些[^,，。?？]{0,10}(指标|目标|数字|方面)|任务分工|哪些任务|承担.{0,3}(哪些|什么)|内容都|都找出来|分别怎么写|各有(什么|哪些).{0,8}(目标|指标|数字)|各自的.{0,8}(规模|目标|指标)|捋一?捋|归拢|归总|攒到?一|一股脑|汇个?总|串一串|串起来|前前后后|散在|一次(性)?说清|统共|比一比|各自侧重|各举|各(是|要做)?到?多大|带数字|一块儿(给|看|说)|合起来|哪些地方(说|提|讲)|量化(指标|目标)|(所|提)到?的.{0,8}目标有哪些|相关(内容|的都)|都(怎么|说了|提了|有哪些(规定|说法|内容))|综合(全文|来看|起来)|不同(章|部分)|都列"
    r"|\b(crops?|comes?|keeps? coming) up\b|\bcollect\b|\brundown\b|\b(put|pull|bring) together\b|\blist every\b|\bsum up\b|\bnumeric (goals|targets)\b|\bwith figures\b|\bacross (its|the) chapters\b|\bcompare how\b|\blay out\b|\beverything\b|\ball (the )?(mentions|references|places|targets|figures|points|that)\b|\bdifferent chapters\b|\bacross\b.*\b(plan|chapters|sections)\b|\bthroughout\b|\bwhole plan\b|\bgather\b|\blist all\b|\bwhere does the plan (talk|mention|speak)|\bdifferent (parts|sections)\b|\bwhat roles\b|\ball targets\b"
)
_WHICH_ONES = re.compile(r"哪[一二两三四五几些]|\bwhich\b|\bwhat are\b")


class WholePlan:
    """Answer about structure and across sections."""

    def __init__(self, searcher: Searcher) -> None:
        self.plan = searcher.plan
        self.gather = Gatherer(searcher)
        self.writer = ExcerptWriter(searcher.plan, searcher.knowledge)

    def answer(self, question: Question, likely: float) -> Written | None:
        """Answer a question about the whole plan, or return None when it is not one.

        `likely` is the probability that it is one; the words that often say so count only where it is not nil.
        """
        folded = fold(question.text)
        wide = likely >= LIKELY or (likely >= POSSIBLE and bool(_EVERYTHING.search(folded)))
        return (
            self._structure(question, folded)
            or self._parts_named(question, folded, wide=wide or bool(_SUMMARY.search(folded)))
            or self._having(question, folded)
            or (self._collected(question, folded) if wide or _WHICH.search(folded) else None)
        )

    def _structure(self, question: Question, folded: str) -> Written | None:
        """Answer how the plan is divided: its chapters, the sections of one, the topics under a heading."""
        section = self._section(folded)
        if section and _TITLES.search(folded) and not _SECTION.search(folded):
            return self._outline(question, section.chapter)
        if _CHAPTERS.search(folded) or _OVERALL.search(folded):
            return self._chapters(question)
        return self._under_heading(question)

    def _parts_named(self, question: Question, folded: str, *, wide: bool) -> Written | None:
        """Summarise the sections that a question names, or gather what its chapters say to it."""
        section = self._section(folded)
        if section and _SUMMARY.search(folded):
            return self._summary(question, self._parts(section, whole=not _SECTION.search(folded)))
        if wide and (titled := self._titled(folded)):
            return self._summary(question, titled)
        named = self.chapters_named(folded)
        return self._within(question, named) if named and (wide or len(named) > 1) else None

    def _having(self, question: Question, folded: str) -> Written | None:
        """List what has a figure that the question names: which clusters are of 2000亿?"""
        if not (question.figures and _BIG.search(normalise(question.text)) and _WHICH_ONES.search(folded)):
            return None
        found = self.gather.having(question)
        return self.writer.write(question, found) if len(found) > 1 else None

    def _collected(self, question: Question, folded: str) -> Written | None:
        """Gather from every section."""
        if {2025, 2035} <= set(question.years):
            return self._goals(question)
        if "十三五" in folded and "十四五" in folded and question.language == "zh" and asks_figures(question):
            targets = self.gather.targets(question, both=True)
            return self.writer.write_targets(targets) if len(targets) > 1 else None
        if _WHICH.search(folded):
            return self._mentions(question)
        return self.writer.write(question, self.gather.everything(question))

    def _section(self, folded: str) -> Section | None:
        """Return the section that a question names by number, or a chapter's first."""
        chapter, section = _CHAPTER.search(folded), _SECTION.search(folded)
        if not chapter:
            return None
        wanted = (_number(chapter), _number(section) if section else None)
        found = [s for s in self.plan.sections if s.chapter == wanted[0] and wanted[1] in (None, s.section)]
        return found[0] if found else None

    def _under_heading(self, question: Question) -> Written | None:
        """List the topics under an inner heading that a question asks to have listed: 基本原则有哪几条?"""
        if question.language == "en" or not re.search(r"哪些|哪几|几[条个项]|都有|列出|有什么", question.text):
            return None
        titles = {
            re.sub(r"^[一二三四五六七八九十]+、|^[(（].+?[)）]", "", p.path[-1]): p.path
            for p in self.plan.passages
            if len(p.path) > 2
        }
        named = next((t for t in titles if 4 <= len(t) <= 14 and t in question.text), None)
        under = [p for p in self.plan.passages if named and p.path == titles[named] and p.heading != p.path[-1]]
        if len(under) < 3 or len(question.text) > len(named or "") + 16:
            return None
        return self.writer.write_topics(named or "", under)

    def chapters_named(self, folded: str) -> list[int]:
        """Return the chapters that a question names by number, or as the first or last."""
        known = {c.chapter for c in self.plan.chapters()}
        found = [_number(m) for m in _CHAPTER.finditer(folded)]
        if known and re.search(r"最后一章|末章|\blast chapter\b|\bfinal chapter\b", folded):
            found.append(max(known))
        return [c for c in dict.fromkeys(found) if c in known]

    def _within(self, question: Question, chapters: list[int]) -> Written | None:
        """Gather what chapters, or the sections of them that are named, say to a question."""
        numbers = [_number(m) for m in _SECTION.finditer(fold(question.text))]
        excerpts = [
            e
            for e in self.gather.everything(question, len(self.plan.text))
            if e.passage.chapter in chapters and (not numbers or e.passage.section in numbers)
        ]
        return self.writer.write(question, excerpts[:MANY]) if excerpts else None

    def _outline(self, question: Question, chapter: int) -> Written:
        """List the sections of a chapter."""
        sections = [s for s in self.plan.numbered_sections() if s.chapter == chapter]
        title = self.writer.title(self.plan_chapter(chapter), question.language)
        if question.language == "en":
            lines = [f"Chapter {chapter} ({title}) has **{len(sections)}** sections:"]
            lines += [f"{s.section}. {self.writer.title(s.section_title, 'en')}" for s in sections]
        else:
            lines = [f"第{numeral(chapter)}章《{title}》共 **{len(sections)}** 节:"]
            lines += [f"- 第{numeral(s.section)}节 {s.section_title}" for s in sections]
        return "\n".join(lines), ()

    def plan_chapter(self, chapter: int) -> str:
        """Return a chapter's title."""
        return next((s.chapter_title for s in self.plan.chapters() if s.chapter == chapter), "")

    def _chapters(self, question: Question) -> Written:
        """List the chapters, with the number of their sections."""
        chapters, sections = self.plan.chapters(), self.plan.numbered_sections()
        if question.language == "en":
            lines = [f"The plan has **{len(chapters)}** chapters and **{len(sections)}** sections:"]
            lines += [
                f"{c.chapter}. {self.writer.title(c.chapter_title, 'en')} ({self._count(c.chapter)} sections)"
                for c in chapters
            ]
        else:
            lines = [f"全文共 **{len(chapters)}** 章、**{len(sections)}** 节:"]
            lines += [f"- 第{numeral(c.chapter)}章 {c.chapter_title}({self._count(c.chapter)} 节)" for c in chapters]
        return "\n".join(lines), ()

    def _count(self, chapter: int) -> int:
        return sum(s.chapter == chapter for s in self.plan.numbered_sections())

    def _parts(self, section: Section, *, whole: bool) -> list[Section]:
        """Return a section, or all those of its chapter."""
        return [
            s for s in self.plan.sections if s.chapter == section.chapter and (whole or s.section == section.section)
        ]

    def _titled(self, folded: str) -> list[Section]:
        """Return the sections that a question names by their titles."""
        return [
            s for s in self.plan.numbered_sections() if len(s.section_title) > 5 and fold(s.section_title) in folded
        ]

    def _summary(self, question: Question, sections: list[Section]) -> Written:
        """Summarise sections by their topic sentences and their weightiest sentences."""
        wanted = {(s.chapter, s.section) for s in sections}
        mine = [p for p in self.plan.passages if (p.chapter, p.section) in wanted]
        count = max(1, 14 // max(1, len(mine)))
        return self.writer.write(question, [Excerpt(p, s) for p in mine for s in self.gather.weightiest(p, count)])

    def _goals(self, question: Question) -> Written | None:
        """Set the plan's goals beside its vision."""
        mine = [p for p in self.plan.passages if p.path and re.search(r"远景|发展目标|主要目标", p.path[-1])]
        excerpts = [Excerpt(p, s) for p in mine for s in self.gather.weightiest(p, 2)]
        return self.writer.write(question, excerpts) if len(mine) > 1 else None

    def _mentions(self, question: Question) -> Written | None:
        """Say which chapters hold a term, with the sentences that do: of each the first, then what there is room for."""
        found = [e for e in self.gather.literal(question) if e.passage.chapter]
        if not found:
            return None
        first: dict[int, Excerpt] = {}
        for excerpt in found:
            first.setdefault(excerpt.passage.chapter, excerpt)
        if question.language == "en":
            lead = f"**{len(first)}** chapters: " + ", ".join(f"Chapter {c}" for c in first) + "."
        else:
            lead = f"共 **{len(first)}** 章提到:" + "、".join(f"第{numeral(c)}章" for c in first) + "。"
        rest = [e for e in found if e not in first.values()]
        body, citations = self.writer.write(question, [*first.values(), *rest][:MANY])
        return f"{lead}\n\n{body}", citations


def _number(match: re.Match[str]) -> int:
    value = match[1] or match[2]
    return _WORDS[value] if value in _WORDS else to_int(value)
