"""Answer how a plan is divided, and what the chapters and sections that a question names say."""

from __future__ import annotations

import re

from assistant.answer import Citation
from assistant.excerpts import ExcerptWriter
from assistant.question import ENGLISH_NUMBERS, PAIR, Question, years_in
from index.words import content_words
from ingest.headings import to_int
from ingest.model import Passage, Plan, Section, numeral
from ingest.normal import fold

Written = tuple[str, tuple[Citation, ...]]
_NUMERAL = r"([一二三四五六七八九十\d]+)"
_ENGLISH = rf"(\d+|{'|'.join(ENGLISH_NUMBERS)})"
_CHAPTER = re.compile(rf"第\s*{_NUMERAL}\s*章|\bchapters?\s+{_ENGLISH}\b")
_SECTION = re.compile(rf"第\s*{_NUMERAL}\s*节|\bsections?\s+{_ENGLISH}\b(?!\.\d)")
_POINTED = re.compile(
    r"(?<![\d.a-z])(?<!pm )(\d{1,2})\.(\d{1,2})(?=\s*节|[)）]|\s*(?:部分|小节))|\bsections?\s+(\d{1,2})\.(\d{1,2})\b"
)
_NAMED = re.compile(r"[“\"「]—*([^”\"」]{2,8})[”\"」]")
_ABOUT = re.compile(
    r"(?:讲|关于|谈|写|说)?(?P<zh>[^,，。?？讲关谈写说“”\"]{2,14}?)[”\"]?的?那一?(?P<of>[章节])"
    r"|\b(?P<kind>section|chapter)s? (?:on|about|covering|dealing with) (?:the )?(?P<en>[^?.,;:]+)"
)
_LAST = re.compile(r"最后一章|末章|\blast chapter\b|\bfinal chapter\b")
_CHAPTERS = re.compile(
    r"(规划|纲要|全文|整[部份本]|全[书篇]|文件|总共|一共)[^,，。?？]{0,8}(?<![好哪])(几|多少)个?章|(几|多少)章(几|多少)节|\bhow many chapters\b"
)
_OVERALL = re.compile(
    r"^(这[份个部]?|本|大连)?(的)?(规划|纲要|五年规划)(主要)?(讲|说|写)了?(些)?(什么|啥)|规划(的)?(总体|主要)内容|^what('s| is) (the|this) plan (mainly |all )?about|^(give me )?an? (overview|summary) of the plan"
)
_TITLES = re.compile(
    r"几节|多少节|几章|多少章|标题|题目|目录|分(成|为)(哪)?几|哪几节|(四|三|五|几|七)节(分别|都)?|\bhow many (sections?|chapters?)\b|\b(titles?|names?) of\b|\bsections (of|in|does)\b|\bsections? (are|is) there\b"
)
_SUMMARY = re.compile(
    r"概括|总结|概述|摘要|归纳|梗概|提纲|要点|压缩|浓缩|提炼|捋|主要(内容|讲|说)|(讲|说|写|抓)(了|的)?(些|点|是)?(什么|啥|哪?几件)|几件大事|大意|\bsummar|\boverview\b|\bmain points\b|\babout\?*$|\bgist\b|\bsum up\b|\bcovers?\b|\bin brief\b|\boutline\b"
)


