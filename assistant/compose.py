"""Write the answer: the key value first, then the plan's own words, then the mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Citation
from assistant.cuts import shorten, shorten_english
from assistant.draft import Draft
from assistant.evidence import Claim
from assistant.excerpts import ExcerptWriter
from assistant.gather import Excerpt
from assistant.question import PAIR, Asks, Question, figures_in, sides_of
from assistant.spans import has_figure, key_figure, listed
from assistant.targets import TargetFinder
from index.lexical import Rarity
from index.words import terms
from ingest.knowledge import Knowledge
from ingest.model import Passage, Plan, Sentence
from ingest.target_tables import is_head, is_row, on_one_line

BUDGETS = {Asks.LIST: 470, Asks.MEASURES: 470, Asks.MEANING: 340, Asks.COMPARISON: 340}
SHORT, LONG = 225, 470
EACH = 120  # characters that a gathered sentence may take
MOST_PLACES = 3
LIKELY, CERTAIN = 0.5, 0.7  # closeness of a written question from which its answer is bold, and a figure stands alone
_NARROW = (Asks.FIGURE, Asks.TIME, Asks.PERSON, Asks.PLACE, Asks.NAME)
_POINT = re.compile(r"^.*?(?:[一二三四五六七八九十]是|第[一二三四五六七八九十][,，]|——)")
_QUOTING = re.compile(r"[“\"「].+[”\"」]")


class Composer:
    """Compose answers about one plan by quoting it."""

    def __init__(
        self, plan: Plan, knowledge: Knowledge, rarity: Rarity, writer: ExcerptWriter, targets: TargetFinder
    ) -> None:
        self.plan, self.knowledge, self.rarity, self.writer, self._targets = plan, knowledge, rarity, writer, targets

    def compose(
        self, question: Question, found: list[Claim], gathered: Sequence[Excerpt] = ()
    ) -> tuple[str, tuple[Citation, ...]]:
        """Answer with the best claim, and with the next where it is nearly as close.

        Of what was `gathered` for a question that several places may answer, add as much as there is room for.
        """
        scale = _scale(question)
        draft = Draft(self.plan, _budget(question, found[0]) * scale)
        write = self._english if question.language == "en" else self._chinese
        write(draft, question, found[0])
        for claim in self._others(question, found) if question.two_sided or not gathered else []:
            size = len(claim.text()) * scale
            if draft.left > min(size, 60 if question.language == "zh" else 200):
                self._also(draft, question, claim)
        if draft.left < 0 and draft.further:
            draft.drop()
        self._fill(draft, question, gathered)
        return draft.text("See also: " if question.language == "en" else "另见:"), tuple(draft.citations)

    def _fill(self, draft: Draft, question: Question, gathered: Sequence[Excerpt]) -> None:
        """Add gathered sentences while they fit: in a list or among measures to its end, else within a short answer."""
        scale = _scale(question)
        spared = 0 if question.asks in (Asks.LIST, Asks.MEASURES) else max(0, draft.budget - scale * SHORT)
        room = draft.left - spared
        for excerpt in gathered:
            if any(c.start == excerpt.sentence.start for c in draft.citations):
                continue
            size = len(self.writer.line(Draft(self.plan, room), excerpt, scale * EACH, question.language))
            if size <= room:
                draft.further.append(self.writer.line(draft, excerpt, scale * EACH, question.language))
                room -= size

    def source(self, question: Question, starts: tuple[int, ...]) -> tuple[str, tuple[Citation, ...]]:
        """Say in which section the sentences at `starts` stand."""
        draft = Draft(self.plan, SHORT)
        places: dict[str, str] = {}
        for passage in self.plan.passages:
            for sentence in (s for s in passage.sentences if s.start in starts):
                where = self._where(question, passage)
                if where in places or len(places) < MOST_PLACES:
                    places[where] = places.get(where, "") + draft.mark(Claim(passage, (sentence,), (), 1.0), sentence)
        return "\n\n".join(where + marks for where, marks in places.items()), tuple(draft.citations)

    def _where(self, question: Question, passage: Passage) -> str:
        page = passage.page
        if question.language == "en":
            titles = self.knowledge.english_titles
            section = titles.get(passage.section_title, passage.section_title)
            where = (
                f"**Chapter {passage.chapter}, Section {passage.section}**"
                if passage.section
                else f"**Chapter {passage.chapter}**"
            )
            return (
                f"{where} ({section or titles.get(passage.chapter_title, passage.chapter_title)}), 《{self.plan.info.title}》{passage.label}"
                + (f", page {page}" if page else "")
            )
        return (
            f"出自《{self.plan.info.title}》**{passage.label}**“{passage.section_title or passage.chapter_title}”"
            + (f"(目录页码第 {page} 页)" if page else "")
        )

    def quote(self, question: Question, claim: Claim) -> tuple[str, tuple[Citation, ...]]:
        """Quote what the plan does say, under a refusal."""
        draft, claim = Draft(self.plan, SHORT), self._nearest_sentence(question, claim)
        if question.language == "en":
            return f"What it says: {self._translated(draft, claim, 400)}", tuple(draft.citations)
        return f"规划的原话是:{self._body(draft, claim, 160)}", tuple(draft.citations)

    def _nearest_sentence(self, question: Question, claim: Claim) -> Claim:
        """Keep the sentence of a claim that shares the rarest words with a question."""
        asked = set(terms(question.text))

        def shared(sentence: Sentence) -> float:
            text = self.plan.text[sentence.start : sentence.end]
            return sum(self.rarity.of(t) for t in asked & set(terms(text)))

        return replace(claim, sentences=(max(claim.sentences, key=shared),))

    def _others(self, question: Question, found: list[Claim]) -> list[Claim]:
        """Return further claims worth showing: nearly as close, on sentences not shown yet."""
        least, most = _company(question, found[0])
        shown = {s.start for s in found[0].sentences}
        chosen: list[Claim] = []
        for claim in found[1:]:
            starts = {s.start for s in claim.sentences}
            if shown.isdisjoint(starts) and claim.score >= least * found[0].score:
                chosen.append(claim)
                shown |= starts
        return chosen[:most]

    def _chinese(self, draft: Draft, question: Question, claim: Claim) -> None:
        answers = _listed(question, claim)
        if len(claim.sentences) > 1 and question.count == len(claim.sentences) and not answers:
            self._points(draft, claim)
            return
        counted = question.asks == Asks.LIST and question.count in (0, len(answers))
        if len(answers) > 2 and (counted or len(claim.text()) > draft.left):
            self._items(draft, question, claim, answers)
            return
        key = self._key(question, claim)
        body = self._body(draft, claim, draft.left - len(key) - 2)
        if key and is_row(claim.text()) and (columns := self._columns(claim)):
            body += draft.marks(columns)
        lead = _correction(question, claim)
        if key and body.startswith(key):
            draft.pieces.append(f"{lead}**{key}**{body[len(key) :]}")
        else:
            draft.pieces.append(f"{lead}**{key}**。{body}" if key else f"{lead}{body}")

    def _items(self, draft: Draft, question: Question, claim: Claim, answers: list[str]) -> None:
        lead = f"共 {len(answers)} 项:" if question.asks == Asks.LIST else ""
        lines = [f"{n}. {a.rstrip(',，;；。')}" for n, a in enumerate(answers, 1)]
        room = draft.left - len(lead)
        if sum(map(len, lines)) > room:
            lines = ["、".join(a.rstrip(",，;；。") for a in answers)[:room]]
        draft.pieces.append("\n".join([*([lead] if lead else []), *lines]) + draft.marks(claim))
        if not claim.answers and draft.left >= len(claim.text()):
            draft.pieces.append(self._body(draft, claim, draft.left))

    def _points(self, draft: Draft, claim: Claim) -> None:
        """List numbered sentences, each with its mark."""
        share = max(24, (draft.left - 10) // len(claim.sentences) - 4)
        lines = [f"共 {len(claim.sentences)} 项:"]
        for number, sentence in enumerate(claim.sentences, 1):
            text = _POINT.sub("", self.plan.text[sentence.start : sentence.end])
            lines.append(f"{number}. {shorten(text, [], share)}{draft.mark(claim, sentence)}")
        draft.pieces.append("\n".join(lines))

    def _key(self, question: Question, claim: Claim) -> str:
        """Return the value to put first: the written answer, else the figure that was asked for."""
        if question.asks == Asks.MEASURES:
            return ""
        if "分别" in claim.text() and len(claim.answers) == 1 and sides_of(question.text):
            return ""
        if claim.answers and claim.written < LIKELY:
            return ""
        if len(claim.answers) == 1 and _fits_bold(claim.answers[0]):
            return claim.answers[0].strip(",，;；。")
        if len(claim.answers) == 2 and all(map(_fits_bold, claim.answers)):
            return "、".join(a.strip(",，;；。") for a in claim.answers)
        if is_row(claim.text()):
            value = self._targets.value(question, claim.sentences[0])
            return value if self._columns(claim) else re.sub(r"\(\d{4}年\)", "", value)
        if not claim.answers and question.asks == Asks.FIGURE:
            return key_figure(terms(question.text), claim.text(), self.rarity)
        return ""

    def _columns(self, claim: Claim) -> Claim | None:
        """Return the sentence that names the columns, with their years, above a row of a table."""
        above = [p for p in self.plan.passages if p.label == claim.passage.label and p.start <= claim.passage.start]
        heads = [Claim(p, (s,), (), 0.0) for p in above for s in p.sentences if s.start < claim.sentences[0].start]
        return next((head for head in reversed(heads) if is_head(head.text())), None)

    def _body(self, draft: Draft, claim: Claim, room: int) -> str:
        """Return the claim's sentences, cut to the room, each with its mark."""
        share = max(40, room // max(1, len(claim.sentences)))
        out = ""
        for sentence in claim.sentences:
            text = on_one_line(self.plan.text[sentence.start : sentence.end])
            out += shorten(text, list(claim.answers), share) + draft.mark(claim, sentence)
        return out

    def _also(self, draft: Draft, question: Question, claim: Claim) -> None:
        translate = question.language == "en"
        body = (
            self._translated(draft, claim, draft.left - 20) if translate else self._body(draft, claim, draft.left - 6)
        )
        draft.further.append(body)

    def _english(self, draft: Draft, question: Question, claim: Claim) -> None:
        draft.pieces.append(self._translated(draft, claim, draft.left))

    def _translated(self, draft: Draft, claim: Claim, room: int) -> str:
        """Return the sentences in English, with the answer's figures in bold."""
        wanted = {f for a in claim.answers for f in figures_in(a)} if claim.written >= LIKELY else set()
        out = []
        for sentence in claim.sentences:
            english = self.knowledge.english.get(sentence.start)
            original = on_one_line(self.plan.text[sentence.start : sentence.end])
            text = _bold(english, wanted) if english else f"(in Chinese) {original}"
            out.append(shorten_english(text, room // len(claim.sentences)) + " " + draft.mark(claim, sentence))
        return " ".join(out)


def _listed(question: Question, claim: Claim) -> list[str]:
    """Return the items of an answer: the written ones, or the enumeration that fits what is asked better."""
    answers = [a for a in claim.answers if a]
    if len(claim.sentences) > 1:
        return answers
    items = listed(claim.text(), question.count, question.text)
    fits = question.count > 1 and len(items) == question.count != len(answers)
    whole = question.asks == Asks.LIST and not answers and question.count in (0, len(items))
    return items if fits or whole else answers


def _correction(question: Question, claim: Claim) -> str:
    """Say so when a question asks whether a figure is right and the plan gives another."""
    given = figures_in(claim.text())
    differs = question.figures and given and given.isdisjoint(question.figures)
    return "规划的说法不同:" if question.asks == Asks.WHETHER and differs else ""


def _scale(question: Question) -> int:
    """Return how many characters of an answer's language stand for one Chinese one."""
    return 3 if question.language == "en" else 1


def _budget(question: Question, claim: Claim) -> int:
    """Return how long an answer may be, in Chinese characters: short for a value or name, longer for clauses."""
    brief = 0 < len(claim.answers) <= 3 and sum(map(len, claim.answers)) <= 60
    few = question.asks == Asks.LIST and (brief or question.count == PAIR)
    if question.asks in BUDGETS and not few:
        most = BUDGETS[Asks.MEANING] if _QUOTING.search(question.text) else LONG
        return min(BUDGETS[question.asks], most)
    if question.asks in (Asks.WHETHER, Asks.OTHER) and not brief and not has_figure(claim.text()):
        return LONG
    return SHORT


def _fits_bold(answer: str) -> bool:
    """Say whether an answer is short enough to stand out: a name, or a figure with its words."""
    return len(answer) <= (30 if has_figure(answer) else 16)


def _company(question: Question, best: Claim) -> tuple[float, int]:
    """Return how close to the best a further claim must come to be shown, and how many are."""
    if question.asks == Asks.COMPARISON:
        return (0.0, 2) if len(best.answers) < PAIR else (0.9, 1)
    if _budget(question, best) == SHORT:
        narrow = question.asks in _NARROW or question.count == PAIR
        certain = narrow and best.written >= (CERTAIN if question.asks == Asks.FIGURE else LIKELY)
        return (0.95, 1) if certain else (0.7, 2)
    return (0.85, 5) if question.asks == Asks.MEASURES else (0.9, 3)


def _bold(text: str, figures: set[str]) -> str:
    """Set in bold the figures of an English sentence that the Chinese answer holds."""

    def mark(m: re.Match[str]) -> str:
        value = m[1].replace(",", "")
        same = value in figures or any(_scaled(value, m[2] or "", f) for f in figures)
        return f"**{m[0].strip()}**" + (" " if m[0].endswith(" ") else "") if same else m[0]

    pattern = r"(?<![\w.])(\d+(?:,\d{3})*(?:\.\d+)?)((?:%|[ -](?:percent|billion|million|trillion)))?(?: (?:yuan|tonnes|TEUs|US dollars|passengers|square met\w+|kilomet\w+))?(?!\w)"
    return re.sub(pattern, mark, text)


def _scaled(value: str, unit: str, figure: str) -> bool:
    """Say whether an English figure states a Chinese one in 万 or 亿: 500 billion, 5000亿."""
    try:
        scale = {"billion": 1e9, "million": 1e6, "trillion": 1e12}.get(unit.strip(" -"), 1.0)
        number, other = float(value) * scale, float(figure)
    except ValueError:
        return False
    return any(abs(number - other * factor) < 1e-6 * number for factor in (1, 1e4, 1e8) if number)
