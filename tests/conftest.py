"""Fixtures shared by all tests: the shipped plan, and one assistant with its index in a temporary home."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from index.embedders import make_embedder
from index.known import Vectors
from index.search import Searcher
from ingest.model import Plan
from ingest.shelf import DEFAULT_PLAN, SHIPPED, Shelf

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")


class HashedEmbedder:
    """Embed by hashed character pairs, seeded from SHA-256: deterministic, no model."""

    name = "hashed"
    fingerprint = "1"

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        out = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for pair in pairwise(text):
                digest = hashlib.sha256("".join(pair).encode()).digest()
                out[row, digest[0] % 64] += 1.0
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), dtype=np.float32)


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return Shelf((SHIPPED,))


@pytest.fixture(scope="session")
def plan(shelf: Shelf) -> Plan:
    return shelf.load(DEFAULT_PLAN)


@pytest.fixture(scope="session")
def hashed() -> HashedEmbedder:
    return HashedEmbedder()


@pytest.fixture(scope="session")
def assistant(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home: Path = tmp_path_factory.mktemp("home")
    return Assistant(shelf, make_embedder("bundled"), home, default_plan=DEFAULT_PLAN)


@pytest.fixture(scope="session")
def searcher(assistant: Assistant) -> Searcher:
    return assistant.searcher()
