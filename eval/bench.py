"""Measure times, memory and retrieval in one run: `python -m eval.bench [--json]`, as `make bench` does."""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np

from assistant.assistant import Assistant
from assistant.settings import Settings
from eval import metrics
from eval.clients import Client, Embedded, open_scored
from eval.gold import SHIPPED_GOLD, Half, Item, load_gold
from eval.score import DEPTH, rank_passages
from eval.summary import PASSAGE_KINDS
from eval.tutorial import Tutorial
from ingest.model import Plan

QUESTION = "充电桩要建多少个?"
Row = tuple[str, float, str]
_CLI = [sys.executable, "-c", "from ui.cli import main; main()"]
_MEMORY = """
import resource
from assistant.settings import Settings
from assistant.assistant import open_assistant
a = open_assistant(Settings())
a.answer("充电桩要建多少个?"); a.answer("How many charging posts will be built?")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def bench() -> list[Row]:
    """Return every figure with its name and unit."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as home:
        fresh = open_scored(settings.model_copy(update={"home": Path(home)}))
        rows: list[Row] = [("index build, cold", seconds(fresh.searcher), "s")]
    assistant = open_scored(settings)
    assistant.warm()
    rows.append(("ask, cold process", best_of(3, lambda: _run([*_CLI, "ask", QUESTION])), "s"))
    rows.append(("server ready", server_ready(), "s"))
    rows.append(("memory of one process", float(_run([sys.executable, "-c", _MEMORY]).split()[-1]), "MB"))
    items = dev_items(assistant.searcher().plan)
    return [*rows, *warm(assistant, items), *retrieval(assistant, items)]


def dev_items(plan: Plan) -> list[Item]:
    """Return the dev half's questions on passages."""
    return [i for i in load_gold(SHIPPED_GOLD, plan, Half.DEV) if i.kind in PASSAGE_KINDS]


def warm(assistant: Assistant, items: list[Item]) -> list[Row]:
    """Time warm answers and searches, one question after another."""
    questions = [i.question for i in items]
    answers = np.array([seconds(lambda q=q: assistant.answer(q)) for q in questions]) * 1_000  # type: ignore[misc]
    searches = np.array([seconds(lambda q=q: assistant.search(q)) for q in questions]) * 1_000  # type: ignore[misc]
    return [
        ("warm answer p50", float(np.percentile(answers, 50)), "ms"),
        ("warm answer p95", float(np.percentile(answers, 95)), "ms"),
        ("warm search p50", float(np.percentile(searches, 50)), "ms"),
    ]


def retrieval(assistant: Assistant, items: list[Item]) -> list[Row]:
    """Return R@1 and R@5 of the assistant and of the tutorial pipelines, on the same questions."""
    plan = assistant.searcher().plan
    clients: dict[str, Client] = {
        "assistant": Embedded(assistant, plan.id),
        "tutorial (500 characters, same embedder, FAISS)": Tutorial(plan, assistant.embedder),
        "tutorial (500 characters, jieba BM25)": Tutorial(plan, None),
    }
    by_language = {spoken: [i for i in items if i.language == spoken] for spoken in ("zh", "en")}
    return [
        (f"R@{k} {spoken}, {name}", _mean_recall(client, asked, plan, k), f"n={len(asked)}")
        for spoken, asked in by_language.items()
        if asked
        for name, client in clients.items()
        for k in (1, 5)
    ]


def _mean_recall(client: Client, items: list[Item], plan: Plan, k: int) -> float:
    found = []
    for item in items:
        spans = [(e.start, e.end) for e in item.turns[0].evidence]
        relevant, ranked = rank_passages(spans, client.search(item.question, DEPTH), plan)
        found.append(metrics.recall_at(relevant, ranked, k) or 0.0)
    return float(np.mean(found))


def server_ready() -> float:
    """Return the seconds from starting the server until /ready says yes; nan if it never does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    with subprocess.Popen(
        [*_CLI, "serve", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            return started_after(f"http://127.0.0.1:{port}/ready", started)
        finally:
            server.terminate()


def started_after(url: str, started: float, limit: float = 60) -> float:
    """Ask a URL until it answers 200 and return the seconds since `started`."""
    while time.perf_counter() - started < limit:
        try:
            if httpx.get(url, timeout=2).status_code == httpx.codes.OK:
                return time.perf_counter() - started
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    return float("nan")


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def best_of(rounds: int, call: Callable[[], object]) -> float:
    """Return the shortest of several calls, which other processes disturb least."""
    return min(seconds(call) for _ in range(rounds))


def _run(command: list[str]) -> str:
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ | {"PYTHONUTF8": "1"}
    ).stdout


def main() -> None:
    """Print the figures as a table or as JSON."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    parser.add_argument("--json", action="store_true")
    rows = bench() if not parser.parse_args().json else None
    if rows is None:
        print(json.dumps({re.sub(r"\\W+", "_", n).strip("_"): v for n, v, _ in bench()}, indent=1))
        return
    for name, value, unit in rows:
        print(f"{name:56} {value:10.3f} {unit}")


if __name__ == "__main__":
    main()
