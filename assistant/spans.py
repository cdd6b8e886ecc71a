"""Find the shortest verbatim stretch of a sentence that answers: a figure, a clause, the items of a list."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from index.lexical import Rarity
from index.words import terms

LEADING = 4  # what the name of an enumeration counts, against two characters that its items share
_QUALIFIER = r"(?:力争|不低于|不高于|不少于|不超过|超过|达到|突破|高于|低于|年均增长|年均|累计|约|近|至少|最多|控制在|保持在|稳定在|降至|提高到|增长)*"
_UNIT = (
    r"(?:万亿级?|亿级?|万|千|百)?(?:亿美元|亿元|万元|美元|元|吨标准煤|立方米|平方米|平方公里|公里|千瓦|标箱|人次|次/秒|微克/立方米|"
    r"个|家|条|所|座|处|名|人|项|件|张|场|户|亩|吨|米|天|年|倍|位|级|套|辆|台|类|%|‰|岁|枚|支|册|期|[A-Za-z]{2,6})*"
)
_FIGURE = re.compile(
    rf"{_QUALIFIER}\s?\d[\d.,]*(?:[—\-~至]\d[\d.]*)?\s?{_UNIT}(?:左右|以上|以内|以下|翻一番)?|翻[一两]番|[一二三四五六七八九十]+(?:年|倍|成)"
)
_CLAUSES = re.compile(r"[,，;；。:：]|(?<!、)“|”(?!、)")
_CLAUSE = re.compile(r"[^,，;；。！？]*[,，;；。！？]+|[^,，;；。！？]+")


def clauses(sentence: str) -> list[str]:
    """Split a sentence into clauses, each with its closing punctuation; together they are the sentence."""
    return _CLAUSE.findall(sentence)


@lru_cache(maxsize=20_000)
def has_figure(text: str) -> bool:
    """Say whether a text holds a quantity."""
    return bool(
        re.search(
            r"(?<![\d.])(?!(?:19|20)\d\d(?:年|[—\-~至]|$))\d|[一二三四五六七八九十百千万亿两]+(?:个|家|年|倍|成|大|项|条|座|万|亿)|翻一番|全覆盖|清零|百分之",
            text,
        )
    )


def best_clause(question: list[str], sentence: str, rarity: Rarity, *, figure: bool = False) -> str:
    """Return the clause that shares the rarest words with the question."""
    candidates = [c for c in clauses(sentence) if not figure or re.search(r"\d", c)] or clauses(sentence)
    wanted = set(question)
    return max(candidates, key=lambda c: sum(rarity.of(t) for t in set(terms(c)) & wanted), default=sentence)


def key_figure(question: list[str], sentence: str, rarity: Rarity) -> str:
    """Return the figure, with unit and qualifier, of the clause that the question is about."""
    clause = best_clause(question, sentence, rarity, figure=True)
    found = [m[0].strip() for m in _FIGURE.finditer(clause)]
    found = [f for f in found if not re.fullmatch(r"(19|20)\d\d年?", f)]
    return found[-1] if found else ""


def listed(text: str, count: int = 0, asked: str = "") -> list[str]:
    """Return the items of an enumeration (、) in a text, or an empty list.

    One of `count` items goes before the longest; among several, the one that what is `asked` names.
    """
    clauses = ["", *_CLAUSES.split(text)]
    found = [(before, i) for before, clause in pairwise(clauses) if len(i := clause.split("、")) > 1]
    fitting = [(before, i) for before, every in found for i in (every, _loosened(every)) if len(i) == count]
    best = max((i for _, i in found if len(i) > 2 and min(map(len, i)) > 1), key=len, default=[])
    if fitting:
        best = max(fitting, key=lambda f: _named(f[0], f[1], asked))[1]
    return [_bare(i, first=n == 0, last=n == len(best) - 1) for n, i in enumerate(best)]


def _named(before: str, items: list[str], asked: str) -> int:
    """Return how far what is asked names an enumeration: by what stands before it, else by what its items share."""
    shared = [pair for pair in repeated(items) if pair in asked]
    quoted = [pair for pair in shared if f"“{pair}" in asked]
    return len(shared) + LEADING * (len(quoted) + (len(before) > 1 and before in asked))


def repeated(items: list[str]) -> set[str]:
    """Return the pairs of characters that stand in several items: 文明村镇、文明单位 → 文明."""
    if len(items) < 2:
        return set()
    pairs = Counter(p for item in items for p in {item[i : i + 2] for i in range(len(item) - 1)})
    return {pair for pair, n in pairs.items() if n > 1}


def _loosened(items: list[str]) -> list[str]:
    """Split the last item where it joins two: 文明家庭和文明校园."""
    return [*items[:-1], *re.split(r"以及|和|及|与", items[-1], maxsplit=1)]


def _bare(item: str, *, first: bool, last: bool) -> str:
    if first:
        item = (
            re.split(
                r"(?:聚焦|围绕|包括|开展|培育|建设|打造|发展|推进|推动|加强|依托|重点|面向|推广|实施|支持|加快|完善|强化|提升|构建|统筹|形成|实现)(?=\S{2})",
                item,
            )[-1]
            or item
        )
    if last:
        item = re.sub(r"(?:等|[两二三四五六七八九十]+[个大](?=方面|领域|环节|重点|方向))[^、]*$", "", item) or item
    return re.sub(r"^(?:为|即|指|包括)(?=\S{2})", "", item.strip(" “”"))
