"""Answer questions about the whole plan: its structure, a summary, everything it says of a thing."""

from __future__ import annotations

import re

from assistant.answer import Citation
from assistant.excerpts import ExcerptWriter
from assistant.gather import Excerpt, Gatherer, asks_figures
from assistant.question import Question
from index.search import Searcher
from ingest.headings import to_int
from ingest.model import Section, numeral
from ingest.normal import fold, normalise

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
_OVERALL = re.compile(
    r"^(这[份个部]?|本|大连)?(的)?(规划|纲要|五年规划)(主要)?(讲|说|写)了?(些)?(什么|啥)|规划(的)?(总体|主要)内容|^what('s| is) (the|this) plan (mainly |all )?about|^(give me )?an? (overview|summary) of the plan"
)
_WHICH = re.compile(
    r"(哪|几)[一二两三四五几些个]*(章节?|节)|(出现|提到|讲到|涉及|分布)在?.{0,4}(哪|几).{0,3}章|\bwhich (chapters?|sections?)\b|\b(in )?what chapters?\b|\bevery chapter\b|\bchapters,? please\b|\bwhere in the (document|plan|text)\b"
)
_TITLES = re.compile(
    r"几节|多少节|几章|多少章|标题|题目|目录|分(成|为)(哪)?几|哪几节|(四|三|五|几|七)节(分别|都)?|\bhow many (sections?|chapters?)\b|\b(titles?|names?) of\b|\bsections (of|in|does)\b|\bsections? (are|is) there\b"
)
_SUMMARY = re.compile(
    r"概括|总结|概述|摘要|归纳|梗概|主要(内容|讲|说)|(讲|说|写)(了|的)?(些|是)?(什么|啥|哪几件)|大意|\bsummar|\boverview\b|\bmain points\b|\babout\?*$|\bgist\b|\bsum up\b|\bcovers?\b|\bin brief\b"
)
_EVERYTHING = re.compile(
    r"全文|通篇|整个规划|整份规划|所有(的|关于|跟)?|(列出|说说|找出|给出)全部|全部(列|内容|目标|指标|说法)|梳理|汇总|盘点|从头到尾|一共(提|说|安排|有)|各章|各处|分别(在|怎么)|哪些[^,，。?？]{0,10}(指标|目标|数字|方面)|任务分工|哪些任务|承担.{0,3}(哪些|什么)|内容都|都找出来|分别怎么写|各有(什么|哪些).{0,8}(目标|指标|数字)|各自的.{0,8}(规模|目标|指标)|捋一?捋|归拢|归总|攒到?一|一股脑|汇个?总|串一串|串起来|前前后后|散在|一次(性)?说清|统共|比一比|各自侧重|各举|各(是|要做)?到?多大|带数字|一块儿(给|看|说)|合起来|哪些地方(说|提|讲)|量化(指标|目标)|(所|提)到?的.{0,8}目标有哪些|相关(内容|的都)|都(怎么|说了|提了|有哪些(规定|说法|内容))|综合(全文|来看|起来)|不同(章|部分)|都列"
    r"|\bcollect\b|\brundown\b|\b(put|pull|bring) together\b|\blist every\b|\bsum up\b|\bnumeric (goals|targets)\b|\bwith figures\b|\bacross (its|the) chapters\b|\bcompare how\b|\blay out\b|\beverything\b|\ball (the )?(mentions|references|places|targets|figures|points|that)\b|\bdifferent chapters\b|\bacross\b.*\b(plan|chapters|sections)\b|\bthroughout\b|\bwhole plan\b|\bgather\b|\blist all\b|\bwhere does the plan (talk|mention|speak)|\bdifferent (parts|sections)\b|\bwhat roles\b|\ball targets\b"
)
_WHICH_ONES = re.compile(r"哪[一二两三四五几些]|\bwhich\b|\bwhat are\b")


