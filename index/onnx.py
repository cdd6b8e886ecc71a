"""Run the bundled ONNX models on the CPU: texts in, arrays out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.errors import EmbedderUnavailable

Array = npt.NDArray[Any]
PAD = 1  # the id that pads a batch in training
THREADS = max(1, (os.cpu_count() or 2) // 2)


class OnnxModel:
    """Hold one model and its tokenizer; both load at the first call, which any thread may make."""

    def __init__(self, model: Path, tokenizer: Path, longest: int) -> None:
        self.model, self._tokenizer_file, self._longest = model, tokenizer, longest

    def read(self) -> bytes:
        """Return the bytes of the model; raise EmbedderUnavailable when it is not there."""
        try:
            return self.model.read_bytes()
        except OSError as error:
            raise _damaged(self.model) from error

    @cached_property
    def session(self) -> Any:
        """Return the ONNX Runtime session; raise EmbedderUnavailable for a damaged file."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # leave the cores to the search
        try:
            return onnxruntime.InferenceSession(self.model, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise _damaged(self.model) from error

    @cached_property
    def tokenizer(self) -> Any:
        """Return the tokenizer, which cuts at the longest length the model was trained for."""
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        except Exception as error:
            raise _damaged(self._tokenizer_file) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._longest, strategy="longest_first")
        return tokenizer

    def run(self, ids: Sequence[int]) -> list[Array]:
        """Run the token ids of one text; outputs keep their first axis, of length 1."""
        row = np.array([ids], dtype=np.int64)
        return list(self.session.run(None, {"ids": row, "mask": np.ones_like(row)}))


def _damaged(path: Path) -> EmbedderUnavailable:
    return EmbedderUnavailable(
        f"The bundled model in {path.parent} is damaged: reinstall plan-assistant.",
        f"自带模型 {path.parent} 已损坏:请重新安装 plan-assistant。",
    )
