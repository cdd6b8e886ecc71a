"""Tell when a quantity holds: a result of the plan before, a target of this one, or a vision beyond it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ingest.model import Passage, Plan
from ingest.target_values import half_width

_ORDINAL = re.compile(r"第(十[一二三四五六七八九]?)个五年")
_ERA = re.compile(r"“(十[一二三四五六七八九]?)五”")
_REVIEW = re.compile(r"发展基础|发展成就|发展成效|工作成效|回顾|历史性成就|精彩开局|良好开局|完成情况|坚实步伐")
_VISION = re.compile(r"远景|展望|愿景目标")
_MARK = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:年?(?:—|-|–|~|至)+(?P<last>20\d\d))?(?=年)|“(?P<era>十[一二三四五六七八九]?)五”"
)
_YEAR = re.compile(r"[一二][〇○零一二三四五六七八九]{3}(?=年)")
_LATER = re.compile(r"再用\d+年(?:左右)?")
_BASE = re.compile(r"(?:比|较|(?<!调整)为|同比|在|对)$")
_SPREAD = re.compile(r"年均|累计|每年|新增|[五5]年")
_DONE = re.compile(r"已[建达超有形突实]|目前")
_TITLED = re.compile(r"《[^》]*》|〔[^〕]*〕|“[^”]*\d{4}[^”]*”")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hold a plan's first and last year (0 where unknown) and its sections that look back."""

    first: int
    last: int
    reviews: frozenset[tuple[int, int, int]]


def calendar(plan: Plan) -> Calendar:
    """Work out a plan's period from its record, its title or the plan that it names most."""
    first, last = plan.info.period or period_of(plan) or (0, 0)
    return Calendar(first, last, frozenset(_reviews(plan, first)))


def period_of(plan: Plan) -> tuple[int, int] | None:
    """Work out a plan's first and last year from its title or the plan that it names most; None where neither tells."""
    named = _ORDINAL.search(plan.info.title + plan.text[:3_000])
    eras = Counter(_ERA.findall(plan.text)).most_common(1)
    ordinal = named[1] if named else eras[0][0] if eras else ""
    return (_first(ordinal), _first(ordinal) + 4) if ordinal else None


def _first(ordinal: str) -> int:
    """Return the first year of the n-th five-year plan: 十四 → 2021."""
    return 1951 + 5 * (10 + " 一二三四五六七八九".find(ordinal[1:] or " "))


def _reviews(plan: Plan, first: int) -> list[tuple[int, int, int]]:
    """Find the sections that look back: by their titles, or because they speak of the plan before."""
    texts: dict[tuple[int, int, int], str] = {}
    titles: dict[tuple[int, int, int], str] = {}
    for passage in plan.passages:
        texts[_key(passage)] = texts.get(_key(passage), "") + passage.text
        titles[_key(passage)] = passage.section_title or passage.chapter_title
    found = []
    for order, (key, text) in enumerate(texts.items()):
        eras = Counter(_first(e) for e in _ERA.findall(text + titles[key]))
        past = eras[first - 5] > eras[first] and order < 4
        if (past or _REVIEW.search(titles[key])) and order < 8 and "面临" not in titles[key]:
            found.append(key)
    return found


def _key(passage: Passage) -> tuple[int, int, int]:
    return passage.part, passage.chapter, passage.section


def when(
    sentence: str, clause: int, start: int, previous: int, *, passage: Passage, years: Calendar
) -> tuple[str, str]:
    """Return kind and period of the quantity at `start`, whose clause begins at `clause`.

    `previous` is where the quantity before it ends: in 从2015年的X调整为Y the year belongs to X alone.
    """
    text = _digits(half_width(sentence))
    later = _LATER.search(text, clause, start)
    if later:
        return "vision", later[0]
    mark = _mark(text, start, previous)
    if mark:
        return _dated(mark, text[clause:start], years)
    return _undated(text[clause:start], text[:start], passage, years)


def _digits(text: str) -> str:
    return _YEAR.sub(
        lambda m: "".join(str("〇一二三四五六七八九".find(c) if c not in "○零" else 0) for c in m[0]), text
    )


def _mark(text: str, start: int, previous: int) -> re.Match[str] | None:
    """Return the last year or plan named before a quantity that says when it holds."""
    hidden = [m.span() for m in _TITLED.finditer(text) if "年" not in m[0] or m[0][0] != "“"]
    chosen = None
    for mark in _MARK.finditer(text, 0, start):
        before, after = text[: mark.start()], text[mark.end() :]
        if any(a <= mark.start() < b for a, b in hidden) or _BASE.search(before):
            continue
        if re.match(r"年?底?以?前(?:建成|投产|出生)|规划|年愿景", after) or (
            before.endswith(("由", "从")) and mark.end() < previous
        ):
            continue
        chosen = mark
    return chosen


def _dated(mark: re.Match[str], clause: str, years: Calendar) -> tuple[str, str]:
    if mark["era"]:
        first, last = _first(mark["era"]), _first(mark["era"]) + 4
        spread = _SPREAD.search(clause) or not re.match(r"(?:期?末)", mark.string[mark.end() :])
        current = first == years.first and not _SPREAD.search(clause)
        period = f"{first}-{last}" if spread and not current else str(last)
    else:
        first, last = int(mark["year"]), int(mark["last"] or mark["year"])
        period = f"{first}-{last}" if mark["last"] else str(last)
    if years.first and last < years.first:
        return "achieved", period
    return ("vision" if years.last and last > years.last else "target"), period


def _undated(clause: str, before: str, passage: Passage, years: Calendar) -> tuple[str, str]:
    if _key(passage) in years.reviews or _DONE.search(clause):
        return "achieved", f"{years.first - 5}-{years.first - 1}" if years.first else ""
    titles = " ".join((*passage.path, passage.heading))
    if _VISION.search(titles) and "主要目标" not in titles:
        beyond = re.search(r"20[3-9]\d", _digits(titles + passage.text))
        return "vision", beyond[0] if beyond else ""
    if not years.first:
        return "target", ""
    return "target", f"{years.first}-{years.last}" if _SPREAD.search(clause) else str(years.last)