class WholePlan:
    """Answer about structure and across sections."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher, self.plan = searcher, searcher.plan
        self.gather = Gatherer(searcher)
        self.writer = ExcerptWriter(searcher.plan, searcher.knowledge)

    def answer(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
        """Answer a question about the whole plan, or return None when it is not one."""
        folded = fold(question.text)
        section = self._section(folded)
        named = [c for c in self._chapters_named(folded) if c]
        if section and _TITLES.search(folded) and not _SECTION.search(folded):
            return self._outline(question, section.chapter)
        if _TITLES.search(folded) and re.search(r"(规划|纲要|全文).{0,6}(几|多少)章|how many chapters", folded):
            return self._chapters(question)
        if _OVERALL.search(folded):
            return self._chapters(question)
        listed = self._under_heading(question)
        if listed:
            return listed
        if section and _SUMMARY.search(folded):
            return self._summary(question, self._parts(section, whole=not _SECTION.search(folded)))
        titled = self._titled(folded)
        if titled:
            return self._summary(question, titled)
        if named:
            return self._within(question, named)
        if {2025, 2035} <= set(question.years):
            return self._goals(question)
        if "十三五" in folded and "十四五" in folded and question.language == "zh":
            targets = self.gather.targets(question, both=True)
            return self.writer.write_targets(self.plan, targets, []) if len(targets) > 1 else None
        if _WHICH.search(folded):
            return self._mentions(question)
        if _EVERYTHING.search(folded):
            return self._everything(question)
        if (
            re.search(r"\d{3,}|\d+[亿万]|\d%", normalise(question.text))
            and question.figures
            and _WHICH_ONES.search(folded)
        ):
            found = self.gather.having(question)
            return self.writer.write(question, found) if len(found) > 1 else None
        return None

    def _section(self, folded: str) -> Section | None:
        """Return the section that a question names by number, or a chapter's first."""
        chapter, section = _CHAPTER.search(folded), _SECTION.search(folded)
        if not chapter:
            return None
        wanted = (_number(chapter), _number(section) if section else None)
        found = [s for s in self.plan.sections if s.chapter == wanted[0] and wanted[1] in (None, s.section)]
        return found[0] if found else None

    def _under_heading(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
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

    def _chapters_named(self, folded: str) -> list[int]:
        """Return the chapters that a question names by number, or as the first or last."""
        known = {c.chapter for c in self.plan.chapters()}
        found = [_number(m) for m in _CHAPTER.finditer(folded)]
        if known and re.search(r"最后一章|末章|\blast chapter\b|\bfinal chapter\b", folded):
            found.append(max(known))
        return [c for c in dict.fromkeys(found) if c in known]

    def _within(self, question: Question, chapters: list[int]) -> tuple[str, tuple[Citation, ...]] | None:
        """Gather what chapters say to a question: their passages that match it, or all of them."""
        hits = [
            h for h in self.searcher.search(question.text, len(self.plan.passages)) if h.passage.chapter in chapters
        ]
        numbers = [_number(m) for m in _SECTION.finditer(fold(question.text))]
        hits = [h for h in hits if not numbers or h.passage.section in numbers]
        each = max(2, 14 // len(chapters))
        chosen = [h for c in chapters for h in [h for h in hits if h.passage.chapter == c][:each]]
        figures = asks_figures(question)
        excerpts = [Excerpt(h.passage, s) for h in chosen for s in self.gather.best_of(h, figures=figures)]
        return self.writer.write(question, sorted(excerpts, key=lambda e: e.sentence.start)) if excerpts else None

    def _outline(self, question: Question, chapter: int) -> tuple[str, tuple[Citation, ...]]:
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

    def _chapters(self, question: Question) -> tuple[str, tuple[Citation, ...]]:
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

    def _summary(self, question: Question, sections: list[Section]) -> tuple[str, tuple[Citation, ...]]:
        """Summarise sections by their topic sentences and their weightiest sentences."""
        wanted = {(s.chapter, s.section) for s in sections}
        mine = [p for p in self.plan.passages if (p.chapter, p.section) in wanted]
        count = max(1, 14 // max(1, len(mine)))
        return self.writer.write(question, [Excerpt(p, s) for p in mine for s in self.gather.weightiest(p, count)])

    def _goals(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
        """Set the plan's goals beside its vision."""
        mine = [p for p in self.plan.passages if p.path and re.search(r"远景|发展目标|主要目标", p.path[-1])]
        excerpts = [Excerpt(p, s) for p in mine for s in self.gather.weightiest(p, 2)]
        return self.writer.write(question, excerpts) if len(mine) > 1 else None

    def _mentions(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
        """Say which chapters hold a term, with the first sentence of each."""
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
        body, citations = self.writer.write(question, list(first.values()))
        return f"{lead}\n\n{body}", citations

    def _everything(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
        """Gather what the plan says of a thing, from every section."""
        if asks_figures(question) and question.language == "zh":
            targets = self.gather.targets(question)
            if len(targets) > 2:
                more = self.gather.near(question) if re.search(r"做法|措施|方面|内容", question.text) else []
                return self.writer.write_targets(self.plan, targets, more)
        excerpts = self.gather.figures(question) if asks_figures(question) else self.gather.literal(question)
        if len(excerpts) < 4:
            excerpts += self.gather.near(question)
        unique = {e.sentence.start: e for e in reversed(excerpts)}
        chosen = list(dict.fromkeys(unique[e.sentence.start] for e in excerpts))[:24]
        if len({e.passage.id for e in chosen}) < 2:
            return None
        return self.writer.write(question, chosen)


def _number(match: re.Match[str]) -> int:
    value = match[1] or match[2]
    return _WORDS[value] if value in _WORDS else to_int(value)
