"""Read the corpora and what is written about the plan as pairs of texts that mean the same, for `index/training.py`."""

from __future__ import annotations

import itertools
import json
import lzma
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ingest.errors import DamagedKnowledge
from ingest.knowledge import BankEntry, Knowledge, load_knowledge
from ingest.model import Plan
from ingest.shelf import DEFAULT_PLAN, SHIPPED, Shelf

T = TypeVar("T")
SEED = 14
FOLLOWUPS = Path(__file__).parent / "data" / "followups.jsonl"
SWITCH, RETURN = 5, 6  # kinds of follow-ups that stand alone
HAN = re.compile(r"[\u3400-\u9fff]")
SENTENCE = re.compile(r"[^。;；!！?？\n]+[。;；!！?？]?")


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold two texts that mean the same; pairs of one key are no negatives of each other.

    `hard` is a text that comes near the left one and means something else, where one is known.
    """

    left: str
    right: str
    key: str
    hard: str = ""


# --- reading -----------------------------------------------------------------------------------


def lines(path: Path) -> list[str]:
    """Read the non-empty lines of an xz-compressed text."""
    with lzma.open(path, "rt", encoding="utf8") as file:
        return [line.strip() for line in file if line.strip()]


def sentences(text: str) -> list[str]:
    """Cut a text after its sentence marks."""
    return [s.strip() for s in SENTENCE.findall(text) if len(s.strip()) > 1]


def make_pairs(couples: Iterable[tuple[str, str]]) -> list[Pair]:
    """Make pairs whose key is their right side."""
    return [Pair(left, right, right) for left, right in couples if left and right and left != right]


def running_text(path: Path, most: int) -> tuple[list[Pair], list[Pair]]:
    """Read a running text: sentence → next sentence, heading → sentence."""
    following: list[Pair] = []
    under: list[Pair] = []
    heading, previous = "", ""
    for line in lines(path):
        if line.startswith(("#", "<!--", "---")):
            heading, previous = re.sub(r"^#+|第.{1,4}[章节编条]|<!--.*", "", line).strip(), ""
            continue
        for sentence in sentences(re.sub(r"^第.{1,6}条\s*", "", line)):
            if len(sentence) < 8:
                continue
            if previous:
                following.append(Pair(previous, sentence, sentence))
            if len(heading) > 1:
                under.append(Pair(heading, sentence, heading))
            previous = sentence
    return sample(following, most), sample(under, most // 2)


def sample(items: list[T], most: int) -> list[T]:
    """Draw at most `most` items, in their order."""
    if len(items) <= most:
        return items
    return [items[i] for i in sorted(random.Random(SEED).sample(range(len(items)), most))]


def reading(path: Path) -> tuple[list[Pair], list[Pair]]:
    """Read a reading-comprehension set: question → sentence with the answer, question → paragraph."""
    exact: list[Pair] = []
    whole: list[Pair] = []
    with lzma.open(path, "rt", encoding="utf8") as file:
        articles = json.load(file)["data"]
    for paragraph in (p for article in articles for p in article["paragraphs"]):
        text = paragraph["context"]
        for item in paragraph["qas"]:
            question, answer = item["question"], item["answers"][0]["text"]
            exact += [Pair(question, s, s) for s in sentences(text) if answer in s][:1]
            whole.append(Pair(question, text, text))
    return exact, whole


def glosses(path: Path) -> list[Pair]:
    """Read the dictionary: headword ↔ each of its first glosses, without cross-references."""
    pairs: list[Pair] = []
    for line in lines(path):
        found = re.match(r"\S+ (\S+) \[.*?\] /(.*)/$", line)
        if not found or line.startswith("#"):
            continue
        for gloss in found[2].split("/")[:4]:
            plain = re.sub(r"\[.*?\]|[\u3400-\u9fff]+\|?|\(.*?\)", "", gloss).strip(" ,;")
            if len(plain) > 2 and not re.match(r"CL:|see |variant|old variant|surname|abbr\.|also written", plain):
                pairs.append(Pair(found[1], plain, found[1]))
    return pairs


def parallel(path: Path, chinese: int) -> list[Pair]:
    """Read tab-separated translations; `chinese` says which column is Chinese."""
    cells = [line.split("\t") for line in lines(path)]
    return make_pairs((c[1 - chinese], c[chinese]) for c in cells if len(c) == 2)


# --- what is written about the plan ------------------------------------------------------------


def shipped() -> tuple[Plan, Knowledge]:
    """Load the shipped plan and what is written about it."""
    shelf = Shelf((SHIPPED,))
    plan = shelf.load(DEFAULT_PLAN)
    return plan, load_knowledge(shelf.folder(DEFAULT_PLAN), plan)


def plan_pairs(plan: Plan) -> list[Pair]:
    """Pair the plan's sentences with the next one and with their titles."""
    pairs: list[Pair] = []
    for p in plan.passages:
        texts = [plan.text[s.start : s.end] for s in p.sentences]
        pairs += make_pairs(itertools.pairwise(texts))
        pairs += [Pair(t, s, t) for t in (p.section_title, p.chapter_title, p.heading) if t for s in texts if t != s]
    return pairs


