"""Fine-tune the bundled sentence encoder in two stages; a maintainers' tool, unused by the product.

It starts from what `index/training_base.py` writes; `index/training_distil.py` and `index/training_export.py`
follow. The loss takes the other pairs of a batch as negatives (Henderson et al. 2017, arXiv:1705.00652), the second
stage also mined ones (`index/training_mining.py`); the base model was trained in the same way (Wang et al. 2024,
arXiv:2402.05672).
"""

from __future__ import annotations

import argparse
import math
import shutil
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence
from transformers import BertModel

from index.known import Vectors
from index.onnx import PAD
from index.training_mining import mined
from index.training_pairs import SEED, Pair, shipped, sources
from ingest.normal import fold

BATCH, LEAST, POOL = 96, 16, 20  # pairs a batch, pairs below which one is dropped, batches sorted by length together
THREADS, SHOWN_EVERY = 2, 20


@dataclass(frozen=True, slots=True)
class Stage:
    """Hold what the stages differ in; `shares` says how much of each source a stage passes over."""

    rate: float
    warmup: int
    longest: int
    shares: dict[str, float]
    mine: bool = False
    temperature: float = 0.03


STAGES = (
    Stage(
        rate=5e-5,
        warmup=100,
        longest=96,
        shares={
            "reading": 0.4, "paragraph": 0.12, "law-next": 0.048, "law-heading": 0.02, "government-next": 0.2,
            "gloss": 0.024, "official": 1.2, "everyday": 0.24, "plan": 0.4, "translation": 1.2, "bank": 0.8,
            "alike": 0.4, "alike-abroad": 0.4, "bank-english": 0.4,
        },
    ),
    Stage(
        rate=4e-5,
        warmup=60,
        longest=80,
        shares={
            "bank": 1, "alike": 0.7, "open": 0.59, "bank-english": 0.3, "followup": 2, "reading": 0.88,
            "translation": 1, "official": 1, "everyday": 0.12, "government-next": 0.08,
        },
        mine=True,
    ),
)  # fmt: skip


class Encoder:
    """Embed texts with the network in training: the mean of the last hidden states, brought to unit length."""

    def __init__(self, folder: Path) -> None:
        self.model = BertModel.from_pretrained(folder, add_pooling_layer=False)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()

    def cut_at(self, longest: int) -> None:
        """Cut texts at so many tokens from now on."""
        self._tokenizer.enable_truncation(longest)

    def embed(self, texts: Sequence[str], groups: int = 2) -> Tensor:
        """Embed texts in groups of like length, so that little is padding."""
        rows = [torch.tensor(e.ids) for e in self._tokenizer.encode_batch([fold(t) for t in texts])]
        order = np.argsort([len(row) for row in rows], kind="stable")
        means = [self._means([rows[i] for i in group]) for group in np.array_split(order, groups)]
        return torch.cat(means)[torch.from_numpy(np.argsort(order))]

    def _means(self, rows: list[Tensor]) -> Tensor:
        ids = pad_sequence(rows, batch_first=True, padding_value=PAD)
        mask = (ids != PAD).long()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.model(ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).float()
        return functional.normalize((states.float() * weight).sum(1) / weight.sum(1), dim=-1)

    @torch.inference_mode()
    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Embed any number of texts without training."""
        self.model.train(False)
        return np.asarray(self.embed(texts, math.ceil(len(texts) / 64)).numpy())


def batches(pairs: Sequence[Pair], share: float, rng: np.random.Generator) -> Iterator[list[Pair]]:
    """Draw a share of the pairs, each as often as any other, and cut it into batches of like length."""
    rounds = [rng.permutation(len(pairs)) for _ in range(math.ceil(share))]
    drawn = [pairs[i] for i in np.concatenate(rounds)[: int(len(pairs) * share)]]
    for start in range(0, len(drawn), BATCH * POOL):
        pool = sorted(drawn[start : start + BATCH * POOL], key=lambda p: len(p.left) + len(p.right))
        cuts = (pool[i : i + BATCH] for i in range(0, len(pool), BATCH))
        yield from (cut for cut in cuts if len(cut) > LEAST)


def contrast(encoder: Encoder, pairs: Sequence[Pair], temperature: float) -> Tensor:
    """Compute the contrastive loss of a batch, in both directions; hard negatives stand on the right only."""
    count, hard = len(pairs), [p.hard for p in pairs if p.hard]
    vectors = encoder.embed([*(p.left for p in pairs), *(p.right for p in pairs), *hard])
    scores = vectors[:count] @ vectors[count:].T / temperature
    right = scores.masked_fill(no_negatives(pairs, hard), -1e4)
    left = right[:, :count].T
    target = torch.arange(count)
    return (functional.cross_entropy(right, target) + functional.cross_entropy(left, target)) / 2


def no_negatives(pairs: Sequence[Pair], hard: Sequence[str]) -> Tensor:
    """Mark what fits a pair's left text and is not its own right one, shape (pairs, pairs + hard)."""
    return torch.tensor(
        [
            [i != j and one.key == other.key for j, other in enumerate(pairs)] + [one.right == text for text in hard]
            for i, one in enumerate(pairs)
        ]
    )


def fit(encoder: Encoder, steps: Sequence[tuple[str, list[Pair]]], stage: Stage) -> None:
    """Train on batches, each named by its source."""
    optimizer = optimizer_of(encoder.model, stage.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1.0, (n + 1) / stage.warmup) * (1 - n / len(steps))
    )
    began, recent = time.time(), defaultdict[str, deque[float]](lambda: deque(maxlen=10))
    encoder.model.train()
    for number, (name, pairs) in enumerate(steps):
        loss = contrast(encoder, pairs, stage.temperature)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(encoder.model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent[name].append(loss.item())
        if number % SHOWN_EVERY == 0:
            means = {n: round(float(np.mean(losses)), 3) for n, losses in recent.items()}
            print(f"{number}/{len(steps)} {time.time() - began:.0f}s {means}", flush=True)


def optimizer_of(model: BertModel, rate: float) -> torch.optim.AdamW:
    """Make the optimiser; biases and scales do not decay."""
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=rate)


def train(encoder: Encoder, stage: Stage, found: dict[str, list[Pair]], most: int | None) -> None:
    """Train one stage on its shares of the sources, in random order, or on the first `most` batches of them."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    print({name: len(found[name]) for name in stage.shares}, flush=True)
    steps = [(name, cut) for name, share in stage.shares.items() for cut in batches(found[name], share, rng)]
    fit(encoder, [steps[i] for i in rng.permutation(len(steps))][:most], stage)


def save(encoder: Encoder, start: Path, out: Path) -> None:
    """Write the network beside the tokenizer it started with, as a Hugging Face folder."""
    encoder.model.save_pretrained(out)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(start / name, out / name)


def main() -> None:
    """Train from the command line; what a stage has reached is saved before the next one begins."""
    parser = argparse.ArgumentParser(prog="python -m index.training", description=__doc__)
    parser.add_argument("--start", type=Path, required=True, help="folder written by index.training_base")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, help="stop each stage after so many, to try it out")
    options = parser.parse_args()
    torch.set_num_threads(THREADS)
    encoder = Encoder(options.start)
    plan, knowledge = shipped()
    gathered = sources(options.corpora, plan, knowledge)
    for stage in STAGES:
        encoder.cut_at(stage.longest)
        found = mined(gathered, plan, knowledge, encoder.vectors) if stage.mine else gathered
        train(encoder, stage, found, options.steps)
        save(encoder, options.start, options.out)


if __name__ == "__main__":
    main()
