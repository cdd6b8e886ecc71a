"""Read the corpora and the plan as pairs of texts that mean the same, for `index/training.py`."""

from __future__ import annotations

import itertools
import json
import lzma
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from opencc import OpenCC

from index.words import segmenter
from ingest.shelf import DEFAULT_PLAN, SHIPPED, Shelf

T = TypeVar("T")
SEED = 20261123
HAN = re.compile(r"[\u3400-\u9fff]")
SENTENCE = re.compile(r"[^。;；!！?？\n]+[。;；!！?？]?")


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold two texts that mean the same; pairs of one key are no negatives of each other."""

    left: str
    right: str
    key: str


@dataclass(frozen=True, slots=True)
class Source:
    """Name pairs of one kind and say how often an epoch passes over them."""

    name: str
    pairs: list[Pair]
    repeat: float = 1.0
    crop: bool = False
    sort: bool = False


# --- reading -----------------------------------------------------------------------------------


def lines(path: Path) -> list[str]:
    """Read the non-empty lines of an xz-compressed text."""
    with lzma.open(path, "rt", encoding="utf8") as file:
        return [line.strip() for line in file if line.strip()]


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a JSONL file; none when it does not exist."""
    return [json.loads(line) for line in path.read_text("utf8").splitlines()] if path.is_file() else []


def sentences(text: str) -> list[str]:
    """Cut a text after its sentence marks."""
    return [s.strip() for s in SENTENCE.findall(text) if len(s.strip()) > 1]


def make_pairs(couples: Iterable[tuple[str, str]]) -> list[Pair]:
    """Make pairs whose key is their right side."""
    return [Pair(left, right, right) for left, right in couples if left and right and left != right]


