"""A plan of two chapters and a store for it: an index of it is built in a blink."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index.embedders import Embedder
from index.lexical import Lexical
from index.store import Store
from index.units import Unit, list_units
from index.vectors import VectorIndex
from index.words import terms
from ingest.knowledge import Knowledge
from ingest.model import Plan, PlanInfo
from ingest.parse import parse

TEXT = (
    "第一章 交通\n第一节 轨道\n    建设城市轨道。到2025年建成轨道交通线路120公里,新增车站45座。\n"
    "第二节 公路\n    完善公路网络。到2025年公路总里程达到3500公里。\n"
    "第二章 能源\n第一节 电力\n    发展海上风电。建设800个充电桩。\n"
)


@dataclass
class Shop:
    """Open the index of one small plan again and again; `built` counts how often it had to be built."""

    plan: Plan
    units: list[Unit]
    embedder: Embedder
    folder: Path
    built: int = field(default=0)

    def open(self) -> tuple[VectorIndex, Lexical, Lexical]:
        return Store(self.folder).load_or_build(self.plan, self.units, self.embedder, self._words)

    def _words(self) -> tuple[list[list[str]], list[list[str]]]:
        self.built += 1
        return [terms(u.text) for u in self.units], [terms(p.text) for p in self.plan.passages]

    def scores(self, query: str) -> tuple[bytes, bytes, bytes]:
        """Return every score of a query, exact to the bit."""
        vectors, words, passages = self.open()
        asked = terms(query)
        dense = vectors.scores(self.embedder.encode([query], query=True))
        return dense.tobytes(), words.scores(asked).tobytes(), passages.scores(asked).tobytes()


@pytest.fixture(scope="session")
def small() -> Plan:
    return parse(TEXT, PlanInfo(id="small", title="小城规划", period=(2021, 2025)))


@pytest.fixture
def shop(small: Plan, hashed: Embedder, tmp_path: Path) -> Shop:
    return Shop(small, list_units(small, Knowledge()), hashed, tmp_path / "index" / "small")
