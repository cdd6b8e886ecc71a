"""Train the bundled Chinese-English static sentence embedding; a maintainers' tool, unused by the product."""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from scipy import sparse
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from sklearn.utils.extmath import randomized_svd
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from index.training_pairs import SEED, Source, sources
from index.training_words import Recipe, encode, parts_of, tokenizer_of, vocabulary

T = TypeVar("T")
Ids = npt.NDArray[np.int64]


def window_counts(texts: list[Ids], size: int, reach: int = 5) -> sparse.csr_matrix:
    """Count which tokens stand near which, nearer ones more."""
    flat = np.concatenate([np.concatenate([t, np.full(reach, -1)]) for t in texts])
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for step in range(1, reach + 1):
        left, right = flat[:-step], flat[step:]
        both = (left >= 0) & (right >= 0)
        ones = np.full(int(both.sum()), 1 / step, dtype=np.float32)
        total = total + sparse.coo_matrix((ones, (left[both], right[both])), shape=(size, size)).tocsr()
    return total + total.T


def bridge_counts(pairs: list[tuple[Ids, Ids]], size: int) -> sparse.csr_matrix:
    """Count which tokens translate each other: all of one side with all of the other."""
    left = np.concatenate([np.repeat(a, len(b)) for a, b in pairs])
    right = np.concatenate([np.tile(b, len(a)) for a, b in pairs])
    weight = np.concatenate([np.full(len(a) * len(b), 4 / math.sqrt(len(a) * len(b) + 1)) for a, b in pairs])
    one_way = sparse.coo_matrix((weight.astype(np.float32), (left, right)), shape=(size, size)).tocsr()
    return one_way + one_way.T


def word_vectors(counts: sparse.csr_matrix, dims: int) -> npt.NDArray[np.float32]:
    """Factor the positive pointwise mutual information; rare tokens get short vectors."""
    coo = counts.tocoo()
    totals = np.asarray(counts.sum(axis=1)).ravel() + 1e-9
    smooth = totals**0.75
    information = np.log(coo.data * smooth.sum() / (totals[coo.row] * smooth[coo.col]))
    keep = information > 0
    ppmi = sparse.csr_matrix((information[keep], (coo.row[keep], coo.col[keep])), shape=coo.shape)
    u, s, _ = randomized_svd(ppmi.astype(np.float32), dims, n_iter=2, random_state=SEED)
    vectors = u * np.sqrt(s)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    return np.asarray(vectors * (totals / (totals + 20))[:, None], dtype=np.float32)


# --- the network -------------------------------------------------------------------------------


class Bag(nn.Module):
    """Embed a text as the mean of its tokens: (own vector + mean of its parts) times a weight."""

    def __init__(self, start: Tensor, parts: Tensor, part_count: int, weights: Tensor) -> None:
        """Start from word vectors and token weights."""
        super().__init__()
        size, dims = start.shape
        self.own = nn.Embedding(size, dims, sparse=True)
        self.part = nn.EmbeddingBag(part_count, dims, mode="mean", sparse=True, padding_idx=0)
        self.weight = nn.Parameter(weights.log())
        self.parts = parts
        with torch.no_grad():
            self.own.weight.copy_(start)
            self.part.weight.copy_(part_means(start, parts, part_count) * 0.5)

    def vectors(self, tokens: Tensor) -> Tensor:
        """Compose the vectors of tokens."""
        own: Tensor = self.own(tokens) + self.part(self.parts[tokens])
        return own * self.weight[tokens].exp()[:, None]

    def forward(self, ids: Tensor, offsets: Tensor) -> Tensor:
        """Embed texts given as one row of ids and where each starts."""
        tokens, inverse = torch.unique(ids, return_inverse=True)
        return functional.normalize(functional.embedding_bag(inverse, self.vectors(tokens), offsets, mode="mean"))