def running_text(path: Path, most: int) -> tuple[list[Pair], list[Pair], list[str]]:
    """Read a running text: sentence → next sentence, heading → sentence, and its sentences."""
    following: list[Pair] = []
    under: list[Pair] = []
    every: list[str] = []
    heading, previous = "", ""
    for line in lines(path):
        if line.startswith(("#", "<!--", "---")):
            heading, previous = re.sub(r"^#+|第.{1,4}[章节编条]|<!--.*", "", line).strip(), ""
            continue
        for sentence in sentences(re.sub(r"^第.{1,6}条\s*", "", line)):
            if len(sentence) < 8:
                continue
            every.append(sentence)
            if previous:
                following.append(Pair(previous, sentence, sentence))
            if len(heading) > 1:
                under.append(Pair(heading, sentence, heading))
            previous = sentence
    return sample(following, most), sample(under, most // 2), sample(every, most * 2)


def sample(items: list[T], most: int) -> list[T]:
    """Draw at most `most` items, in their order."""
    if len(items) <= most:
        return items
    return [items[i] for i in sorted(random.Random(SEED).sample(range(len(items)), most))]


def reading(path: Path, simplify: Callable[[str], str]) -> tuple[list[Pair], list[Pair]]:
    """Read a reading-comprehension set: question → sentence with the answer, question → paragraph."""
    exact: list[Pair] = []
    whole: list[Pair] = []
    with lzma.open(path, "rt", encoding="utf8") as file:
        articles = json.load(file)["data"]
    for paragraph in (p for article in articles for p in article["paragraphs"]):
        text = simplify(paragraph["context"])
        for item in paragraph["qas"]:
            question = simplify(item["question"])
            answer = simplify(item["answers"][0]["text"])
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


def parallel(path: Path, simplify: Callable[[str], str], chinese: int) -> list[Pair]:
    """Read tab-separated translations; `chinese` says which column is Chinese."""
    cells = [line.split("\t") for line in lines(path)]
    return make_pairs((c[1 - chinese], simplify(c[chinese])) for c in cells if len(c) == 2)


# --- the project's own knowledge ---------------------------------------------------------------


def chapters(starts: set[int]) -> dict[int, int]:
    """Find the chapter that each position of the plan's text is in; 0 when in none."""
    passages = Shelf((SHIPPED,)).load(DEFAULT_PLAN).passages
    return {start: next((p.chapter for p in passages if p.start <= start < p.end), 0) for start in starts}


def bank(hold_out: bool) -> list[dict[str, Any]]:
    """Read the question bank, without the even chapters when they are held out."""
    entries = rows(SHIPPED / DEFAULT_PLAN / "questions.jsonl")
    if not hold_out:
        return entries
    of = chapters({e["start"] for item in entries for e in item["evidence"]})
    return [item for item in entries if all(of[e["start"]] % 2 for e in item["evidence"])]


def bank_pairs(entries: list[dict[str, Any]]) -> tuple[list[Pair], list[Pair]]:
    """Pair questions with their evidence, and with other questions of the same evidence."""
    exact = [Pair(i["question"], e["text"], e["text"]) for i in entries for e in i["evidence"]]
    groups: dict[str, list[str]] = {}
    for pair in exact:
        groups.setdefault(pair.key, []).append(pair.left)
    rng = random.Random(SEED)
    alike = [Pair(q, other, key) for key, group in groups.items() for q in group for other in others(q, group, rng)]
    return exact, alike


def others(question: str, group: list[str], rng: random.Random) -> list[str]:
    """Draw up to two other questions of a group, one of the other language where there is one."""
    rest = [q for q in group if q != question]
    foreign = [q for q in rest if bool(HAN.search(q)) != bool(HAN.search(question))]
    return [rng.choice(pool) for pool in (rest, foreign) if pool]


def plan_pairs() -> tuple[list[Pair], list[Pair]]:
    """Pair the plan's sentences with the next one and with their titles, and all with their translations."""
    plan = Shelf((SHIPPED,)).load(DEFAULT_PLAN)
    inside: list[Pair] = []
    for p in plan.passages:
        texts = [plan.text[s.start : s.end] for s in p.sentences]
        inside += make_pairs(itertools.pairwise(texts))
        inside += [Pair(t, s, t) for t in (p.section_title, p.chapter_title, p.heading) if t for s in texts if t != s]
    translated = rows(SHIPPED / DEFAULT_PLAN / "translation.jsonl")
    return inside, make_pairs((row["english"], row.get("text") or row.get("title", "")) for row in translated)


def english_bank(entries: list[dict[str, Any]], translated: list[Pair]) -> list[Pair]:
    """Pair questions with the translation of their evidence."""
    english = {p.right: p.left for p in translated}
    found = [(i["question"], english.get(e["text"].strip(), ""), e["text"]) for i in entries for e in i["evidence"]]
    return [Pair(question, text, key) for question, text, key in found if text]


def switched(pairs: list[Pair], dictionary: dict[str, list[str]]) -> list[Pair]:
    """Turn left sides to English word by word, so that English meets more subjects than it has texts for."""
    rng = random.Random(SEED)
    found = []
    for pair in pairs:
        cut = segmenter().cut(pair.left, HMM=False)
        english = " ".join(w if w.isascii() else rng.choice(dictionary.get(w, [""])) for w in cut if len(w) > 1)
        found.append(Pair(english, pair.right, pair.key))
    return [p for p in found if len(p.left) > 8]


def dictionary_of(pairs: list[Pair]) -> dict[str, list[str]]:
    """List each headword's short glosses."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        if len(pair.right.split()) < 5:
            found.setdefault(pair.left, []).append(re.sub(r"^to ", "", pair.right))
    return {word: short[:2] for word, short in found.items()}


def sources(corpora: Path, hold_out: bool) -> list[Source]:
    """Gather all pairs to learn from."""
    simplify = OpenCC("t2s").convert
    law_next, law_under, law_all = running_text(corpora / "laws.txt.xz", 90_000)
    gov_next, gov_under, gov_all = running_text(corpora / "government.txt.xz", 90_000)
    sets = [reading(corpora / f"{n}.json.xz", simplify) for n in ("drcd-dev", "drcd-test", "cmrc2018-trial")]
    own, translated = plan_pairs()
    entries = bank(hold_out)
    exact, alike = bank_pairs(entries)
    contexts = sorted({s for _, whole in sets for pair in whole for s in sentences(pair.right)})
    official = parallel(corpora / "parallel-government.tsv.xz", simplify, 0)
    everyday = parallel(corpora / "parallel-tatoeba.tsv.xz", simplify, 1)
    crops = [*law_all[::4], *gov_all, *contexts, *(p.right for p in own), *(p.left for p in [*translated, *official])]
    words = glosses(corpora / "cedict.u8.xz")
    to_switch = [p for one, _ in sets for p in one] + exact + own
    to_switch += [Pair(x, x, x) for x in [*contexts, *gov_all[::3], *law_all[::15]]]
    return [
        Source("reading", [p for one, _ in sets for p in one], 3),
        Source("paragraph", [p for _, one in sets for p in one], 2),
        Source("law-next", law_next, 0.7),
        Source("law-heading", law_under, 0.7),
        Source("government-next", gov_next, 0.7),
        Source("government-heading", gov_under, 0.7),
        Source("gloss", words),
        Source("switched", switched(to_switch, dictionary_of(words))),
        Source("official", official, 4),
        Source("everyday", everyday, 1.5),
        Source("crop", [Pair(s, s, s) for s in crops], 0.7, crop=True),
        Source("plan", own, 2),
        Source("translation", translated, 6),
        Source("bank", exact, 4, sort=True),
        Source("bank-alike", alike, 2, sort=True),
        Source("bank-english", english_bank(entries, translated), 2, sort=True),
    ]


# --- the tokenizer -----------------------------------------------------------------------------
