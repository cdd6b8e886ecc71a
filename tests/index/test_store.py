"""The index on disk: the same after a restart, rebuilt whenever a byte of it is not as it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.embedders import Embedder, Vectors
from index.store import Store
from ingest.errors import StoreError
from tests.index.conftest import Shop

QUERIES = ("轨道交通多少公里", "充电桩", "公路总里程", "x")


def cut(folder: Path) -> None:
    path = folder / "units.faiss"
    path.write_bytes(path.read_bytes()[:-40])


def empty(folder: Path) -> None:
    (folder / "units.faiss").write_bytes(b"")


def change_a_byte(folder: Path) -> None:
    path = next(p for p in sorted((folder / "words").iterdir()) if p.suffix == ".npy")
    data = bytearray(path.read_bytes())
    data[-1] ^= 0xFF
    path.write_bytes(bytes(data))


def lose_units(folder: Path) -> None:
    (folder / "units.jsonl").unlink()


def lose_vectors(folder: Path) -> None:
    (folder / "units.faiss").unlink()


def lose_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def garble_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]", "utf-8")


def truncate_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8")[:-30], "utf-8")


def claim_another_embedder(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(manifest | {"embedder_hash": "0"}), "utf-8")


def forget_the_files(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["files"]
    path.write_text(json.dumps(manifest), "utf-8")


def list_no_files(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        if path.name != "manifest.json":
            path.unlink()
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"files": {}}), "utf-8")


def damage_bm25_with_a_right_hash(folder: Path) -> None:
    path = folder / "words" / "params.index.json"
    path.write_text("{", "utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["files"]["words/params.index.json"] = hashlib.sha256(b"{").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


DAMAGES = (
    cut, empty, change_a_byte, lose_units, lose_vectors, lose_manifest, garble_manifest, truncate_manifest,
    claim_another_embedder, forget_the_files, list_no_files, damage_bm25_with_a_right_hash,
)  # fmt: skip


def test_a_reloaded_index_gives_the_same_scores(shop: Shop) -> None:
    fresh = [shop.scores(q) for q in QUERIES]
    built = shop.built
    assert [shop.scores(q) for q in QUERIES] == fresh
    assert built == shop.built == 1


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__)
def test_a_damaged_index_is_rebuilt_silently(shop: Shop, damage: Callable[[Path], None]) -> None:
    before = shop.scores("充电桩")
    damage(shop.folder)
    assert shop.scores("充电桩") == before
    assert shop.built == 2
    assert shop.scores("充电桩") == before
    assert shop.built == 2, "the rebuilt index was not kept"
    assert [p.name for p in shop.folder.parent.iterdir()] == [shop.folder.name]


def test_the_manifest_states_the_hash_of_every_file(shop: Shop) -> None:
    shop.open()
    manifest = json.loads((shop.folder / "manifest.json").read_text("utf-8"))
    there = {str(p.relative_to(shop.folder)) for p in shop.folder.rglob("*") if p.is_file()} - {"manifest.json"}
    assert set(manifest["files"]) == there
    assert {"units.faiss", "units.jsonl"} < there
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((shop.folder / name).read_bytes()).hexdigest() == digest
    assert (manifest["plan"], manifest["embedder"], manifest["passages"]) == (
        "small",
        "hashed",
        len(shop.plan.passages),
    )
    assert manifest["units"] == len(shop.units)


def test_nothing_is_pickled(shop: Shop) -> None:
    shop.open()
    for path in (p for p in shop.folder.rglob("*") if p.is_file()):
        assert path.suffix in {".faiss", ".jsonl", ".json", ".npy"}
        if path.suffix == ".npy":
            assert b"|O" not in path.read_bytes()[:128], f"{path.name} holds pickled objects"


@pytest.mark.parametrize("what", ["text", "units", "embedder"])
def test_an_index_of_something_else_is_stale(shop: Shop, hashed: Embedder, what: str) -> None:
    shop.open()
    if what == "text":
        shop.plan = replace(shop.plan, text=shop.plan.text + " ")
    elif what == "units":
        shop.units = [replace(shop.units[0], text="另一句话"), *shop.units[1:]]
    else:
        shop.embedder = Retrained(hashed)
    shop.open()
    assert shop.built == 2


class Retrained:
    name = "hashed"
    fingerprint = "2"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        return self._embedder.encode(texts, query=query)


def test_a_home_that_cannot_hold_a_folder_names_the_remedy(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    shop.folder = tmp_path / "home" / "index" / "small"
    with pytest.raises(StoreError, match="PLAN_HOME") as caught:
        shop.open()
    assert "PLAN_HOME" in caught.value.chinese
    assert (tmp_path / "home").read_text() == "a file"


def test_a_store_makes_nothing_before_it_is_asked(tmp_path: Path) -> None:
    Store(tmp_path / "deep" / "folder")
    assert list(tmp_path.iterdir()) == []
