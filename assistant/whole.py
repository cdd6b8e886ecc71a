"""Answer questions about the whole plan: its structure, a summary, everything it says of a thing."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.answer import Citation
from assistant.compose import Draft, shorten_english
from assistant.evidence import Claim
from assistant.question import Question, figures_in
from assistant.spans import shorten
from index.lexical import Rarity
from index.search import Hit, Searcher
from index.words import content_words, terms
from ingest.headings import to_int
from ingest.knowledge import Knowledge
from ingest.model import Passage, Section, Sentence, numeral
from ingest.normal import fold, normalise

BUDGET, BUDGET_EN = 1_700, 5_000
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
_WHICH = re.compile(
    r"(哪|几)[一二两三四五几些个]*(章节?|节)|(出现|提到|讲到|涉及|分布)在?.{0,4}(哪|几).{0,3}章|\bwhich (chapters?|sections?)\b|\b(in )?what chapters?\b|\bevery chapter\b|\bchapters,? please\b|\bwhere in the (document|plan|text)\b"
)
_TITLES = re.compile(
    r"几节|多少节|几章|多少章|标题|题目|目录|分(成|为)(哪)?几|哪几节|(四|三|五|几|七)节(分别|都)?|\bhow many (sections?|chapters?)\b|\b(titles?|names?) of\b|\bsections (of|in|does)\b|\bsections? (are|is) there\b"
)
_SUMMARY = re.compile(
    r"概括|总结|概述|摘要|归纳|梗概|主要(内容|讲|说)|(讲|说|写)了?(些)?(什么|啥)|大意|\bsummar|\boverview\b|\bmain points\b|\babout\?*$|\bgist\b|\bsum up\b|\bcovers?\b|\bin brief\b"
)
_EVERYTHING = re.compile(
    r"全文|通篇|整个规划|整份规划|所有(的|关于|跟)?|(列出|说说|找出|给出)全部|全部(列|内容|目标|指标|说法)|梳理|汇总|盘点|从头到尾|一共(提|说|安排|有)|各章|各处|分别(在|怎么)|哪些[^,，。?？]{0,10}(指标|目标|数字|方面)|捋一?捋|归拢|归总|攒到?一|一股脑|汇个?总|串一串|串起来|前前后后|散在|一次(性)?说清|统共|比一比|各自侧重|各举|各(是|要做)?到?多大|带数字|一块儿(给|看|说)|合起来|哪些地方(说|提|讲)|量化|数量目标|(所|提)到?的.{0,8}目标有哪些|相关(内容|的都)|都(怎么|说了|提了|有哪些(规定|说法|内容))|综合(全文|来看|起来)|不同(章|部分)|都列"
    r"|\bcollect\b|\brundown\b|\b(put|pull|bring) together\b|\blist every\b|\bsum up\b|\bnumeric (goals|targets)\b|\bwith figures\b|\bacross (its|the) chapters\b|\bcompare how\b|\blay out\b|\beverything\b|\ball (the )?(mentions|references|places|targets|figures|points|that)\b|\bdifferent chapters\b|\bacross\b.*\b(plan|chapters|sections)\b|\bthroughout\b|\bwhole plan\b|\bgather\b|\blist all\b|\bwhere does the plan (talk|mention|speak)|\bdifferent (parts|sections)\b|\bwhat roles\b|\ball targets\b"
)
_WHICH_ONES = re.compile(r"哪[一二两三四五几些]|\bwhich\b|\bwhat are\b")
_GENERIC = re.compile(
    r"目标|指标|数量|数字|量化|全部|列出|所有|规划|提出|哪些|多少|有关|关于|targets?|figures?|numbers?|plan"
)
_NOISE = re.compile(
    r"《[^》]*》|规划(纲要|全文|里|中)?|纲要|大连市?(?![湾港站北商理机重造海])|前前后后|一股脑|给我|主要|做法|指标|目标|数字|方面|散在|好几处|帮着|串一串|这块|这地方|安排|一共|几件事|归拢|一下|一块儿|(请|帮我)?(把|将)|梳理|汇总|盘点|从头到尾|一遍|全文|通篇|综合|相关(内容|的)?|所有(的|关于|跟)?|(列出|说说|找出|给出)全部|全部(列|内容|目标|指标|说法)|内容|都?(提到|讲到|出现|涉及|说到)(过|了)?|哪[一二两三四五几些个]*|章节?|各章|分别|在|里|怎么说|怎么讲|说了|什么|的|有|是|都|列出|多少|吗|呢|关于|对|方面|了|过|和|承担|说"
    r"|[?？,，。、!！]|\b(collect|everything|the|plan|says?|about|which|chapters?|sections?|mentions?|what|roles?|does|do|play|in|different|where|talk|of|and|on|all|list|is|are|how|throughout|whole|across|it|working|with|dalian|refer|to|speak|gather|points|that|there|for|document|come|comes|please|rundown|summari[sz]e|give|me|up|named|every|chapters,|refer|refers|text|put|pull|bring|together|sum)\b"
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Hold a sentence worth quoting, with the words it was found by."""

    passage: Passage
    sentence: Sentence
    keep: tuple[str, ...] = ()


