"""Turn texts into unit vectors: the bundled model, a local directory or one from a hub."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.known import KnownVectors, Vectors
from index.onnx import OnnxModel
from ingest.errors import EmbedderUnavailable
from ingest.normal import fold

BUNDLED = Path(__file__).parent / "data" / "bundled"
DIMENSIONS, LONGEST, MANY = 384, 512, 64
RECENT = 8  # the texts of one question, which several parts ask about
_QUERY_PROMPTS = {"bge-": "为这个句子生成表示以用于检索相关文章："}


class Embedder(Protocol):
    """Encode texts; everything else about vectors is derived from this one method."""

    @property
    def name(self) -> str:
        """Return the specification it was made from."""

    @property
    def fingerprint(self) -> str:
        """Return what changes when the vectors would."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return unit vectors, shape (len(texts), dimensions), float32."""


def make_embedder(spec: str) -> Embedder:
    """Make the embedder that `bundled`, `path:/dir` or `hub:ORG/NAME` names."""
    kind, _, rest = spec.partition(":")
    if spec == "bundled":
        return BundledEmbedder()
    if kind == "path" and rest:
        return TransformerEmbedder(spec, _local(Path(rest)))
    if kind == "hub" and rest.count("/") == 1:
        return TransformerEmbedder(spec, _from_hub(rest))
    raise EmbedderUnavailable(
        f"{spec!r} names no embedder: use bundled, path:/directory or hub:ORG/NAME.",
        f"无法识别的向量模型 {spec!r}:请使用 bundled、path:/目录 或 hub:机构/模型名。",
    )


def bundled(embedder: Embedder) -> Embedder:
    """Return the bundled embedder, for weights that were fitted to it: the given one, or one a process."""
    return embedder if embedder.name == "bundled" else _one_bundled()


@cache
def _one_bundled() -> Embedder:
    return BundledEmbedder()


class BundledEmbedder:
    """Run the bundled model with ONNX Runtime: the mean of the last hidden states, brought to unit length.

    The vectors of texts that ship with the program were computed before (`known.safetensors`), so
    that the index of the shipped plan is ready in seconds.
    """

    name = "bundled"

    def __init__(self, folder: Path = BUNDLED) -> None:
        self._folder = folder
        self._model = OnnxModel(folder / "encoder.onnx", folder / "tokenizer.json", LONGEST)
        self._computed = lru_cache(maxsize=RECENT)(self._compute)

    @cached_property
    def fingerprint(self) -> str:
        """Return the hash of the weights."""
        return hashlib.sha256(self._model.read()).hexdigest()[:16]

    @cached_property
    def _known(self) -> KnownVectors:
        return KnownVectors(self._folder / "known.safetensors", self.fingerprint)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return unit vectors; many texts are first looked up among the known ones.

        Each text runs alone: the model's int8 scales are taken over a batch, and a vector must not
        depend on its company.
        """
        folded = [fold(t) for t in texts]
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        many = len(texts) > MANY
        for row in self._known.fill(out, folded) if many else range(len(texts)):
            out[row] = self._computed(folded[row])
        return out

    def _compute(self, folded: str) -> Vectors:
        return np.asarray(self._model.run(self._model.tokenizer.encode(folded).ids)[0][0], dtype=np.float32)


class TransformerEmbedder:
    """Encode with any sentence-transformers model, imported only here."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self._folder = name, folder

    @cached_property
    def fingerprint(self) -> str:
        """Return a hash of the names and sizes of the model's files."""
        listing = sorted((p.name, p.stat().st_size) for p in self._folder.rglob("*") if p.is_file())
        return hashlib.sha256(repr((self.name, listing)).encode()).hexdigest()[:16]

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(str(self._folder), local_files_only=True).float()
        except Exception as error:
            raise EmbedderUnavailable(
                f"{self._folder} holds no usable sentence-transformers model: choose another directory.",
                f"{self._folder} 中没有可用的 sentence-transformers 模型:请更换目录。",
            ) from error

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return unit vectors, with the query prompt of the model's family where it has one."""
        prompt = next((p for key, p in _QUERY_PROMPTS.items() if key in self.name.lower()), "") if query else ""
        vectors = self._model.encode([prompt + fold(t) for t in texts], normalize_embeddings=True, batch_size=32)
        return np.asarray(vectors, dtype=np.float32)


def _local(folder: Path) -> Path:
    if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise EmbedderUnavailable(
            f"{folder} is no sentence-transformers directory: give the folder that holds modules.json.",
            f"{folder} 不是 sentence-transformers 模型目录:请给出含 modules.json 的文件夹。",
        )
    return folder


def _from_hub(repository: str) -> Path:
    """Find the model in the cache, else ask the hub for three seconds before downloading."""
    import httpx
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(repository, local_files_only=True))
    except Exception:
        endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    try:
        httpx.head(endpoint, timeout=3).raise_for_status()
        return Path(snapshot_download(repository))
    except Exception as error:
        raise EmbedderUnavailable(
            f"The hub cannot give {repository}: copy the model here and use path:/directory, set HF_ENDPOINT "
            "to a mirror, or use the bundled model.",
            f"无法从模型站获取 {repository}:请把模型拷到本机并用 path:/目录,或设置 HF_ENDPOINT 镜像,或使用自带模型。",
        ) from error
