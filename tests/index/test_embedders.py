"""One contract over every embedder, and what a person is told when a model cannot be had."""

from __future__ import annotations

import time
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from index.embedders import BUNDLED, BundledEmbedder, Embedder, make_embedder
from index.known import KnownVectors, save
from ingest.errors import EmbedderUnavailable

TEXTS = [
    "建设3000个左右电动汽车充电桩。",
    "Build about 3,000 charging posts.",
    "港口货物吞吐量达到4.5亿吨",
    "规划" * 700,
    "充電樁建設目標",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small sentence-transformers model: one random vector a character."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    letters = {c: n for n, c in enumerate(sorted({"?", *"".join(TEXTS), *map(chr, range(32, 127))}))}
    tokenizer = Tokenizer(models.WordLevel(letters, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(""), "isolated")
    weights = np.random.default_rng(1).normal(size=(len(letters), 32)).astype(np.float32)
    modules = [StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()]
    path = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=modules, device="cpu").save(str(path), create_model_card=False)
    return path


@pytest.fixture(scope="module", params=["bundled", "path", "hashed"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hashed":
        return request.getfixturevalue("hashed")  # type: ignore[no-any-return]
    return make_embedder("bundled" if request.param == "bundled" else f"path:{request.getfixturevalue('folder')}")


class TestContract:
    def test_rows_are_float32_unit_vectors(self, embedder: Embedder) -> None:
        vectors = embedder.encode(TEXTS)
        assert vectors.shape == (len(TEXTS), embedder.encode(["x"]).shape[1])
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_the_same_text_gives_the_same_vector_in_any_company(self, embedder: Embedder) -> None:
        together, again = embedder.encode(TEXTS), embedder.encode(TEXTS)
        alone = np.concatenate([embedder.encode([t]) for t in TEXTS])
        np.testing.assert_array_equal(together, again)
        np.testing.assert_allclose(together, alone, atol=1e-5)

    def test_different_texts_differ(self, embedder: Embedder) -> None:
        first, second = embedder.encode([TEXTS[0], TEXTS[2]])
        assert float(first @ second) < 0.9

    def test_an_empty_text_has_a_row_without_nan(self, embedder: Embedder) -> None:
        vectors = embedder.encode(["", " ", TEXTS[0]])
        assert vectors.shape[0] == 3
        assert np.isfinite(vectors).all()
        np.testing.assert_allclose(vectors[2], embedder.encode([TEXTS[0]])[0], atol=1e-5)

    def test_a_query_lives_in_the_same_space(self, embedder: Embedder) -> None:
        query = embedder.encode(["充电桩"], query=True)
        assert query.shape == (1, embedder.encode(["充电桩"]).shape[1])
        scores = (embedder.encode(TEXTS) @ query.T).ravel()
        assert scores[0] > scores[2]

    def test_name_and_fingerprint_are_stable(self, embedder: Embedder) -> None:
        assert embedder.name
        assert embedder.fingerprint == embedder.fingerprint != ""


def test_known_vectors_are_those_that_the_model_computes() -> None:
    embedder = BundledEmbedder()
    texts = [f"建设{n}个充电桩。" for n in range(3)] + TEXTS[:1]
    known = KnownVectors(BUNDLED / "known.safetensors", embedder.fingerprint)
    out = np.zeros((len(texts), embedder.encode(["x"]).shape[1]), dtype=np.float32)
    assert known.fill(out, texts) == [0, 1, 2]
    np.testing.assert_allclose(out[3], embedder.encode(TEXTS[:1])[0], atol=0.01)


def test_vectors_of_another_model_are_not_taken(tmp_path: Path) -> None:
    save(tmp_path / "known.safetensors", "one", ["a"], np.ones((1, 4), dtype=np.float32))
    out = np.zeros((1, 4), dtype=np.float32)
    assert KnownVectors(tmp_path / "known.safetensors", "one").fill(out, ["a"]) == []
    assert KnownVectors(tmp_path / "known.safetensors", "another").fill(out, ["a"]) == [0]
    assert KnownVectors(tmp_path / "nothing", "one").fill(out, ["a"]) == [0]


def test_the_bundled_model_joins_scripts_widths_and_languages() -> None:
    vectors = make_embedder("bundled").encode(["规划2025年", "規劃２０２５年", "charging post", "充电桩", "耕地保护"])
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)
    assert vectors[2] @ vectors[3] > vectors[2] @ vectors[4]


@pytest.mark.parametrize(
    "spec", ["", "bge", "BAAI/bge-m3", "path:", "path", "hub:", "hub:bge-m3", "hub:a/b/c", "bundled:x", "Bundled"]
)
def test_a_spec_that_names_nothing_says_what_would(spec: str) -> None:
    with pytest.raises(EmbedderUnavailable, match="bundled") as caught:
        make_embedder(spec)
    assert "hub:" in caught.value.message("zh")


def test_a_folder_without_a_model_is_refused_at_once(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(EmbedderUnavailable, match=r"modules\.json"):
            make_embedder(f"path:{folder}")


def test_a_folder_with_half_a_model_names_itself(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[", "utf-8")
    with pytest.raises(EmbedderUnavailable, match="choose another directory"):
        make_embedder(f"path:{tmp_path}").encode(["x"])


def test_a_damaged_bundle_asks_to_reinstall(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="reinstall"):
        BundledEmbedder(tmp_path).encode(["x"])


def test_without_a_network_the_hub_fails_soon_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants  # a slow import, which is not what is timed

    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    started = time.perf_counter()
    with pytest.raises(EmbedderUnavailable, match="HF_ENDPOINT") as caught:
        make_embedder("hub:nobody/has-this-model")
    assert time.perf_counter() - started < 5
    assert "path:" in caught.value.english
    assert "nobody/has-this-model" in caught.value.message("zh")


def test_the_card_states_the_hash_of_every_bundled_file() -> None:
    card = (BUNDLED / "CARD.md").read_text("utf-8")
    for path in BUNDLED.iterdir():
        assert path.name == "CARD.md" or f"`{sha256(path.read_bytes()).hexdigest()}`" in card, path.name
