"""Keep an index on disk: FAISS and BM25 files with a manifest, swapped in by one rename."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.embedders import Embedder
from index.lexical import Lexical
from index.units import OWN, Unit
from index.vectors import VectorIndex
from ingest.errors import StoreError
from ingest.model import Plan

FORMAT = 3

Words = Callable[[], tuple[list[list[str]], list[list[str]]]]


class Store:
    """Save and load the parts of one plan's index in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_or_build(
        self, plan: Plan, units: list[Unit], embedder: Embedder, words: Words
    ) -> tuple[VectorIndex, Lexical, Lexical]:
        """Load the index if it is whole and fits; else build it anew and save it.

        Raises StoreError when the folder cannot be written.
        """
        facts = _facts(plan, units, embedder)
        if self._verified(facts):
            try:
                return self._load()
            except (RuntimeError, OSError, ValueError, KeyError):
                pass
        own = sum(unit.source in OWN for unit in units)
        vectors = VectorIndex.build(embedder.encode([u.text for u in units]), own)
        unit_words, passage_words = words()
        found = vectors, Lexical.build(unit_words), Lexical.build(passage_words)
        self._save(facts, units, *found)
        return found

    def _load(self) -> tuple[VectorIndex, Lexical, Lexical]:
        vectors = VectorIndex.load(self._folder)
        return vectors, Lexical.load(self._folder / "words"), Lexical.load(self._folder / "passages")

    def _verified(self, facts: dict[str, Any]) -> bool:
        """Say whether the manifest states these facts and every file has its recorded hash."""
        try:
            manifest = json.loads((self._folder / "manifest.json").read_text("utf-8"))
            files = manifest.pop("files")
            return bool(manifest == facts) and all(_hash(self._folder / name) == h for name, h in files.items())
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return False

    def _save(
        self, facts: dict[str, Any], units: list[Unit], vectors: VectorIndex, words: Lexical, passages: Lexical
    ) -> None:
        """Write all files to a new folder, then swap it in."""
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=f".{self._folder.name}-", dir=self._folder.parent))
            vectors.save(fresh)
            words.save(fresh / "words")
            passages.save(fresh / "passages")
            (fresh / "units.jsonl").write_text("".join(_line(u) for u in units), "utf-8")
            names = sorted(str(p.relative_to(fresh)) for p in fresh.rglob("*") if p.is_file())
            manifest = facts | {"files": {name: _hash(fresh / name) for name in names}}
            (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")
            self._swap(fresh)
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"The index cannot be written to {self._folder.parent}: set PLAN_HOME to a folder you may write to.",
                f"无法写入索引目录 {self._folder.parent}:请把 PLAN_HOME 设为可写的文件夹。",
            ) from error

    def _swap(self, fresh: Path) -> None:
        """Put the new folder in the old one's place; a server that reads the old one keeps its files open."""
        old = self._folder.with_name(f".{self._folder.name}-old-{os.getpid()}")
        if self._folder.exists():
            self._folder.rename(old)
        fresh.rename(self._folder)
        shutil.rmtree(old, ignore_errors=True)


def _facts(plan: Plan, units: list[Unit], embedder: Embedder) -> dict[str, Any]:
    """State what the index depends on: when one of these changes, it is stale."""
    digest = hashlib.sha256(plan.text.encode())
    digest.update(repr([(u.source.value, u.passage, u.text, [s.start for s in u.sentences]) for u in units]).encode())
    return {
        "format": FORMAT,
        "plan": plan.id,
        "content": digest.hexdigest(),
        "embedder": embedder.name,
        "embedder_hash": embedder.fingerprint,
        "units": len(units),
        "passages": len(plan.passages),
    }


def _line(unit: Unit) -> str:
    row = {
        "source": unit.source,
        "passage": unit.passage,
        "text": unit.text,
        "sentences": [[s.start, s.end] for s in unit.sentences],
    }
    return json.dumps(row, ensure_ascii=False) + "\n"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