class Structure:
    """Answer by the outline of one plan."""

    def __init__(self, plan: Plan, writer: ExcerptWriter) -> None:
        self.plan, self.writer = plan, writer

    def answer(self, question: Question) -> Written | None:
        """Count or list chapters and sections, summarise those that are named; None for another question."""
        folded = fold(question.text)
        if _CHAPTERS.search(folded) or _OVERALL.search(folded):
            return self._chapters(question)
        titles = _TITLES.search(folded) and not _SECTION.search(folded)
        if titles and (chapters := self.chapters_named(folded)):
            return self._outline(question, chapters[0])
        if _SUMMARY.search(folded) and (sections := self.sections_named(folded)):
            return self.writer.write_summary(question, sections)
        return self._under_heading(question) or self._headed(question)

    def chapters_named(self, folded: str) -> list[int]:
        """Return the chapters that a question names by number, or as the last."""
        known = {c.chapter for c in self.plan.chapters()}
        found = [_number(m) for m in _CHAPTER.finditer(folded)] + [c for c, _ in _pointed(folded)]
        if known and _LAST.search(folded):
            found.append(max(known))
        return [c for c in dict.fromkeys(found) if c in known]

    def sections_named(self, folded: str) -> list[Section]:
        """Return the sections that a question names by number or title, or all those of the chapters it names."""
        titled = [
            s for s in self.plan.numbered_sections() if len(s.section_title) > 5 and fold(s.section_title) in folded
        ]
        exact = set(_pointed(folded))
        chapters, numbers = self.chapters_named(folded), [_number(m) for m in _SECTION.finditer(folded)]
        exact |= {(c, n) for c in chapters for n in numbers}
        if exact:
            return [s for s in self.plan.sections if (s.chapter, s.section) in exact]
        return [s for s in self.plan.sections if s.chapter in chapters] or titled or self._sections_about(folded)

    def _sections_about(self, folded: str) -> list[Section]:
        """Return the one section, or those of the one chapter, whose title holds all words of what it is called."""
        found = _ABOUT.search(folded)
        if not found:
            return []
        words, language = set(content_words(found["zh"] or found["en"])), "en" if found["en"] else "zh"
        whole = (found["of"] or found["kind"]) in ("章", "chapter")

        def title(section: Section) -> str:
            return self.writer.title(section.chapter_title if whole else section.section_title, language)

        about = [s for s in self.plan.numbered_sections() if words and words <= set(content_words(title(s)))]
        return about if len({title(s) for s in about}) == 1 else []

    def _outline(self, question: Question, chapter: int) -> Written:
        """List the sections of a chapter, each cited by its heading."""
        sections = [s for s in self.plan.numbered_sections() if s.chapter == chapter]
        title = next((s.chapter_title for s in self.plan.chapters() if s.chapter == chapter), "")
        if question.language == "en":
            lead = f"Chapter {chapter} ({self.writer.title(title, 'en')}) has **{len(sections)}** sections:"
            lines = [(f"{s.section}. {self.writer.title(s.section_title, 'en')}", s) for s in sections]
        else:
            lead = f"第{numeral(chapter)}章《{title}》共 **{len(sections)}** 节:"
            lines = [(f"- 第{numeral(s.section)}节 {s.section_title}", s) for s in sections]
        return self.writer.write_outline(lead, lines)

    def _chapters(self, question: Question) -> Written:
        """List the chapters, each cited by its heading; the sum of their sections is marked as reckoned."""
        chapters, sections = self.plan.chapters(), self.plan.numbered_sections()
        counts = {c.chapter: sum(s.chapter == c.chapter for s in sections) for c in chapters}
        if question.language == "en":
            lead = f"The plan has **{len(chapters)}** chapters and **{len(sections)}** sections (counted):"
            lines = [
                (f"{c.chapter}. {self.writer.title(c.chapter_title, 'en')} ({counts[c.chapter]} sections)", c)
                for c in chapters
            ]
        else:
            lead = f"全文共 **{len(chapters)}** 章、**{len(sections)}** 节(推算:各章节数之和):"
            lines = [(f"- 第{numeral(c.chapter)}章 {c.chapter_title}({counts[c.chapter]} 节)", c) for c in chapters]
        return self.writer.write_outline(lead, lines)

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

    def _headed(self, question: Question) -> Written | None:
        """List the topics that share a word, as many as a question says: 七个“坚持”是哪七个?"""
        if question.language == "en" or question.count <= PAIR:
            return None
        for word in (w for w in _NAMED.findall(question.text) if not years_in(w)):
            for group in self._siblings():
                held = [p for p in group if word in p.heading]
                if len(held) == question.count:
                    return self.writer.write_topics(f"“{word}”", held)
        return None

    def _siblings(self) -> list[list[Passage]]:
        """Group the passages that stand under one heading."""
        groups: dict[tuple[str, ...], list[Passage]] = {}
        for passage in self.plan.passages:
            groups.setdefault(passage.path, []).append(passage)
        return list(groups.values())


def _pointed(folded: str) -> list[tuple[int, int]]:
    """Return the places written with a point: 12.6节, section 13.2."""
    return [(int(m[1] or m[3]), int(m[2] or m[4])) for m in _POINTED.finditer(folded)]


def _number(match: re.Match[str]) -> int:
    value = match[1] or match[2]
    return ENGLISH_NUMBERS.index(value) if value in ENGLISH_NUMBERS else to_int(value)
