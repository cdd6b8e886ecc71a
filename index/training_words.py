"""Choose the tokens of the bundled embedding and cut texts into them, for `index/training.py`."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import Tensor

from index.words import segmenter

T = TypeVar("T")
Ids = npt.NDArray[np.int64]

HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[a-z]+")
NUMBER = re.compile(r"[0-9]+")
UNKNOWN = "<unk>"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hold what the variants of a training differ in."""

    dims: int = 256
    chinese: int = 21_500
    english: int = 8_500
    temperature: float = 0.05
    epochs: int = 4
    batch: int = 1024
    rate: float = 2e-3
    svd: bool = True
    hard: bool = True
    switch: bool = True
    drop: float = 0.1
    sif: float = 1e-3
    longest: int = 96


def tokenizer_of(vocabulary: list[tuple[str, float]]) -> Tokenizer:
    """Make a Unigram tokenizer over Chinese words, English words and numbers."""
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, -60.0), *vocabulary], unk_id=0))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}%]+"), "removed"),
            pre_tokenizers.Split(Regex(r"\p{Han}+|\p{N}+|%"), "isolated"),
        ]
    )
    return tokenizer


def jieba_words() -> tuple[dict[str, int], int]:
    """Read jieba's words and frequencies, with their total."""
    cutter = segmenter()
    return {w: f for w, f in cutter.FREQ.items() if f and all(HAN.match(c) for c in w)}, cutter.total


def vocabulary(texts: Counter[str], recipe: Recipe) -> list[tuple[str, float]]:
    """Choose the tokens that the texts use most, each with its log frequency."""
    words, total = jieba_words()
    characters = {c for text in texts for c in text if HAN.match(c)} | set(gb2312())
    chinese = [w for w in frequent_chinese(texts, words, total) if len(w) > 1][: recipe.chinese]
    scored = {w: math.log(words.get(w, 1) / total) for w in [*sorted(characters), *chinese]}
    english: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for text, weight in texts.items():
        english.update({w: weight * n for w, n in Counter(ENGLISH.findall(text.lower())).items()})
        numbers.update({w: weight * n for w, n in Counter(NUMBER.findall(text)).items() if len(w) < 5})
    known = [w for w, _ in english.most_common(recipe.english) if len(w) > 1]
    scored |= {w: max(-16.0, math.log(english[w] / english.total())) for w in known}
    scored |= {w: -12.0 for w, _ in numbers.most_common(1200)} | dict.fromkeys("0123456789%", -15.0)
    return list((scored | {w: -25.0 - 3 * (len(w) < 2) for w in pieces(english) if w not in scored}).items())


def gb2312() -> Iterator[str]:
    """Name the characters of the simplified script's basic set."""
    for high in range(0xB0, 0xF8):
        yield from bytes(b for low in range(0xA1, 0xFF) for b in (high, low)).decode("gb2312", "ignore")


def frequent_chinese(texts: Counter[str], words: dict[str, int], total: int) -> list[str]:
    """Sort jieba's words by how often the texts, and a little general Chinese, use them."""
    full = tokenizer_of([(w, math.log(f / total)) for w, f in words.items()])
    counts: Counter[str] = Counter({w: int(f * 0.1) for w, f in words.items()})
    for weight in sorted(set(texts.values())):
        group = [t for t, w in texts.items() if w == weight and HAN.search(t)]
        for encoding in encode(full, group):
            counts.update({str(full.id_to_token(int(i))): weight * n for i, n in Counter(encoding.tolist()).items()})
    return [w for w, _ in counts.most_common() if w in words]


def pieces(english: Counter[str], size: int = 2500) -> list[str]:
    """Learn the pieces that unknown English words fall back to."""
    bpe = Tokenizer(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=size, show_progress=False, initial_alphabet=list("abcdefghijklmnopqrstuvwxyz")
    )
    bpe.train_from_iterator((w for w, n in english.items() if n > 1), trainer)
    return sorted(bpe.get_vocab())


def encode(tokenizer: Tokenizer, texts: list[str]) -> list[Ids]:
    """Encode texts, in slices that keep memory small."""
    found: list[Ids] = []
    for at in range(0, len(texts), 20_000):
        batch = tokenizer.encode_batch_fast(texts[at : at + 20_000], add_special_tokens=False)
        found += [np.array([i for i in e.ids if i], dtype=np.int64) for e in batch]
    return found


# --- the start: word vectors from co-occurrence --------------------------------------------------


def parts_of(tokenizer: Tokenizer, most: int = 12) -> tuple[Tensor, int]:
    """Split each token into its characters (Chinese) or character trigrams and up (English); 0 pads."""
    numbers: dict[str, int] = {}
    size = tokenizer.get_vocab_size()
    table = torch.zeros((size, most), dtype=torch.long)
    for token in range(1, size):
        word = str(tokenizer.id_to_token(token))
        for column, part in enumerate(parts(word)[:most]):
            table[token, column] = numbers.setdefault(part, len(numbers) + 1)
    return table, len(numbers) + 1


def parts(word: str) -> list[str]:
    """Name the parts of a token."""
    if not ENGLISH.fullmatch(word):
        return list(word)
    marked = f"<{word}>"
    return [marked[:n] for n in (4, 5, 6, 7) if n < len(marked)] + [
        marked[i : i + 4] for i in range(1, len(marked) - 3)
    ]
