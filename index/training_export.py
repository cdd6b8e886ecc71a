"""Export the fine-tuned encoder to int8 ONNX and compute the vectors of texts that ship with the program.

The last of the maintainers' tools that make the bundled model; it needs the `onnx` package, which nothing else does.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped, unused-ignore]
from onnxruntime.quantization.shape_inference import quant_pre_process  # type: ignore[import-untyped, unused-ignore]
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from index.embedders import BundledEmbedder
from index.known import save
from index.training_pairs import shipped
from index.units import list_units
from ingest.normal import fold

OPSET = 17


class SentenceEncoder(nn.Module):
    """Compute what `index/onnx.py` runs: token ids and their mask in, unit vectors out."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.model = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Embed texts: the mean of the last hidden states, brought to unit length."""
        states = self.model(ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(states.dtype)
        return functional.normalize((states * weight).sum(1) / weight.sum(1), dim=-1)


def export(model: Path, out: Path) -> None:
    """Write `encoder.onnx`, its weights in int8 with a scale a channel, and `tokenizer.json`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        traced, inferred = Path(folder) / "traced.onnx", Path(folder) / "inferred.onnx"
        trace(SentenceEncoder(model).eval(), traced)
        quant_pre_process(traced, inferred, skip_symbolic_shape=True)
        quantize_dynamic(
            inferred,
            out / "encoder.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"WeightSymmetric": True},
        )
    shutil.copyfile(model / "tokenizer.json", out / "tokenizer.json")


def trace(encoder: SentenceEncoder, path: Path) -> None:
    """Write the network in full precision, for any number of texts of any length."""
    ids = torch.arange(4, 32).reshape(2, 14)
    axes = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        encoder,
        (ids, torch.ones_like(ids)),
        path,
        input_names=["ids", "mask"],
        output_names=["vectors"],
        dynamic_axes={"ids": axes, "mask": axes, "vectors": {0: "texts"}},
        opset_version=OPSET,
        dynamo=False,
    )


def compute_known(folder: Path) -> None:
    """Write `known.safetensors`: the vectors of everything that is searched in the shipped plan."""
    path = folder / "known.safetensors"
    path.unlink(missing_ok=True)
    embedder = BundledEmbedder(folder)
    texts = list(dict.fromkeys(fold(unit.text) for unit in list_units(*shipped())))
    save(path, embedder.fingerprint, texts, embedder.encode(texts))
    path.chmod(0o644)


def main() -> None:
    """Export from the command line."""
    parser = argparse.ArgumentParser(prog="python -m index.training_export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder written by index.training")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    export(options.model, options.out)
    compute_known(options.out)


if __name__ == "__main__":
    main()
