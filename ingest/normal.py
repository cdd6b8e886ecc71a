"""Normalise Chinese text for matching only; what is shown is never normalised."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import cn2an
from opencc import OpenCC

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b-\u200f]")
_NUMERAL = "零〇一二两三四五六七八九十百千万亿"
_PERCENT = re.compile(rf"百分之([{_NUMERAL}点]+|\d+(?:\.\d+)?)")
_COUNTED = re.compile(
    rf"([{_NUMERAL}]*[十百千万亿][{_NUMERAL}]*|[两二三四五六七八九])"
    r"(?=(?:个|家|人|名|座|条|公里|万|亿|元|吨|项|所|张|户|年|倍|%|平方|立方|场|处|辆|台|标箱|人次))"
)
_YEAR = re.compile(r"([二一][〇○零一二三四五六七八九]{3})(?=年|[^\w]|$)")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Fold width, script, case and control characters: ＣＯ２ → co2, 規劃 → 规划."""
    folded = unicodedata.normalize("NFKC", _CONTROL.sub("", text)).lower()
    return str(_simplifier().convert(folded))


def figures(text: str) -> str:
    """Write Chinese numerals that carry a unit as digits: 百分之五 → 5%, 两千家 → 2000家."""
    text = _PERCENT.sub(lambda m: f"{_digits(m[1])}%", text)
    text = _YEAR.sub(
        lambda m: "".join(str("〇一二三四五六七八九".find(c.replace("零", "〇").replace("○", "〇"))) for c in m[1]),
        text,
    )
    text = _COUNTED.sub(lambda m: _digits(m[1]), text)
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def _digits(numeral: str) -> str:
    """Convert a matched numeral span; leave it as it is when it is not one."""
    if re.fullmatch(r"\d+(\.\d+)?", numeral):
        return numeral
    tail = re.search(r"[万亿]+$", numeral)
    stem = numeral[: tail.start()] if tail else numeral
    try:
        return f"{cn2an.cn2an(stem, 'smart'):g}{tail[0] if tail else ''}" if stem else numeral
    except (ValueError, KeyError):
        return numeral


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """Return `text` folded, with its figures in digits, for matching."""
    return figures(fold(text))


def compact(text: str) -> str:
    """Return `text` normalised without white space and punctuation, for comparison."""
    return re.sub(r"[\W_]+", "", normalise(text))
