"""Decide whether an answer holds a fact: text and quantities compared in one normal form.

Two units of the same value are equal (5000亿元, 5,000亿元, 500 billion yuan), 5% is not 55%.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.normal import normalise

_MARK = re.compile(r"\[\d+\](?!\()")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+|\d{1,2}[.)][ \t]+)+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*{1,3}|__|`+|<[^<>]{1,200}>|^[ \t]*\|?[ \t:|-]{3,}$", re.MULTILINE)

_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3})+(?!\d)")
_DASH = re.compile(r"(?<=\d)(%?)[ ]*(?:[—–‑−~～〜-]+|至|到|\bto\b|\band\b)[ ]*(?=\d)")
_SPELLING = (
    ("per ?cent(?:age)?(?! point)|pct", "%"),
    ("percent(?:age)? points?", "百分点"),
    ("kilomet(?:re|er)s?", "km"),
    ("met(?:re|er)s?", "meter"),
    ("tonnes?|tons?", "ton"),
    ("hectares?", "hectare"),
    ("centre", "center"),
    ("programmes?", "program"),
    ("harbour", "harbor"),
    ("labour", "labor"),
    ("(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation|ations)\\b)", "iz"),
)
_SPELLINGS = tuple((re.compile(rf"\b(?:{old})\b" if old[0] != "(" else old), new) for old, new in _SPELLING)
_TENS_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TENS = dict(zip(_TENS_WORDS, range(20, 100, 10), strict=True))
_SMALL = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ONES = dict(zip(("one", *_SMALL.split()), range(1, 20), strict=True))
_WORD_NUMBER = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:[ -]({'|'.join(list(_ONES)[:9])}))?|({'|'.join(list(_ONES)[1:])}))\b"
)

_SCALES = {
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "亿": 1e8,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_UNITS: tuple[tuple[str, str, float], ...] = (
    ("平方公里|square km|sq\\.? ?km|km2", "m2", 1e6),
    ("平方米|square meter", "m2", 1.0),
    ("公顷|hectares?|ha\\b", "m2", 1e4),
    ("亩|mu\\b", "m2", 2000 / 3),
    ("立方米|cubic meter|m3", "m3", 1.0),
    ("公里|千米|km", "m", 1e3),
    ("海里|nautical miles?", "m", 1852.0),
    ("米|meter", "m", 1.0),
    ("吨|ton", "t", 1.0),
    ("千瓦时|kwh", "kwh", 1.0),
    ("千瓦|kw\\b", "kw", 1.0),
    ("兆瓦|mw\\b", "kw", 1e3),
    ("个百分点|百分点", "point", 1.0),
    ("%", "%", 1.0),
    ("美元|(?:us )?dollars?|usd", "usd", 1.0),
    ("元|yuan|rmb|cny", "yuan", 1.0),
    ("标箱|标准箱|teu", "teu", 1.0),
)
_SCALE_PART = "百(?!分点)|千(?![瓦米])|万|亿|hundred|thousand|million|billion|trillion"
_UNIT_PART = "|".join(f"(?P<u{i}>{names})" for i, (names, _, _) in enumerate(_UNITS))
_QUANTITY = re.compile(
    rf"(?P<rmb>(?:rmb|cny|yuan|¥)\s?)?(?P<usd>(?:us)?\$\s?)?(?<![\d.])(?P<n>\d+(?:\.\d+)?)(?!\.?\d)"
    rf"(?P<scales>(?:[多余]?\s?(?:{_SCALE_PART})(?:\b|(?=[^a-z])))*)(?:[多余]?\s?(?:{_UNIT_PART}))?"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Hold a figure by its value in a base unit, and where it stands in the normal form."""

    value: float
    unit: str
    start: int
    end: int


def plain(answer: str) -> str:
    """Return an answer's text without citation marks and markdown."""
    text = _LINE_START.sub("", _LINK.sub(r"\1", _MARK.sub("", answer)))
    return re.sub(r"[ \t]*\n\s*", "\n", _EMPHASIS.sub("", text)).strip()


