"""Score single answers: pure functions, each with its formula; `None` means it does not apply."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress

import cn2an

from eval.match import holds, normal_form, plain, quantities

Span = tuple[int, int]
Facts = Sequence[Sequence[str]]

LONGEST = {"fact": 240, "name": 240, "slogan": 360, "comparison": 360, "list": 500, "measure": 500, "whole": 1_800}
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")
_RECKONED = re.compile(r"\s?\w{0,9}\s?(?:推算|counted)")
_TITLE = re.compile(r"《[^》]*》")
_NUMERAL = re.compile(r"([一二两双三四五六七八九十百千万亿]+)(兆?)")
_BARE_SCALE = re.compile(r"(?<![\d.一二两三四五六七八九十百千万亿])(?=[千万亿]+(?!一))")  # 超亿元: 100 million yuan
_OFTEN_LEFT_OUT = ("", "yuan")  # 迈入万亿城市行列: a trillion yuan
_PERIODS: dict[str, tuple[float, ...]] = {"十三五": (2016.0, 2020.0), "十四五": (2021.0, 2025.0)}
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”|「[^」]*」|\([^()]*[\u3400-\u9fff][^()]*\)|（[^（）]*）")


def recall_at(relevant: Collection[str], ranked: Sequence[str], k: int) -> float | None:
    """Return R@k = |relevant ∩ first k| / |relevant| (Manning, Raghavan & Schütze 2008, ch. 8)."""
    return len(set(relevant) & set(ranked[:k])) / len(set(relevant)) if relevant else None


def reciprocal_rank(relevant: Collection[str], ranked: Sequence[str]) -> float | None:
    """Return 1 / rank of the first relevant result, 0 without one (Voorhees 1999, TREC-8 QA)."""
    if not relevant:
        return None
    return next((1 / rank for rank, one in enumerate(ranked, 1) if one in relevant), 0.0)


def ndcg_at(relevant: Collection[str], ranked: Sequence[str], k: int) -> float | None:
    """Return DCG / ideal DCG with gain 1 and discount 1/log2(1+rank) (Järvelin & Kekäläinen 2002)."""
    if not relevant:
        return None
    gained = sum(1 / math.log2(rank + 1) for rank, one in enumerate(ranked[:k], 1) if one in relevant)
    return gained / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(set(relevant))) + 1))


def fact_recall(answer: str, facts: Facts) -> float | None:
    """Return the share of asked facts that the answer holds in any accepted form."""
    return sum(holds(answer, tuple(forms)) for forms in facts) / len(facts) if facts else None


def missing_facts(answer: str, facts: Facts) -> list[str]:
    """Return the first form of each fact that the answer does not hold."""
    return [forms[0] for forms in facts if not holds(answer, tuple(forms))]


def char_f1(answer: str, reference: str) -> float:
    """Return the F1 of shared characters, as CMRC 2018 scores Chinese (Cui et al. 2019)."""
    ours, theirs = Counter(_characters(plain(answer))), Counter(_characters(reference))
    shared = sum((ours & theirs).values())
    return 2 * shared / (sum(ours.values()) + sum(theirs.values())) if shared else 0.0


def _characters(text: str) -> str:
    return re.sub(r"\W", "", normal_form(text))


def overlap_precision(cited: Sequence[Span], evidence: Sequence[Span]) -> float | None:
    """Return the share of cited stretches that overlap an evidence stretch (ALCE, Gao et al. 2023)."""
    return sum(any(_overlap(c, e) for e in evidence) for c in cited) / len(cited) if cited and evidence else None


def overlap_recall(cited: Sequence[Span], evidence: Sequence[Span]) -> float | None:
    """Return the share of evidence stretches that a cited stretch overlaps (ALCE, Gao et al. 2023)."""
    return sum(any(_overlap(c, e) for c in cited) for e in evidence) / len(evidence) if evidence else None


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def set_precision(found: Collection[str], wanted: Collection[str]) -> float | None:
    """Return |found ∩ wanted| / |found|, for cited sections."""
    return len(set(found) & set(wanted)) / len(set(found)) if found and wanted else None


def set_recall(found: Collection[str], wanted: Collection[str]) -> float | None:
    """Return |found ∩ wanted| / |wanted|, for cited sections."""
    return len(set(found) & set(wanted)) / len(set(wanted)) if wanted else None


def quote_fidelity(quotes: Sequence[tuple[int, int, str]], text: str) -> float | None:
    """Return the share of quotes that are verbatim `text[start:end]`."""
    return sum(text[start:end] == quote for start, end, quote in quotes) / len(quotes) if quotes else None


def unsupported_figures(answer: str, sources: Sequence[str]) -> list[float]:
    """Return the answer's figures that stand in no source, by value.

    Ordinals, titles in 《》, the count of the answer's own lines and what is marked as reckoned (推算,
    counted) are no figures of the plan; Chinese numerals (四城, 千万级) and the years that 十三五 and
    十四五 stand for support their digits.
    """
    text = normal_form(_TITLE.sub("", plain(answer)))
    counted = [*sources, *(_BARE_SCALE.sub("1", s) for s in sources)]
    known = {(round(q.value, 6), q.unit) for s in counted for q in quantities(normal_form(s))}
    values = {value for value, _ in known} | {v for s in sources for v in _worded_values(s)}
    counts = set(range(1, answer.count("\n") + 2)) if "\n" in answer else set()
    return [
        q.value
        for q in quantities(text)
        if not _ordinal(text, q.start, q.end)
        and not _RECKONED.match(text[q.end :])
        and (round(q.value, 6), q.unit) not in known
        and (q.unit not in _OFTEN_LEFT_OUT or round(q.value, 6) not in values | counts)
    ]


def _worded_values(source: str) -> list[float]:
    """Return what a source's Chinese numerals are worth: 四 → 4, 千万 → 10 million, and in gigabits 万兆 → 10."""
    found = [y for name, years in _PERIODS.items() if name in source for y in years]
    for numeral, megabits in _NUMERAL.findall(source):
        for written in (numeral, f"一{numeral}"):
            with suppress(ValueError, KeyError):  # cn2an raises both for what is no numeral
                value = float(cn2an.cn2an(written.replace("双", "两"), "smart"))
                found += [value, value / 1_000] if megabits else [value]
                break
    return found


def _ordinal(text: str, start: int, end: int) -> bool:
    """Say whether a figure only numbers or names something: 14th, Chapter 10, 第3, five-year plan."""
    return bool(re.match(r"(?:st|nd|rd|th)\b|\s?-?year plan", text[end:])) or bool(
        re.search(r"(?:chapter|section|part|page|第)\s?$", text[:start])
    )


def language_of(text: str) -> str:
    """Return zh when Chinese characters outweigh Latin words, quoted titles set aside; else en."""
    bare = _QUOTED.sub("", plain(text))
    return "zh" if len(_HAN.findall(bare)) > len(_LATIN.findall(bare)) else "en"


def length(answer: str) -> int:
    """Return the characters of an answer without marks and markdown."""
    return len(plain(answer))


def is_brief(answer: str, kind: str, language: str) -> bool:
    """Say whether an answer keeps the length that its kind allows; English may take three times that."""
    return length(answer) <= LONGEST.get(kind, LONGEST["list"]) * (3 if language == "en" else 1)


def is_right(answer: str, facts: Facts, kind: str, language: str, *, abstained: bool) -> bool:
    """Say whether an answer is right: every asked fact, no dump, not refused, English for English."""
    return (
        not abstained
        and not missing_facts(answer, facts)
        and is_brief(answer, kind, language)
        and (language != "en" or language_of(answer) == "en")
    )
