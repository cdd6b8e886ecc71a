"""Read a question: its language, what kind of answer it asks for, and its conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from index.words import content_words
from ingest.headings import to_int
from ingest.model import Plan
from ingest.normal import fold, normalise

PAIR = 2  # things that are asked for as names are, not as a list
ENGLISH_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
)


class Asks(StrEnum):
    """Name the form of answer that a question asks for."""

    FIGURE = "figure"
    TIME = "time"
    PERSON = "person"
    NAME = "name"
    PLACE = "place"
    LIST = "list"
    MEANING = "meaning"
    MEASURES = "measures"
    COMPARISON = "comparison"
    WHETHER = "whether"
    OTHER = "other"


_CUES: tuple[tuple[Asks, str], ...] = (
    (Asks.COMPARISON, r"相比|对比|比较|差别|区别|差距|差多少|谁.{0,8}(快|高|多|大|低|少)|哪个.{0,6}(更|定得)?(高|多|大|低|少|快)|各.{0,8}多少|各(是|为|要)?(多|几)|分别(是|为|达|有)?多少|翻了?几|增加了多少|\bcompar|\bversus\b|\bvs\b|\bdiffer|\b(higher|lower|more|less|faster|bigger) than\b"),
    (Asks.TIME, r"什么时候|何时|啥时候|哪一?年|几年|多久|多长时间|\bwhen\b|\bwhat year\b|\bwhich year\b|\bhow (long|soon)\b|\bby what date\b"),
    (Asks.MEANING, r"什么意思|啥意思|指什么|指的?是(什么|啥)|指啥|含义|怎么理解|是什么(概念|意思|东西)?[?？]?$|是啥|怎么解释|\bwhat does\b.*\b(mean|stand for|refer)|\bmeaning of\b|\bexplain\b"),
    (Asks.NAME, r"叫(什么|啥)|什么名[字称堂号]|名[字称]是|\bcalled\b|\bname of\b|哪[一1]?个(?!部门|单位|机构|企业|公司|区|县|镇|园区|地方|港|城市|片区)"),
    (Asks.FIGURE, r"多少(?!办法|措施|举措)|(?<!哪)几[个家条所万亿处座张倍场]|几成|百分之几|占比|比例|比重|多大|多高|\bhow (many|much)\b"),
    (Asks.MEASURES, r"怎么|如何|怎样|咋|有(?:没有)?(?:什么|啥)?(?:招|法子|路子|辙|指望|盼头)|管不管|措施|举措|办法|打算|对策|政策|做法|安排|支持.*什么|干点?啥|做(些)?什么|\bhow (will|does|do|is|are|can|would|to)\b|\bmeasures?\b|\bsteps\b|\bwhat (will|is|are|does).*\b(do|doing|done|planned|plans?)\b|\bstrategy\b"),
    (Asks.FIGURE, r"多少|(?<!哪)几[个家条所成万亿次处项座人名张倍场点]|占比|比例|比重|多大|多高|多长|多快|百分之几|百分比|目标值?(是|为|呢|[?？]|$)|增速|指标|数量|规模有|\bhow (many|much|big|large|high|fast|far)\b|\b(percent|percentage|share|proportion|ratio|rate|number|figure|target|volume|amount|total)\b"),
    (Asks.LIST, r"哪些|哪几|哪[一二两三四五六七八九十\d]|有(什么|啥)|包括|都有|列出|列举|几大|都是|分别是|\bwhat are\b|\bwhich\b.*s\b|\blist\b|\bname (the|all|some)\b|\bwhat (kinds?|types?|sorts?)\b"),
    (Asks.PERSON, r"谁|哪家|哪个(部门|单位|机构|企业|公司)|\bwho\b|\bwhose\b|\bwhich (body|agency|department|company|ministry)\b"),
    (Asks.PLACE, r"哪里|哪儿|在哪|什么地方|哪个?(区|县|镇|园区|地方|港|城市|片区)|\bwhere\b|\bwhich (district|area|zone|place|bay|island|county|city|port)\b"),
    (Asks.WHETHER, r"吗|有没有|是否|([\u4e00-\u9fff])不\1|可不可以|^\s*(is|are|does|do|will|can|did|has|have|should)\b"),
)  # fmt: skip
_YES_NO = re.compile(
    r"吗[?？。]?$|^\s*(is|are|does|do|will|can|did|has|have|should|could)\b(?!.*\b(what|which|how|who|where|when)\b)"
)
_YEAR = re.compile(r"(?<![\d.])(19|20)(\d{2})(?!\d)(?!\s*(?:个|亿|万|家|名|人|元|公里|吨|米|posts|billion|million))")
_PERIODS = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}  # each with its last year
_PERIODS_EN = {"12th": 2015, "13th": 2020, "14th": 2025, "15th": 2030, "16th": 2035}
_PAST = re.compile(
    r"过去|已经|已有|上一?个?五年|前几年|前五年|这几年.*了|截至|目前|现状|当前|取得|连续.*年|做到了|拿(到|过|下)了?"
    r"|\b(previous|last five|past five|so far|already|achieved|had|was|were|did|reached)\b"
)
_TARGET = re.compile(r"目标|规划期末|\b(targets?|goals?)\b")
_FUTURE = re.compile(r"目标|将|要|未来|以后|今后|打算|\b(target|will|plan(s|ned)? to|aim|goal|intend|future|should)\b")
_FIGURE = re.compile(r"(?<![A-Za-z.\d])\d+(?:\.\d+)?")  # that of PM2.5 is none
_COUNTED = re.compile(
    r"(?<![一二三四五六七八九十]\S)([两二三四五六七八九十])(?:大|个|件|项|种|条|类|样|句|头|块|点|批|片|字|者|座|家|方面|层|道|步|重|手|处|所|校|院|城|区|园|港|核|带|廊|圈)(?![一二两三四五六七八九十多])"
    r"|\b(two|three|four|five|six|seven|eight|nine|ten)\b"
)
_QUOTED = re.compile(r"[“\"「]([^“”\"「」]{2,12})[”\"」]")
_CLAUSE_END = re.compile(
    r"[,，、;；:：?？。!！—…]+|(?:以及|还有|外加|再加上|和|跟|与|及)(?=[^,，]{2})"
    r"|\b(?:and|or|plus|as well as|along with)\b|[.](?:\s|$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what a question says of the answer it wants; `years` are those it names, `count` how many things.

    `then_and_now` says that it asks both for what was achieved and for what is planned; `quoted` are
    the terms that it puts in quotation marks.
    """

    text: str
    language: str
    asks: Asks
    years: tuple[int, ...]
    figures: tuple[str, ...]
    past: bool | None = None
    target: bool = False
    count: int = 0
    then_and_now: bool = False
    quoted: tuple[str, ...] = ()

    @property
    def two_sided(self) -> bool:
        """Say whether two things, or two times, are set side by side."""
        return self.asks == Asks.COMPARISON or self.then_and_now