@lru_cache(maxsize=50_000)
def normal_form(text: str) -> str:
    """Return text for matching: figures in digits, one dash, one spelling, no punctuation.

    A space stays only between two Latin letters or digits, so that 2020、5000 stay two figures.
    """
    text = _GROUPED.sub(lambda m: re.sub(r"\D", "", m[0]), text).replace("，", "、")
    text = normalise(text)
    text = _WORD_NUMBER.sub(_worded, _DASH.sub(r"\1-", text))
    for old, new in _SPELLINGS:
        text = re.sub(old, new, text)
    text = re.sub(r"(?<=\d)[.](?!\d)|(?<!\d)[.]|(?<!\d)-|-(?!\d)|[^\w.%$¥-]|_", " ", text)
    text = re.sub(r"\s+%", "%", re.sub(r"\s+", " ", text))
    return re.sub(r"(?<![a-z0-9%.]) +| +(?![a-z0-9.$])", "", text).strip()


def _worded(match: re.Match[str]) -> str:
    tens, ones, small = match.groups()
    return str(_ONES[small] if small else _TENS[tens] + _ONES.get(ones or "", 0))


@lru_cache(maxsize=50_000)
def quantities(normal: str) -> tuple[Quantity, ...]:
    """Find the figures of a normal form, each with its value in a base unit."""
    return tuple(_quantity(m) for m in _QUANTITY.finditer(normal))


def _quantity(match: re.Match[str]) -> Quantity:
    value = float(match["n"])
    for scale in re.findall(_SCALE_PART, match["scales"]):
        value *= _SCALES[scale]
    for number, (_, unit, factor) in enumerate(_UNITS):
        if match[f"u{number}"]:
            return Quantity(value * factor, unit, match.start(), match.end())
    unit = "yuan" if match["rmb"] else "usd" if match["usd"] else ""
    return Quantity(value, unit, match.start(), match.end())


def holds(answer: str, forms: tuple[str, ...] | list[str]) -> bool:
    """Say whether an answer's text holds any accepted form of a fact."""
    text = normal_form(plain(answer))
    return any(_holds(text, normal_form(form)) for form in forms)


def _holds(text: str, form: str) -> bool:
    return bool(form) and (_bounded(form).search(text) is not None or _equal_quantity(text, form))


@lru_cache(maxsize=50_000)
def _bounded(form: str) -> re.Pattern[str]:
    """Match a form where it does not cut a figure or a Latin word; spaces around Chinese are free."""
    body = re.escape(form).replace(r"\ ", r"\s?")
    before = after = ""
    if form[0].isdigit():
        before = r"(?<![\d.])" if re.match(r"\d{4}", form) else r"(?<![\d.])(?<!\d-)(?<!%-)"
    elif form[0].isascii() and form[0].isalpha():
        before = r"(?<![a-z])"
    if form[-1].isdigit():
        after = rf"(?!\.?\d)(?!\s?(?:%|{_SCALE_PART}))" + ("" if re.search(r"\d{4}$", form) else r"(?!-\d)")
    elif form[-1].isascii() and form[-1].isalpha() and len(form) <= 3:
        after = r"(?!(?!s\b)[a-z])"
    return re.compile(before + body + after)


def _equal_quantity(text: str, form: str) -> bool:
    """Say whether the form is a figure and the text holds one of the same value and unit."""
    found = quantities(form)
    if len(found) != 1 or found[0].start != 0:
        return False
    wanted, rest = found[0], form[found[0].end :].strip()
    for other in quantities(text):
        same = abs(other.value - wanted.value) <= 1e-6 * max(1.0, abs(wanted.value))
        unit_fits = other.unit == wanted.unit or (
            not wanted.unit and not rest and other.unit != "%" and other.value >= 1e4
        )
        if same and unit_fits and text[other.end :].lstrip().startswith(rest):
            return not _in_range(text, other)
    return False


def _in_range(text: str, quantity: Quantity) -> bool:
    """Say whether a figure is one end of a range, such as the 3 of 3-5家."""
    return text[quantity.end : quantity.end + 1] == "-" or text[: quantity.start].endswith("-")


def figure_values(text: str) -> set[tuple[float, str]]:
    """Return the figures of a text as values in base units, for the check that each is supported."""
    return {(round(q.value, 6), q.unit) for q in quantities(normal_form(plain(text)))}
