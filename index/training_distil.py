"""Distil the fine-tuned encoder into one of fewer layers; a maintainers' tool, between `training` and `training_export`.

The student starts as some of the teacher's layers and learns its vectors: their directions, and how
near the texts of a batch are to each other (relational distillation: Park et al. 2019, arXiv:1904.05068).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.known import Vectors
from index.training import Encoder, save
from index.training_pairs import FOLLOWUPS, SEED, shipped, sources
from ingest.knowledge import Knowledge
from ingest.model import Plan

KEPT = (0, 1, 3, 4, 8, 9, 10, 11)  # the layers whose removal costs least, found one by one
BATCH, POOL, LONGEST, GENERAL = 128, 20, 96, 14_000
RATE, WARMUP, LEAST, THREADS, SHOWN_EVERY = 2e-4, 60, 0.02, 2, 40
TEMPERATURE, DIRECTION = 0.05, 4.0  # of the nearness of texts, and how much the direction of a vector weighs beside it


def own_texts(plan: Plan, knowledge: Knowledge, further: Sequence[Path]) -> list[str]:
    """List the shipped plan, what is written about it, and the questions of further files of JSON Lines."""
    texts = [e.question for e in knowledge.bank] + [u.question for u in knowledge.unanswered]
    texts += [*knowledge.english.values(), *(plan.text[s.start : s.end] for p in plan.passages for s in p.sentences)]
    texts += [q for theme in knowledge.themes for q in theme.questions]
    for path in (FOLLOWUPS, *further):
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        texts += [str(v) for row in rows for k, v in row.items() if k in ("question", "before", "full")]
    return list(dict.fromkeys(texts))


def general_texts(corpora: Path, plan: Plan, knowledge: Knowledge) -> list[str]:
    """Draw texts from the corpora."""
    found = sources(corpora, plan, knowledge)
    drawn = ("reading", "paragraph", "law-next", "law-heading", "government-next", "gloss", "official", "everyday")
    texts = {t for name in drawn for p in found[name] for t in (p.left, p.right)}
    return random.Random(SEED).sample(sorted(texts), min(GENERAL, len(texts)))


def shrink(encoder: Encoder) -> None:
    """Leave only the kept layers; the embeddings stay as they are."""
    model = encoder.model
    model.encoder.layer = nn.ModuleList([model.encoder.layer[i] for i in KEPT])
    model.config.num_hidden_layers = len(KEPT)
    model.embeddings.requires_grad_(requires_grad=False)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0


def loss_of(student: Tensor, teacher: Tensor) -> Tensor:
    """Return how far vectors point from the teacher's, and how differently they stand to each other."""
    itself = torch.eye(len(student), dtype=torch.bool)
    near, meant = ((v @ v.T / TEMPERATURE).masked_fill(itself, -1e4) for v in (student, teacher))
    relation = functional.kl_div(near.log_softmax(1), meant.softmax(1), reduction="batchmean")
    return DIRECTION * (1 - (student * teacher).sum(1)).mean() + relation


def batches(texts: Sequence[str], rng: np.random.Generator) -> Iterator[list[int]]:
    """Draw batches of texts of like length without end, by their places."""
    while True:
        order = rng.permutation(len(texts))
        for start in range(0, len(order), BATCH * POOL):
            pool = sorted(order[start : start + BATCH * POOL], key=lambda i: len(texts[i]))
            cuts = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
            yield from ([int(i) for i in cuts[n]] for n in rng.permutation(len(cuts)))


def distil(student: Encoder, texts: Sequence[str], vectors: Vectors, minutes: float) -> None:
    """Train for so many minutes, the rate falling along a cosine."""
    torch.manual_seed(SEED)
    parameters = [p for p in student.model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    began, meant = time.time(), torch.from_numpy(vectors)
    student.model.train()
    for step, places in enumerate(batches(texts, np.random.default_rng(SEED))):
        gone = (time.time() - began) / (60 * minutes)
        if gone > 1:
            return
        falling = max(LEAST, (1 + math.cos(math.pi * gone)) / 2)
        optimizer.param_groups[0]["lr"] = RATE * falling * min(1.0, (step + 1) / WARMUP)
        loss = loss_of(student.embed([texts[i] for i in places]), meant[places])
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % SHOWN_EVERY == 0:
            print(f"{step} {60 * minutes * gone:.0f}s {loss.item():.4f}", flush=True)


def main() -> None:
    """Distil from the command line."""
    parser = argparse.ArgumentParser(prog="python -m index.training_distil", description=__doc__)
    parser.add_argument("--teacher", type=Path, required=True, help="folder written by index.training")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="*", default=[], help="further questions, as JSON Lines")
    parser.add_argument("--minutes", type=float, default=50)
    options = parser.parse_args()
    torch.set_num_threads(THREADS)
    teacher, student = Encoder(options.teacher), Encoder(options.teacher)
    plan, knowledge = shipped()
    own, general = own_texts(plan, knowledge, options.questions), general_texts(options.corpora, plan, knowledge)
    texts = list(dict.fromkeys([*own, *general]))
    for encoder in (teacher, student):
        encoder.cut_at(LONGEST)
    vectors = teacher.vectors(texts)
    shrink(student)
    distil(student, texts, vectors, options.minutes)
    save(student, options.teacher, options.out)


if __name__ == "__main__":
    main()
