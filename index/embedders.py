"""Turn texts into unit vectors: the bundled model, a local directory or one from a hub."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ingest.errors import EmbedderUnavailable
from ingest.normal import fold

Vectors = npt.NDArray[np.float32]
BUNDLED = Path(__file__).parent / "data" / "bundled"
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
        return StaticEmbedder(BUNDLED)
    if kind == "path" and rest:
        return TransformerEmbedder(spec, _local(Path(rest)))
    if kind == "hub" and rest.count("/") == 1:
        return TransformerEmbedder(spec, _from_hub(rest))
    raise EmbedderUnavailable(
        f"{spec!r} names no embedder: use bundled, path:/directory or hub:ORG/NAME.",
        f"无法识别的向量模型 {spec!r}:请使用 bundled、path:/目录 或 hub:机构/模型名。",
    )


class StaticEmbedder:
    """Read a sentence-transformers StaticEmbedding directory with numpy alone: mean of token vectors."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = "bundled"

    @cached_property
    def fingerprint(self) -> str:
        """Return the hash of the weights."""
        return hashlib.sha256(self._file("model.safetensors").read_bytes()).hexdigest()[:16]

    @cached_property
    def _table(self) -> Vectors:
        from safetensors.numpy import load_file

        return np.asarray(next(iter(load_file(self._file("model.safetensors")).values())), dtype=np.float32)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._file("tokenizer.json")))
        tokenizer.no_padding()
        return tokenizer

    def _file(self, name: str) -> Path:
        """Find a file of the model in the folder that modules.json names."""
        try:
            modules = json.loads((self._folder / "modules.json").read_text("utf-8"))
            return self._folder / str(modules[0]["path"]) / name
        except (OSError, ValueError, LookupError) as error:
            raise EmbedderUnavailable(
                f"The bundled model in {self._folder} is damaged: reinstall plan-assistant.",
                f"自带模型 {self._folder} 已损坏:请重新安装 plan-assistant。",
            ) from error

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return unit vectors; a text without known tokens is the zero vector."""
        out = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        encoded = self._tokenizer.encode_batch([fold(t) for t in texts], add_special_tokens=False)
        for row, encoding in enumerate(encoded):
            if encoding.ids:
                out[row] = self._table[encoding.ids].mean(axis=0)
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.maximum(norms, 1e-9), dtype=np.float32)


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
