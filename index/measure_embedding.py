"""Measure the bundled embedding on open questions (XQuAD), in Chinese and from English; a tool for maintainers.

The plan's own questions were seen in training: on the plan, the gold set of `eval/` measures.
"""

from __future__ import annotations

import argparse
import json
import lzma
import time
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from index.embedders import BUNDLED, BundledEmbedder
from index.training_pairs import HAN, sentences
from index.words import segmenter

Scores = npt.NDArray[np.float32]
TIMED = 500


@dataclass(frozen=True, slots=True)
class Task:
    """Hold questions, the units they search, and the right unit of each question."""

    name: str
    questions: list[str]
    units: list[list[str]]
    right: list[int]


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
    named = [("xquad zh→zh", chinese), ("xquad en→zh", english)]
    return [Task(name, [q for q, _ in asked], units, [n for _, n in asked]) for name, asked in named]


def dense(embedder: BundledEmbedder, task: Task) -> Scores:
    """Score every unit by its best sentence's cosine."""
    vectors = embedder.encode([s for unit in task.units for s in unit])
    cosines = embedder.encode(task.questions, query=True) @ vectors.T
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
    """Return the share of questions with the right unit among the first `depth`."""
    best = np.argsort(-scores, axis=1)[:, :depth]
    return float((best == np.array(task.right)[:, None]).any(axis=1).mean())


def report(embedder: BundledEmbedder, task: Task, compare: bool) -> None:
    """Print one line a method."""
    scores = {"dense": dense(embedder, task)}
    if compare:
        scores["bm25"] = lexical(task)
        scores["fused"] = fused(scores["dense"], scores["bm25"])
    for method, found in scores.items():
        first, five = (recall(found, task, depth) for depth in (1, 5))
        print(f"{task.name:12} {method:6} n={len(task.questions)} R@1 {first:.3f} R@5 {five:.3f}")


def speed(folder: Path, questions: list[str]) -> None:
    """Print the size, the time to load and the time a question."""
    began = time.perf_counter()
    embedder = BundledEmbedder(folder)
    embedder.encode(["大连市"])
    loaded = time.perf_counter() - began
    began = time.perf_counter()
    for question in questions:
        embedder.encode([question], query=True)
    each = (time.perf_counter() - began) / len(questions)
    size = sum(f.stat().st_size for f in folder.iterdir()) / 1e6
    print(f"size {size:.1f} MB, load {loaded:.2f} s, question {each * 1e3:.2f} ms")


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(prog="python -m index.measure_embedding", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=BUNDLED, help="folder written by index.training_export")
    parser.add_argument("--quick", action="store_true", help="without BM25 beside it")
    options = parser.parse_args()
    tasks = open_tasks(options.corpora)
    speed(options.model, tasks[0].questions[:TIMED])
    embedder = BundledEmbedder(options.model)
    for task in tasks:
        report(embedder, task, compare=not options.quick)


if __name__ == "__main__":
    main()
