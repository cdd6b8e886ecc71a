"""Find the quantities in a sentence of a plan: numbers with units, and no figure that is part of a name.

The first step of the index of targets: `target_rules` says what each quantity is of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import cn2an

_HALF = str.maketrans("０１２３４５６７８９％．：∶＋－～", "0123456789%.::+-~")
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_CHINESE = r"[一二两三四五六七八九十百千万亿]+"
_COUNT = (
    "个百分点|个月|个|家|所|座|条|项|处|件|张|台|套|辆|艘|架|场|人次|人口|人|名|位|户|支|部|种|类|篇|栋|幢|间|列|趟|"
    "枚|颗|口|片|块|宗|对|只|头|株|门|道|册|集|盏|只|架次|班|款|员|本|首|轮|组"
)
_MEASURE = (
    "平方公里|平方千米|平方米|立方米|公里|千米|海里|米|公顷|亩|吨标准煤|吨|公斤|千克|克|斤|千瓦时|千伏安|千瓦|兆瓦|吉瓦|"
    "美元|欧元|日元|元|标准箱|标箱|微克|毫克|分贝|℃|天|年|小时|分钟|秒|岁|倍|番|次|床|箱|卡|升|字|"
    "(?i:[ep]flops|tops|gwh|mwh|kwh|gw|mw|kw|[ptge]b|[gm]bps|teu|db)(?![A-Za-z])"
)
_UNIT = rf"(?:%|‰|(?:{_COUNT}|{_MEASURE})(?:/(?:平方公里|平方米|立方米|[万亿]?元|秒|小时|年|人|户|天|日|公顷|亩))?)"
_SUFFIX = "左右|以上|以内|以下|之内|上下"
_FIGURE = rf"{_DIGITS}(?:\s?(?:[十百万亿]|千(?![瓦米克伏]))+)?"
_VALUE = re.compile(
    rf"(?P<ratio>{_DIGITS}(?::{_DIGITS})+)"
    rf"|(?P<rate>{_DIGITS}/(?:\d+万))"
    r"|(?P<rank>第(?:\d+|[一二三四五六七八九十]+)(?:位|名(?![的者]))|[第前]\d+(?=[,，。;；、]))"
    rf"|(?P<first>{_FIGURE})(?P<firstunit>{_UNIT})?(?:—+|–|-|~|至|到)(?P<second>{_FIGURE})(?P<more2>余|多)?(?P<unit2>{_UNIT}|级)?"
    rf"|(?P<number>{_FIGURE})(?P<more>余|多)?(?P<unit>{_UNIT}|级)?"
    rf"|(?P<doubled>翻(?:[一两二三四1-4])?番)"
    rf"|(?P<part>[百一二两三四五六七八九十]+分之[一二两三四五六七八九十百点]+)"
    rf"|(?P<chinese>{_CHINESE})(?P<more3>余|多)?(?P<cunit>{_UNIT}|级|成)?"
)
_AFTER = re.compile(rf"\s?(?:\(含\)|（含）)?({_SUFFIX})")
_GROWING = re.compile(
    r"(?:达到?|为|超过?|突破|大于|低于|高于|不足|约|近|[至到]|[>＞≥<＜≤]|[控稳保][制定持]在|新增|增[加长]|延长|提高|建[成设]|培育|打造|引进|新建|力争|至少|降低|减少|每年)\s*$"
)
_NAMES = re.compile(r"“[^“”]{1,24}”|《[^《》]*》|〔[^〔〕]*〕|「[^」]{1,24}」")
_LIMIT = re.compile(r"最多|不超过|以内|至少|不少于")
_NUMBERING = re.compile(
    r"\s*(?:[（(]?\d+[)）、]|\d+(?:\.\d+)*\.?(?![\d.%,:万亿千百十])(?=\s*[\u4e00-\u9fff“])|\d+\.(?!\d))"
)
_NO_STATEMENT = re.compile(r"是?指(?!标)|[\s\S]{0,80}序号\s+指标")
_PEOPLE = re.compile(r"大中城市|重点城市|强")
_BOUNDARY = re.compile(r"[A-Za-z\d.\-+×〔第_/—]$")
_CIRCLE = re.compile(r"[^,，。;；、]{0,10}?(?:圈|率|街区|营业|值守|响应机制)")


@dataclass(frozen=True, slots=True)
class Value:
    """Hold one quantity of a sentence, with offsets into the sentence."""

    start: int
    end: int
    numbers: tuple[float, ...]
    unit: str
    counted: bool


def half_width(text: str) -> str:
    """Write full-width digits and signs as half-width ones, character for character."""
    return text.translate(_HALF)


def find_values(sentence: str) -> list[Value]:
    """Return the quantities of a sentence in order; `sentence` may be full-width."""
    text = half_width(sentence)
    if _NO_STATEMENT.match(text):
        return []
    names = [m.span() for m in _NAMES.finditer(text) if not _LIMIT.search(m[0])]
    head = _NUMBERING.match(text)
    found = []
    for match in _matches(text, head.end() if head else 0):
        if any(a <= match.start() < b for a, b in names):
            continue
        value = _value(text, match)
        if value:
            found.append(value)
    return found


def _matches(text: str, position: int) -> Iterator[re.Match[str]]:
    while match := _VALUE.search(text, position):
        yield match
        position = match.end()


def _value(text: str, match: re.Match[str]) -> Value | None:
    before, groups = text[: match.start()], match.groupdict()
    if match["rank"]:
        return _rank(match, before)
    if match["rate"]:
        above, _, below = match["rate"].partition("/")
        return Value(match.start(), match.end(), (float(above) / number(below),), "", False)
    if match["ratio"]:
        parts = match["ratio"].split(":")
        known = len(parts) > 2 or "." in match["ratio"] or before.endswith(("比", "比例", "为", "至", "由"))
        return Value(match.start(), match.end(), tuple(map(float, parts)), "比", False) if known else None
    if match["doubled"]:
        return Value(match.start(), match.end(), (_doubled(match["doubled"]),), "倍", False)
    if match["part"]:
        return Value(match.start(), _suffix(text, match.end()), _fraction(match["part"]), "%", False)
    unit = groups["unit"] or groups["unit2"] or groups["cunit"] or groups["firstunit"] or ""
    return _plain(text, match, before, unit)


def _rank(match: re.Match[str], before: str) -> Value | None:
    """Read a rank; 第一位 counts only where something is said to stand there."""
    placed = re.search(r"[居列至]|排名?|世界|全国|全省|东北$", before[-4:])
    if not placed and not re.match(r"[第前]\d", match[0]):
        return None
    return Value(match.start(), match.end(), (number(match[0][1:].rstrip("位名")),), "位", False)


def _plain(text: str, match: re.Match[str], before: str, unit: str) -> Value | None:
    figures = [match[g] for g in ("first", "second", "number", "chinese") if match[g]]
    end = _suffix(text, match.end())
    if _is_name(text, match, before, unit=unit, figures=figures, end=end):
        return None
    if len(figures) == 2 and not re.search(r"[十百千万亿]", figures[0]) and not match["firstunit"]:
        figures[0] += "".join(re.findall(r"[十百千万亿]", figures[1]))
    counted = unit == "级" or bool(re.fullmatch(_COUNT, unit) and unit != "个百分点")
    scale = 10.0 if unit == "成" else 1.0
    return Value(match.start(), end, tuple(number(f) * scale for f in figures), "%" if unit == "成" else unit, counted)


def _suffix(text: str, end: int) -> int:
    after = _AFTER.match(text, end)
    return after.end() if after else end


def _is_name(text: str, match: re.Match[str], before: str, *, unit: str, figures: list[str], end: int) -> bool:
    """Say whether a figure is a year, an ordinal, a model, a duration, an age: no quantity."""
    after = text[match.end() :]
    if before.endswith(("每", "〔")) or _BOUNDARY.search(before) or after.startswith(("+", "×", "号线", "周年")):
        return True
    if unit in {"年", "岁", "小时", "分钟", "秒", "个月"} and _is_time(figures, unit, before, text[match.end() :]):
        return True
    if match["chinese"]:
        return not _is_chinese_quantity(match["chinese"], unit, before, after)
    if unit == "级":
        return not re.search(r"[万亿]", figures[-1])
    if not unit:
        return _is_bare(text, figures, before, end)
    return unit == "个" and bool(_PEOPLE.match(after))


def _is_time(figures: list[str], unit: str, before: str, after: str) -> bool:
    if unit == "年":
        return any(re.fullmatch(r"\d{4}", f) for f in figures) or not re.search(
            r"(延长|缩短|提前|达到?|超过|不少于|寿命)$", before
        )
    if unit == "岁":
        return after[:2] in {"以上", "以下"} or not re.search(r"(达到?|提高|增加|至|到|突破|超过|寿命)$", before)
    return figures[-1] == "24" or bool(_CIRCLE.match(after))


def _is_bare(text: str, figures: list[str], before: str, end: int) -> bool:
    """Say whether a figure without a unit is no quantity; 突破3亿 and 1.58左右 are ones."""
    if re.fullmatch(r"(19|20|21)\d\d", figures[-1]):
        return True
    after, suffixed = text[end:], bool(re.search(rf"({_SUFFIX})$", text[:end]))
    if suffixed or re.search(r"[万亿]$", figures[-1]):
        return after.startswith(("年", "月", "日")) or bool(re.search(r"[A-Za-z]$", before))
    closed = not after or bool(re.match(r"[\s,，。;；、)）]", after))
    return not (closed and _GROWING.search(before))


def _is_chinese_quantity(figure: str, unit: str, before: str, after: str) -> bool:
    if unit in {"倍", "成", "%", "个百分点"}:
        return unit != "成" or bool(re.search(r"(达到?|超过?|约|近|在|占|比例|为)$", before))
    if unit == "级" and not re.search(r"[百千万亿]", figure):
        return False
    if re.match(r"[^，,。；;、]{0,12}(?:规划|计划)", after):
        return False
    if re.fullmatch(r"[一二两三四五六七八九]?[十百千]*[万亿]亿?|[百千]亿", figure) and len(figure) > 1:
        return bool(unit or re.match(r"城市|产业|集群|规模|台阶|斤|大关|[的,，。;；、]", after))
    grown = _GROWING.search(before) and not re.search(r"(达到?一|推进|为)$", before)
    return bool(grown and unit and figure not in {"一", "万", "亿"} and not after.startswith("新"))


def number(figure: str) -> float:
    """Read a figure in base units: 3000万亿 → 3e15, 三十 → 30."""
    figure = figure.replace(",", "").replace(" ", "")
    match = re.match(r"\d+(?:\.\d+)?", figure)
    stem, tail = (match[0], figure[match.end() :]) if match else ("", figure)
    if not stem:
        tail = re.sub(r"^[十百千万亿]", lambda m: "一" + m[0], tail)
        multiplier = re.search(r"[万亿]+$", tail)
        stem, tail = (tail[: multiplier.start()], multiplier[0]) if multiplier else (tail, "")
        stem = str(cn2an.cn2an(stem, "smart")) if stem else "1"
    value = float(stem)
    for character in tail:
        value *= {"十": 10, "百": 100, "千": 1e3, "万": 1e4, "亿": 1e8}[character]
    return value


def _doubled(words: str) -> float:
    times = words.removeprefix("翻").removesuffix("番")
    return float(2 ** {"": 1, "一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "三": 3, "3": 3}.get(times, 4))


def _fraction(words: str) -> tuple[float, ...]:
    below, _, above = words.partition("分之")
    base = 100.0 if below == "百" else float(cn2an.cn2an(below, "smart"))
    return (round(float(cn2an.cn2an(above, "smart")) / base * 100, 4),)