def part_means(start: Tensor, parts: Tensor, part_count: int) -> Tensor:
    """Average, for each part, the vectors of the tokens that hold it."""
    token, column = parts.nonzero(as_tuple=True)
    index = parts[token, column]
    total = torch.zeros((part_count, start.shape[1])).index_add_(0, index, start[token])
    return total / (torch.bincount(index, minlength=part_count)[:, None] + 2)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Hold a source's pairs as token ids, with a number a key."""

    source: Source
    left: list[Ids]
    right: list[Ids]
    keys: Ids

    def batches(self, recipe: Recipe, rng: np.random.Generator) -> list[tuple[Encoded, Ids]]:
        """Cut a shuffled pass, or passes, into batches; neighbours of the plan meet where asked for."""
        rounds = math.ceil(self.source.repeat)
        order = np.concatenate([self.order(recipe, rng) for _ in range(rounds)])
        order = order[: int(len(self.left) * self.source.repeat)]
        cuts = [order[i : i + recipe.batch] for i in range(0, len(order), recipe.batch)]
        return [(self, cut) for cut in cuts if len(cut) > 32]

    def order(self, recipe: Recipe, rng: np.random.Generator) -> Ids:
        """Shuffle the pairs; half the time only in stretches, so that negatives are neighbours."""
        count = len(self.left)
        if not (recipe.hard and self.source.sort and rng.random() < 0.5):
            return rng.permutation(count)
        return np.roll(np.arange(count), int(rng.integers(count)))


def encoded(source: Source, tokenizer: Tokenizer) -> Encoded:
    """Encode a source; a pair with an empty side is dropped."""
    left = encode(tokenizer, [p.left for p in source.pairs])
    right = left if source.crop else encode(tokenizer, [p.right for p in source.pairs])
    keep = [i for i in range(len(left)) if len(left[i]) and len(right[i]) > (3 if source.crop else 0)]
    numbers: dict[str, int] = {}
    keys = np.array([numbers.setdefault(source.pairs[i].key, len(numbers)) for i in keep], dtype=np.int64)
    return Encoded(source, [left[i] for i in keep], [right[i] for i in keep], keys)


def crop(ids: Ids, rng: np.random.Generator) -> Ids:
    """Draw a stretch of a text and drop some of its tokens."""
    length = int(len(ids) * rng.uniform(0.25, 0.7)) + 1
    at = int(rng.integers(len(ids) - length + 1))
    kept = ids[at : at + length]
    return kept[rng.random(length) > 0.15] if length > 3 else kept


def thinned(ids: Ids, share: float, rng: np.random.Generator) -> Ids:
    """Drop some tokens of a longer text, so that no single one decides."""
    return ids[rng.random(len(ids)) >= share] if share and len(ids) > 4 else ids


def pack(texts: list[Ids], longest: int) -> tuple[Tensor, Tensor]:
    """Join texts to one row of ids and where each starts."""
    texts = [t[:longest] if len(t) else np.zeros(1, dtype=np.int64) for t in texts]
    offsets = np.cumsum([0, *(len(t) for t in texts[:-1])])
    return torch.from_numpy(np.concatenate(texts)), torch.from_numpy(offsets)


def loss_of(bag: Bag, data: Encoded, chosen: Ids, recipe: Recipe, rng: np.random.Generator) -> Tensor:
    """Compute the contrastive loss of one batch, in both directions."""
    left = [data.left[i] for i in chosen]
    left = [crop(t, rng) if data.source.crop else thinned(t, recipe.drop, rng) for t in left]
    a = bag(*pack(left, recipe.longest))
    b = bag(*pack([data.right[i] for i in chosen], recipe.longest))
    scores = a @ b.T / recipe.temperature
    keys = torch.from_numpy(data.keys[chosen])
    same = (keys[:, None] == keys[None, :]) & ~torch.eye(len(chosen), dtype=torch.bool)
    scores = scores.masked_fill(same, -1e4)
    target = torch.arange(len(chosen))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def fit(bag: Bag, data: list[Encoded], recipe: Recipe) -> None:
    """Train on all sources, batches of one source each, in random order."""
    rng = np.random.default_rng(SEED)
    plan = [[b for d in data for b in d.batches(recipe, rng)] for _ in range(recipe.epochs)]
    steps = [b for epoch in plan for b in [epoch[i] for i in rng.permutation(len(epoch))]]
    table = torch.optim.SparseAdam([bag.own.weight, bag.part.weight], lr=recipe.rate)
    scale = torch.optim.Adam([bag.weight], lr=recipe.rate * 3)
    began, sums = time.time(), Counter[str]()
    for number, (one, chosen) in enumerate(steps):
        share = min(1.0, (number + 1) / 100) * (1 - number / len(steps)) + 0.01
        table.param_groups[0]["lr"], scale.param_groups[0]["lr"] = recipe.rate * share, recipe.rate * 3 * share
        table.zero_grad()
        scale.zero_grad()
        loss = loss_of(bag, one, chosen, recipe, rng)
        loss.backward()  # type: ignore[no-untyped-call]
        table.step()  # type: ignore[no-untyped-call]
        scale.step()
        sums[one.source.name] = int(1000 * loss.item())
        if number % 200 == 0:
            print(f"{number}/{len(steps)} {time.time() - began:.0f}s {dict(sums)}", flush=True)


