"""Run a gold set against a client: resumable, with a progress bar, the same twice but for times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from eval.clients import Client
from eval.gold import Half, Item
from eval.score import Result, score_item
from ingest.model import Plan

PARTIAL = "results.partial.jsonl"
_OPEN_KEYS = ("metrics", "abstained", "reason", "ms")


def run(
    items: list[Item], client: Client, plan: Plan, folder: Path | None = None, *, resume: bool = False
) -> list[Result]:
    """Score every item, in order; with a folder, an interrupted run can be resumed from there."""
    stamp = fingerprint(items, client.label)
    path = folder / PARTIAL if folder else None
    done = _read_partial(path, stamp) if path and resume else {}
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, [{"stamp": stamp}, *done.values()])
    for result in _fresh([i for i in items if i.id not in done], client, plan):
        done[result["id"]] = result
        if path:
            _write(path, [result], "a")
    if path:
        path.unlink()
    return [done[item.id] for item in items]


def _fresh(items: list[Item], client: Client, plan: Plan) -> Iterator[Result]:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("eval", total=len(items))
        for item in items:
            yield score_item(item, client, plan)
            progress.advance(task)


def fingerprint(items: Iterable[Item], label: str) -> str:
    """Return a hash of what is asked of whom, so that only a run of the same is resumed."""
    return hashlib.sha256(repr((label, list(items))).encode()).hexdigest()[:16]


def _read_partial(path: Path, stamp: str) -> dict[str, Result]:
    """Read what an interrupted run left; a last line cut short is asked again."""
    rows: list[Result] = []
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        try:
            rows.append(json.loads(line))
        except ValueError:
            break
    if not rows or rows[0].get("stamp") != stamp:
        return {}
    return {row["id"]: row for row in rows[1:]}


def seal(results: list[Result]) -> list[Result]:
    """Keep only the scores of test-half items: a test half that is read is one no more."""
    return [_sealed(r) if r["half"] == Half.TEST else r for r in results]


def _sealed(result: Result) -> Result:
    return result | {"turns": [{key: turn[key] for key in _OPEN_KEYS} for turn in result["turns"]], "sealed": True}


def _write(path: Path, rows: Iterable[Result], mode: str = "w") -> None:
    with path.open(mode, encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
