"""One contract over every embedder, and what a person is told when a model cannot be had."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from index.embedders import BUNDLED, Embedder, StaticEmbedder, make_embedder
from ingest.errors import EmbedderUnavailable

TEXTS = [
    "建设3000个左右电动汽车充电桩。",
    "Build about 3,000 charging posts.",
    "港口货物吞吐量达到4.5亿吨",
    "规划" * 700,
    "充電樁建設目標",
]


@pytest.fixture(scope="module", params=["bundled", f"path:{BUNDLED}", "hashed"], ids=["bundled", "path", "hashed"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hashed":
        return request.getfixturevalue("hashed")  # type: ignore[no-any-return]
    return make_embedder(request.param)


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


def test_the_bundled_model_is_a_sentence_transformers_directory() -> None:
    light, whole = make_embedder("bundled"), make_embedder(f"path:{BUNDLED}")
    np.testing.assert_allclose(light.encode(TEXTS), whole.encode(TEXTS), atol=1e-4)


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
        StaticEmbedder(tmp_path).encode(["x"])


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