class WholePlan:
    """Answer about structure and across sections."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher, self.plan = searcher, searcher.plan
        self.knowledge: Knowledge = searcher.knowledge
        self.rarity: Rarity = searcher.rarity

    def answer(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
        """Answer a question about the whole plan, or return None when it is not one."""
        folded = fold(question.text)
        section = self._section(folded)
        named = [c for c in self._chapters_named(folded) if c]
        if section and _TITLES.search(folded) and not _SECTION.search(folded):
            return self._outline(question, section.chapter)
        if _TITLES.search(folded) and re.search(r"(规划|纲要|全文).{0,6}(几|多少)章|how many chapters", folded):
            return self._chapters(question)
        if section and _SUMMARY.search(folded):
            return self._summary(question, section, whole=not _SECTION.search(folded))
        if named:
            return self._within(question, named)
        if _WHICH.search(folded):
            return self._mentions(question)
        if _EVERYTHING.search(folded):
            return self._everything(question)
        if (
            re.search(r"\d{3,}|\d+[亿万]|\d%", normalise(question.text))
            and question.figures
            and _WHICH_ONES.search(folded)
        ):
            return self._having(question)
        return None

    def _section(self, folded: str) -> Section | None:
        """Return the section that a question names by number, or a chapter's first."""
        chapter, section = _CHAPTER.search(folded), _SECTION.search(folded)
        if not chapter:
            return None
        wanted = (_number(chapter), _number(section) if section else None)
        found = [s for s in self.plan.sections if s.chapter == wanted[0] and wanted[1] in (None, s.section)]
        return found[0] if found else None

    def _title(self, title: str, language: str) -> str:
        return self.knowledge.english_titles.get(title, title) if language == "en" else title

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
        each = max(2, 14 // len(chapters))
        chosen = [h for c in chapters for h in [h for h in hits if h.passage.chapter == c][:each]]
        figures = _asks_figures(question)
        excerpts = [Excerpt(h.passage, s) for h in chosen for s in self._best_of(h, figures=figures)]
        return self._write(question, sorted(excerpts, key=lambda e: e.sentence.start)) if excerpts else None

    def _best_of(self, hit: Hit, *, figures: bool) -> list[Sentence]:
        """Return the sentence of a passage that matches best, or all those with figures."""
        with_figures = [s for s in hit.passage.sentences if re.search(r"\d", self.plan.text[s.start : s.end])]
        if figures:
            return with_figures
        best = next((s.sentence for s in hit.sentences if s.sentence != hit.passage.sentences[0]), None)
        return [best or hit.passage.sentences[-1]]

    def _outline(self, question: Question, chapter: int) -> tuple[str, tuple[Citation, ...]]:
        """List the sections of a chapter."""
        sections = [s for s in self.plan.numbered_sections() if s.chapter == chapter]
        title = self._title(self.plan_chapter(chapter), question.language)
        if question.language == "en":
            lines = [f"Chapter {chapter} ({title}) has **{len(sections)}** sections:"]
            lines += [f"{s.section}. {self._title(s.section_title, 'en')}" for s in sections]
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
                f"{c.chapter}. {self._title(c.chapter_title, 'en')} ({self._count(c.chapter)} sections)"
                for c in chapters
            ]
        else:
            lines = [f"全文共 **{len(chapters)}** 章、**{len(sections)}** 节:"]
            lines += [f"- 第{numeral(c.chapter)}章 {c.chapter_title}({self._count(c.chapter)} 节)" for c in chapters]
        return "\n".join(lines), ()

    def _count(self, chapter: int) -> int:
        return sum(s.chapter == chapter for s in self.plan.numbered_sections())

    def _summary(self, question: Question, section: Section, *, whole: bool) -> tuple[str, tuple[Citation, ...]]:
        """Summarise a section or chapter by its topic sentences and its weightiest sentences."""
        mine = [
            p for p in self.plan.passages if p.chapter == section.chapter and (whole or p.section == section.section)
        ]
        count = max(1, 14 // max(1, len(mine)))
        excerpts = [Excerpt(p, s) for p in mine for s in self._weightiest(p, count)]
        return self._write(question, excerpts)

    def _weightiest(self, passage: Passage, count: int) -> list[Sentence]:
        """Return the sentences with most figures and rare words, in their order."""
        body = passage.sentences[1:] if len(passage.sentences) > 1 else passage.sentences

        def weight(sentence: Sentence) -> float:
            text = self.plan.text[sentence.start : sentence.end]
            rare = sum(self.rarity.of(w) for w in set(content_words(text)))
            return float(12 * len(re.findall(r"\d+", text)) + rare / math.sqrt(len(text)))

        best = sorted(body, key=weight, reverse=True)[:count]
        return sorted(best, key=lambda s: s.start)

    def _mentions(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
        """Say which chapters hold a term, with the first sentence of each."""
        found = [e for e in self._literal(question) if e.passage.chapter]
        if not found:
            return None
        first: dict[int, Excerpt] = {}
        for excerpt in found:
            first.setdefault(excerpt.passage.chapter, excerpt)
        if question.language == "en":
            lead = f"**{len(first)}** chapters: " + ", ".join(f"Chapter {c}" for c in first) + "."
        else:
            lead = f"共 **{len(first)}** 章提到:" + "、".join(f"第{numeral(c)}章" for c in first) + "。"
        body, citations = self._write(question, list(first.values()))
        return f"{lead}\n\n{body}", citations

    def _everything(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
        """Gather what the plan says of a thing, from every section."""
        excerpts = self._figures(question) if _asks_figures(question) else self._literal(question)
        if len(excerpts) < 4:
            excerpts += self._near(question)
        unique = {e.sentence.start: e for e in reversed(excerpts)}
        chosen = list(dict.fromkeys(unique[e.sentence.start] for e in excerpts))[:24]
        if len({e.passage.id for e in chosen}) < 2:
            return None
        return self._write(question, chosen)

    def _names(self, question: Question) -> list[str]:
        """Return the thing a question is about: its longest, rarest stretch that the plan uses too."""
        rest = _NOISE.sub(" ", fold(question.text))
        stretches = [w for run in rest.split() for w in self._shared(run)]
        best = sorted(stretches, key=lambda w: self._spread(w) / len(w) ** 2)[:1]
        expanded = [w for w in self.searcher.aliases.expand(rest) if self._spread(w)]
        return list(map(self._short, best)) or expanded

    def _shared(self, run: str) -> list[str]:
        """Return the longest stretches of a run of text that stand in the plan, of two characters or more."""
        found, start = [], 0
        while start < len(run) - 1:
            end = start + 2
            while end <= len(run) and self._spread(run[start:end]):
                end += 1
            if end > start + 2:
                found.append(run[start : end - 1])
            start = max(start + 1, end - 1 if end > start + 2 else start + 1)
        return found

    @lru_cache(maxsize=4_096)  # noqa: B019 - one instance a plan, for the life of the process
    def _spread(self, word: str) -> int:
        """Return in how many passages a word stands; 0 also for one that stands nearly everywhere."""
        count = sum(word in text for text in self._folded)
        return count if count < 0.3 * len(self._folded) else 0

    def _short(self, name: str) -> str:
        """Return the stem of a name when the plan uses it more widely: 沪连合作 → 沪连."""
        stems = [name[:size] for size in (3, 2) if len(name) >= size + 2]
        wider = [s for s in stems if self._spread(name) < self._spread(s) <= 12]
        return wider[-1] if wider and not name.isascii() else name

    def _literal(self, question: Question) -> list[Excerpt]:
        """Return the sentences that name the thing a question is about, in the plan's order."""
        if question.language == "en" and self.knowledge.english:
            found = self._literal_english(question)
            if found:
                return found
        wanted = self._names(question)
        everywhere = self._sentences(tuple(wanted))
        named = [e for e in everywhere if any(n in fold(self._text(e)) for n in wanted) and not self._is_heading(e)]
        under = [e for e in everywhere if any(n in fold(e.passage.heading) for n in wanted) and not self._is_heading(e)]
        return named + [e for e in under if e not in named][:8]

    def _is_heading(self, excerpt: Excerpt) -> bool:
        return len(excerpt.passage.sentences) > 1 and self._text(excerpt).strip("—。 ") == excerpt.passage.heading

    def _literal_english(self, question: Question) -> list[Excerpt]:
        """Return the sentences whose translation holds the rarest word of a question."""
        counts = Counter(w for words in self._english.values() for w in words)
        rest = [w for w in set(terms(_NOISE.sub(" ", fold(question.text)))) if 0 < counts[w] < 60]
        rarest = min(rest, key=lambda w: (counts[w], w), default="")
        return [e for e in self._sentences(()) if rarest in self._english.get(e.sentence.start, frozenset())]

    def _sentences(self, keep: tuple[str, ...]) -> list[Excerpt]:
        return [Excerpt(p, s, keep) for p in self.plan.passages for s in p.sentences]

    def _text(self, excerpt: Excerpt) -> str:
        return self.plan.text[excerpt.sentence.start : excerpt.sentence.end]

    @cached_property
    def _folded(self) -> list[str]:
        return [fold(p.text) for p in self.plan.passages]

    @cached_property
    def _english(self) -> dict[int, frozenset[str]]:
        return {start: frozenset(terms(text)) for start, text in self.knowledge.english.items()}

    @cached_property
    def _with_figures(self) -> list[tuple[Excerpt, frozenset[str], frozenset[str]]]:
        """List the sentences with figures, with their terms and those of the headings above them."""
        return [
            (e, frozenset(terms(self._text(e))), frozenset(terms(f"{e.passage.heading} {' '.join(e.passage.path)}")))
            for e in self._sentences(())
            if re.search(r"\d", self._text(e))
        ]

    def _figures(self, question: Question) -> list[Excerpt]:
        """Return sentences with figures, those that share the question's words or figures first."""
        query = self.searcher.understand(_GENERIC.sub(" ", question.text))
        wanted = set(query.terms) | set(query.expanded)
        scored = []
        for excerpt, own, above in self._with_figures:
            weight = sum(self.rarity.of(t) for t in wanted & own) + sum(
                0.7 * self.rarity.of(t) for t in wanted & above - own
            )
            year = any(str(y) in normalise(self._text(excerpt)) for y in question.years)
            if weight or year:
                scored.append((weight + 5.0 * year, excerpt))
        scored.sort(key=lambda s: -s[0])
        top = scored[0][0] if scored else 0.0
        listed = [e for score, e in scored[:12] if score > 0.4 * top]
        return listed + [e for e in self._figures_near(question) if e not in listed]

    def _figures_near(self, question: Question) -> list[Excerpt]:
        """Return the sentences with figures of the passages nearest to a question."""
        hits = self.searcher.search(_GENERIC.sub(" ", question.text), 12)
        return [Excerpt(h.passage, s) for h in hits for s in self._best_of(h, figures=True)][:14]

    def _having(self, question: Question) -> tuple[str, tuple[Citation, ...]] | None:
        """Gather what has a figure that the question names: which clusters are of 2000亿?"""
        named = re.findall(r"\d{3,}(?:\.\d+)?|\d+(?:\.\d+)?(?=[亿万%])", normalise(question.text))
        found = [e for e, _, _ in self._with_figures if figures_in(self._text(e)) >= set(named)]
        words = {t for t in terms(_GENERIC.sub(" ", question.text)) if not t[0].isdigit() and len(t) > 1}
        found = [e for e in found if not words or words & set(terms(self._text(e) + e.passage.heading))]
        return self._write(question, found[:12]) if len(found) > 1 else None

    def _near(self, question: Question) -> list[Excerpt]:
        """Return the sentences nearest to the question, two a passage."""
        hits: list[Hit] = self.searcher.search(question.text, 10)
        found = [
            Excerpt(h.passage, s.sentence)
            for h in hits
            if h.score > 0.5 * hits[0].score
            for s in h.sentences[: 2 if h.score > 0.7 * hits[0].score else 1]
        ]
        return [e for e in found if not self._is_heading(e)]

    def _write(self, question: Question, excerpts: list[Excerpt]) -> tuple[str, tuple[Citation, ...]]:
        """Quote excerpts under their sections, each cut to its share of the room."""
        english = question.language == "en"
        draft = Draft(self.plan, BUDGET_EN if english else BUDGET)
        share = max(60, min(150, (draft.budget - 250) // max(1, len(excerpts)) - 6))
        ordered = sorted(excerpts, key=lambda e: e.sentence.start) if _fits(excerpts, draft.budget, share) else excerpts
        lines: list[str] = []
        place = ""
        for excerpt in ordered:
            line = self._line(draft, excerpt, share, question.language)
            if sum(map(len, lines)) + len(line) + 20 > draft.budget:
                break
            here = self._place(excerpt.passage, question.language)
            if here != place:
                lines.append(f"**{here}**")
                place = here
            lines.append(f"- {line}")
        return "\n".join(lines), tuple(draft.citations)

    def _place(self, passage: Passage, language: str) -> str:
        """Name a passage's section, with its title."""
        title = passage.section_title or passage.chapter_title
        if language == "en":
            place = f"Chapter {passage.chapter}" + (f", Section {passage.section}" if passage.section else "")
            return f"{place}: {self._title(title, 'en')}" if passage.chapter else "Preamble"
        return f"{passage.label} {title}" if passage.chapter else "序言"

    def _line(self, draft: Draft, excerpt: Excerpt, share: int, language: str) -> str:
        claim = Claim(excerpt.passage, (excerpt.sentence,), (), 1.0)
        text = self.plan.text[excerpt.sentence.start : excerpt.sentence.end]
        if language == "en" and (english := self.knowledge.english.get(excerpt.sentence.start)):
            first = self.knowledge.english.get(excerpt.passage.sentences[0].start, "").rstrip(".")
            lead = f"{first}: " if len(first) < 90 and first not in english else ""
            return f"{lead}{shorten_english(english, max(220, share * 3))} {draft.mark(claim, excerpt.sentence)}"
        figures = re.findall(r"\d[\d.]*", text)
        heading = excerpt.passage.heading
        lead = "" if heading in text or heading in (excerpt.passage.section_title, "") else f"{heading[:16]}:"
        return lead + shorten(text, [*excerpt.keep, *figures], share) + draft.mark(claim, excerpt.sentence)


def _fits(excerpts: list[Excerpt], budget: int, share: int) -> bool:
    return sum(min(share, e.sentence.end - e.sentence.start) + 6 for e in excerpts) < budget - 150


def _asks_figures(question: Question) -> bool:
    return bool(
        re.search(r"指标|目标|量化|数量|数字|增速|\d|\btargets?\b|\bfigures?\b|\bnumbers?\b", fold(question.text))
    )


def _number(match: re.Match[str]) -> int:
    value = match[1] or match[2]
    return _WORDS[value] if value in _WORDS else to_int(value)