def read_question(text: str, period: tuple[int, int] | None = None) -> Question:
    """Read a standalone question on a plan for the years of `period`, first and last."""
    folded = normalise(text)
    years = years_in(folded)
    first, last = period or (0, 0)
    figures = tuple(f for f in _FIGURE.findall(folded) if f not in {str(y) for y in years})
    past = bool(_PAST.search(folded)) or any(first - 5 <= y < first for y in years)
    target = bool(_TARGET.search(folded)) or last in years
    return Question(
        text,
        language(text),
        _asks(folded),
        years,
        figures,
        past=_past(folded, past, target, any(y >= first for y in years)),
        target=target,
        count=_count(text),
        then_and_now=past and target,
        quoted=tuple(_QUOTED.findall(text)),
    )


def _past(folded: str, past: bool, target: bool, later: bool) -> bool | None:
    """Say whether a question asks for what was achieved (True) or is planned (False); None for both or neither."""
    if past:
        return None if target or re.search(r"下一?个五年|接下来", folded) else True
    return False if later or _FUTURE.search(folded) else None


def _count(text: str) -> int:
    """Return how many things a question says it asks for: 哪四件事, 七个“坚持”, which three; 0 where it does not."""
    found = _COUNTED.search(_QUOTED.sub("", fold(text)))
    if not found:
        return 0
    return to_int(found[1]) if found[1] else ENGLISH_NUMBERS.index(found[2])


def language(text: str) -> str:
    """Return en for a text without Chinese characters (or hardly any), else zh."""
    chinese = len(re.findall(r"[\u3400-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-z]{2,}", text))
    return "zh" if chinese and (chinese >= latin or not latin) else ("en" if latin else "zh")


def _asks(folded: str) -> Asks:
    if _YES_NO.search(folded) and not re.search(r"多少|几[个家条所成]|how (many|much)", folded):
        return Asks.WHETHER
    return next((kind for kind, cue in _CUES if re.search(cue, folded)), Asks.OTHER)


def years_in(folded: str) -> tuple[int, ...]:
    """Return the years that a folded text names, of a period its last."""
    found = [int(m[0]) for m in _YEAR.finditer(folded)]
    found += [end for name, end in _PERIODS.items() if name in folded]
    found += [end for name, end in _PERIODS_EN.items() if re.search(rf"\b{name}\b", folded)]
    return tuple(dict.fromkeys(found))


def undated(question: Question) -> str:
    """Return a question's text, normalised, without the years that it names."""
    return re.sub("|".join(f"{year}年?" for year in question.years) or "(?!)", "", normalise(question.text))


def period_ending(year: int) -> str:
    """Return the name of the five-year period that ends with a year: 2025 → 十四五; empty for none."""
    return next((name for name, end in _PERIODS.items() if end == year), "")


def goes_beyond(plan: Plan, years: Iterable[int]) -> bool:
    """Say whether any of some years comes after those of a plan."""
    return plan.info.period is not None and any(year > plan.info.period[1] for year in years)


def sides_of(text: str) -> list[str]:
    """Return the two halves of a comparison, each with what is asked of it; none where there are not two."""
    halves = re.split(
        r"和|与|跟|同|还是|以及|[,，、;；]|\b(?:and|versus|vs\.?|or|than|compared (?:with|to))\b", text, maxsplit=1
    )
    return [h.strip() for h in halves if len(h.strip()) > 3] if len(halves) == 2 else []


def clauses_of(text: str) -> list[str]:
    """Return the clauses of a question and the items that it lists, those that carry meaning."""
    parts = [p.strip() for p in _CLAUSE_END.split(text)]
    found = [p for p in parts if any(len(w) > 1 for w in content_words(p))]
    return list(dict.fromkeys(found)) if len(found) > 1 else []


def figures_in(text: str) -> set[str]:
    """Return the numbers of a text, normalised: 5,000 → 5000, 百分之五 → 5."""
    return set(_FIGURE.findall(normalise(text)))
