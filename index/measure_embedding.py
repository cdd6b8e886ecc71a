"""Measure the bundled embedding on open Chinese questions (XQuAD) and on the plan's own; a tool for maintainers."""

from __future__ import annotations

import argparse
import json
import lzma
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import numpy.typing as npt
from opencc import OpenCC
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.training_pairs import HAN, chapters, rows, sentences
from index.words import content_words, segmenter
from ingest.shelf import DEFAULT_PLAN, SHIPPED, Shelf

Scores = npt.NDArray[np.float32]
Embed = Callable[[list[str]], Scores]


@dataclass(frozen=True, slots=True)
class Task:
    """Hold questions, the units they search, and the right unit of each question."""

    name: str
    questions: list[str]
    units: list[list[str]]
    right: list[set[int]]


def reader(folder: Path) -> Embed:
    """Read a static model with numpy alone: the mean of the token vectors, then unit length."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    table = load_file(folder / "model.safetensors")["embedding.weight"]
    simplify = OpenCC("t2s").convert

    def embed(texts: list[str]) -> Scores:
        found = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = tokenizer.encode(simplify(text), add_special_tokens=False).ids
            mean = table[ids].astype(np.float32).mean(axis=0) if ids else found[row]
            found[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return found

    return embed


def squad(path: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """Read the paragraphs, and the questions with the number of their paragraph."""
    with lzma.open(path, "rt", encoding="utf8") as file:
        paragraphs = [p for a in json.load(file)["data"] for p in a["paragraphs"]]
    questions = [(q["question"], n) for n, p in enumerate(paragraphs) for q in p["qas"]]
    return [p["context"] for p in paragraphs], questions


def open_tasks(corpora: Path) -> list[Task]:
    """Make the Chinese task and the English-to-Chinese one."""
    contexts, chinese = squad(corpora / "xquad-zh.json.xz")
    _, english = squad(corpora / "xquad-en.json.xz")
    units = [sentences(text) for text in contexts]
    named = [("a xquad zh→zh", chinese), ("b xquad en→zh", english)]
    return [Task(name, [q for q, _ in asked], units, [{n} for _, n in asked]) for name, asked in named]


def plan_tasks() -> list[Task]:
    """Make the tasks of the plan's even chapters, by language."""
    plan = Shelf((SHIPPED,)).load(DEFAULT_PLAN)
    units = [[plan.text[s.start : s.end] for s in p.sentences] or [p.text] for p in plan.passages]
    entries = rows(SHIPPED / DEFAULT_PLAN / "questions.jsonl")
    of = chapters({e["start"] for item in entries for e in item["evidence"]})
    even = [i for i in entries if any(of[e["start"]] % 2 == 0 for e in i["evidence"])]
    groups = {language: [i for i in even if i["language"] == language] for language in ("zh", "en")}
    groups["zh hard"] = [i for i in groups["zh"] if wordless(i)]
    return [
        Task(
            f"d plan even {name}",
            [i["question"] for i in group],
            units,
            [right_passages(i, plan.passages) for i in group],
        )
        for name, group in groups.items()
    ]


def wordless(item: dict[str, Any]) -> bool:
    """Say whether a question shares no content word with its evidence."""
    asked = set(content_words(item["question"]))
    return all(asked.isdisjoint(content_words(e["text"])) for e in item["evidence"])


def right_passages(item: dict[str, Any], passages: tuple[Any, ...]) -> set[int]:
    """Find the passages that hold an entry's evidence."""
    starts = [e["start"] for e in item["evidence"]]
    return {n for n, p in enumerate(passages) if any(p.start <= s < p.end for s in starts)}


def dense(embed: Embed, task: Task) -> Scores:
    """Score every unit by its best sentence's cosine."""
    vectors = embed([s for unit in task.units for s in unit])
    cosines = embed(task.questions) @ vectors.T
    starts = np.cumsum([0, *(len(unit) for unit in task.units[:-1])])
    return np.asarray(np.maximum.reduceat(cosines, starts, axis=1), dtype=np.float32)


def words(text: str) -> list[str]:
    """Cut a text into search-mode words and single characters."""
    simple = text.lower()
    return [w for w in segmenter().cut_for_search(simple) if w.strip()] + [c for c in simple if HAN.match(c)]


def lexical(task: Task) -> Scores:
    """Score every unit by BM25."""
    index = bm25s.BM25(method="lucene")
    index.index([words("".join(unit)) for unit in task.units], show_progress=False)
    return np.stack([index.get_scores(words(q)) for q in task.questions]).astype(np.float32)


def fused(one: Scores, other: Scores) -> Scores:
    """Add two scores after standardising each question's."""
    first, second = ((s - s.mean(1, keepdims=True)) / (s.std(1, keepdims=True) + 1e-9) for s in (one, other))
    return np.asarray(first + second, dtype=np.float32)


def recall(scores: Scores, task: Task, depth: int) -> float:
    """Return the share of questions with a right unit among the first `depth`."""
    best = np.argsort(-scores, axis=1)[:, :depth]
    return float(np.mean([bool(right & set(row.tolist())) for row, right in zip(best, task.right, strict=True)]))


def report(task: Task, embed: Embed, compare: bool) -> None:
    """Print one line a method."""
    scores = {"dense": dense(embed, task)}
    if compare:
        scores["bm25"] = lexical(task)
        scores["fused"] = fused(scores["dense"], scores["bm25"])
    for method, found in scores.items():
        print(
            f"{task.name:20} {method:6} n={len(task.questions)} R@1 {recall(found, task, 1):.3f} R@5 {recall(found, task, 5):.3f}"
        )


def speed(folder: Path) -> None:
    """Print the size, the time to load and the time a query."""
    began = time.perf_counter()
    embed = reader(folder)
    loaded = time.perf_counter() - began
    embed(["大连市"])
    began = time.perf_counter()
    for _ in range(500):
        embed(["到2025年大连的港口集装箱吞吐量要达到多少?"])
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6
    print(f"size {size:.1f} MB, load {loaded:.2f} s (with opencc), query {(time.perf_counter() - began) * 2:.2f} ms")


def same(folder: Path, texts: list[str]) -> None:
    """Print how far the light reader is from sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    simple = [OpenCC("t2s").convert(t) for t in texts]
    theirs = SentenceTransformer(str(folder), device="cpu").encode(simple)
    ours = reader(folder)(texts)
    print(f"largest difference from sentence-transformers {np.abs(ours - theirs.astype(np.float32)).max():.1e}")


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="without BM25 beside it")
    given = parser.parse_args()
    speed(given.model)
    embed = reader(given.model)
    tasks = [*open_tasks(given.corpora), *plan_tasks()]
    for task in tasks:
        report(task, embed, compare=not given.quick)
    same(given.model, tasks[0].questions[:200])
    print(Counter({t.name: len(t.questions) for t in tasks}))


if __name__ == "__main__":
    main()