def translated(plan: Plan, knowledge: Knowledge) -> list[Pair]:
    """Pair the English of the plan's sentences and titles with the Chinese."""
    text = {s.start: plan.text[s.start : s.end] for p in plan.passages for s in p.sentences}
    found = [(english, text[start]) for start, english in knowledge.english.items()]
    return make_pairs([*found, *((english, title) for title, english in knowledge.english_titles.items())])


def bank_pairs(plan: Plan, bank: Iterable[BankEntry]) -> list[Pair]:
    """Pair questions with the first two sentences of their evidence."""
    return make_pairs((e.question, plan.text[s.start : s.end]) for e in bank for s in e.evidence[:2])


def alike_pairs(exact: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Pair each question with another of the same evidence, and with one of the other language."""
    rng = random.Random(SEED)
    near: list[Pair] = []
    abroad: list[Pair] = []
    groups: dict[str, list[str]] = {}
    for pair in exact:
        groups.setdefault(pair.key, []).append(pair.left)
    for key, group in groups.items():
        for question in group:
            rest = [q for q in group if q != question]
            foreign = [q for q in rest if bool(HAN.search(q)) != bool(HAN.search(question))]
            near += [Pair(question, rng.choice(rest), key)] if rest else []
            abroad += [Pair(question, rng.choice(foreign), key)] if foreign else []
    return near, abroad


def english_bank(exact: list[Pair], translations: list[Pair]) -> list[Pair]:
    """Pair questions with the translation of their evidence."""
    english = {p.right: p.left for p in translations}
    return [Pair(p.left, english[p.right], p.key) for p in exact if p.right in english]


def followups(plan: Plan) -> Iterator[Pair]:
    """Pair follow-ups, after the question before, with the full question and with their evidence."""
    for row in map(json.loads, FOLLOWUPS.read_text("utf-8").splitlines()):
        evidence = [_located(plan, e) for e in row["evidence"]]
        both = f"{row['before']} {row['question']}"
        yield Pair(both, row["full"], evidence[0])
        if "open" not in row:
            yield from (Pair(both, text, text) for text in evidence)
            if row["kind"] in {SWITCH, RETURN}:
                yield Pair(row["question"], evidence[0], evidence[0])


def _located(plan: Plan, evidence: dict[str, Any]) -> str:
    start, text = int(evidence["start"]), str(evidence["text"])
    if not plan.text.startswith(text, start):
        raise DamagedKnowledge(
            f"{FOLLOWUPS.name}: the plan does not read {text[:20]!r} at {start}; mend or remove the line.",
            f"{FOLLOWUPS.name}:规划原文第 {start} 字处并非“{text[:20]}”,请修正或删除该行。",
        )
    return text


def sources(corpora: Path, plan: Plan, knowledge: Knowledge) -> dict[str, list[Pair]]:
    """Gather all pairs to learn from, by the name of their source."""
    law_next, law_under = running_text(corpora / "laws.txt.xz", 90_000)
    government_next, _ = running_text(corpora / "government.txt.xz", 90_000)
    sets = [reading(corpora / f"{name}.json.xz") for name in ("drcd-dev", "drcd-test", "cmrc2018-trial")]
    translations = translated(plan, knowledge)
    exact = bank_pairs(plan, knowledge.bank)
    alike, abroad = alike_pairs(exact)
    return {
        "reading": [p for one, _ in sets for p in one],
        "paragraph": [p for _, one in sets for p in one],
        "law-next": law_next,
        "law-heading": law_under,
        "government-next": government_next,
        "gloss": glosses(corpora / "cedict.u8.xz"),
        "official": parallel(corpora / "parallel-government.tsv.xz", 0),
        "everyday": parallel(corpora / "parallel-tatoeba.tsv.xz", 1),
        "plan": plan_pairs(plan),
        "translation": translations,
        "bank": exact,
        "alike": alike,
        "alike-abroad": abroad,
        "bank-english": english_bank(exact, translations),
        "followup": list(followups(plan)),
    }