def counted(texts: list[Ids], size: int) -> Tensor:
    """Return each token's share of all tokens."""
    counts = np.bincount(np.concatenate(texts), minlength=size)
    return torch.from_numpy(counts / counts.sum()).float()


def corpus_weights(all_sources: list[Source]) -> Counter[str]:
    """Gather the texts that choose the vocabulary; the plan's and the bank's count more."""
    texts: Counter[str] = Counter()
    heavy = {"plan": 10, "bank": 10, "translation": 10, "bank-english": 10, "official": 5, "reading": 3, "everyday": 2}
    for source in all_sources:
        for pair in source.pairs:
            for text in (pair.left, pair.right):
                texts[text] = max(texts[text], heavy.get(source.name, 1))
    return texts


def start_of(data: list[Encoded], size: int, recipe: Recipe) -> Tensor:
    """Return the vectors that training starts from: co-occurrence, or random."""
    if not recipe.svd:
        return torch.randn((size, recipe.dims)) / math.sqrt(recipe.dims)
    texts = [t for d in data for t in (d.right if d.source.name in {"crop", "law-next", "reading"} else [])]
    bridges = {"gloss", "official", "everyday", "translation", "bank", "bank-english", "bank-alike"}
    pairs = [(x[:60], y[:60]) for d in data if d.source.name in bridges for x, y in zip(d.left, d.right, strict=True)]
    counts = window_counts(texts, size) + bridge_counts(pairs, size)
    return torch.from_numpy(word_vectors(counts.tocsr(), recipe.dims))


def train(corpora: Path, recipe: Recipe, hold_out: bool) -> tuple[Tokenizer, Bag]:
    """Build the tokenizer, the start and the trained network."""
    random.seed(SEED)
    torch.manual_seed(SEED)
    gathered = [s for s in sources(corpora, hold_out) if recipe.switch or s.name != "switched"]
    print({s.name: len(s.pairs) for s in gathered}, flush=True)
    tokenizer = tokenizer_of(vocabulary(corpus_weights(gathered), recipe))
    data = [encoded(s, tokenizer) for s in gathered if s.pairs]
    size = tokenizer.get_vocab_size()
    print(f"{size} tokens", flush=True)
    shares = counted([t for d in data for t in d.right], size)
    weights = (recipe.sif / (recipe.sif + shares)).clamp(min=0.02)
    table, count = parts_of(tokenizer)
    bag = Bag(start_of(data, size, recipe), table, count, weights)
    print("training", flush=True)
    fit(bag, data, recipe)
    return tokenizer, bag


def export(tokenizer: Tokenizer, bag: Bag, out: Path) -> None:
    """Fold everything into one half-precision table and save it as a SentenceTransformer."""
    with torch.no_grad():
        table = bag.vectors(torch.arange(tokenizer.get_vocab_size()))
        table[0] = 0
        table = table / table.norm(dim=1).mean()
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=table.half()), Normalize()], device="cpu"
    )
    model.save(str(out), create_model_card=False)
    (out / "model.safetensors").chmod(0o644)


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold-out", action="store_true", help="leave the bank's even chapters out, to measure")
    for name, value in Recipe.__dataclass_fields__.items():
        kind = type(value.default)
        convert = (lambda s: s == "1") if kind is bool else kind
        parser.add_argument(f"--{name}", type=convert, default=value.default)
    given = vars(parser.parse_args())
    recipe = Recipe(**{name: given[name] for name in Recipe.__dataclass_fields__})
    tokenizer, bag = train(given["corpora"], recipe, given["hold_out"])
    export(tokenizer, bag, given["out"])


if __name__ == "__main__":
    main()
