"""Train the bundled Chinese-English static sentence embedding; a maintainers' tool, unused by the product."""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import math
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from opencc import OpenCC
from scipy import sparse
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from sklearn.utils.extmath import randomized_svd
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn import functional

from index.words import segmenter
from ingest.shelf import DEFAULT_PLAN, SHIPPED, Shelf

T = TypeVar("T")
Ids = npt.NDArray[np.int64]
SEED = 20261123
HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[a-z]+")
NUMBER = re.compile(r"[0-9]+")
SENTENCE = re.compile(r"[^。;；!！?？\n]+[。;；!！?？]?")
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


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold two texts that mean the same; pairs of one key are no negatives of each other."""

    left: str
    right: str
    key: str


@dataclass(frozen=True, slots=True)
class Source:
    """Name pairs of one kind and say how often an epoch passes over them."""

    name: str
    pairs: list[Pair]
    repeat: float = 1.0
    crop: bool = False
    sort: bool = False


# --- reading -----------------------------------------------------------------------------------


def lines(path: Path) -> list[str]:
    """Read the non-empty lines of an xz-compressed text."""
    with lzma.open(path, "rt", encoding="utf8") as file:
        return [line.strip() for line in file if line.strip()]


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a JSONL file; none when it does not exist."""
    return [json.loads(line) for line in path.read_text("utf8").splitlines()] if path.is_file() else []


def sentences(text: str) -> list[str]:
    """Cut a text after its sentence marks."""
    return [s.strip() for s in SENTENCE.findall(text) if len(s.strip()) > 1]


def make_pairs(couples: Iterable[tuple[str, str]]) -> list[Pair]:
    """Make pairs whose key is their right side."""
    return [Pair(left, right, right) for left, right in couples if left and right and left != right]


def running_text(path: Path, most: int) -> tuple[list[Pair], list[Pair], list[str]]:
    """Read a running text: sentence → next sentence, heading → sentence, and its sentences."""
    following: list[Pair] = []
    under: list[Pair] = []
    every: list[str] = []
    heading, previous = "", ""
    for line in lines(path):
        if line.startswith(("#", "<!--", "---")):
            heading, previous = re.sub(r"^#+|第.{1,4}[章节编条]|<!--.*", "", line).strip(), ""
            continue
        for sentence in sentences(re.sub(r"^第.{1,6}条\s*", "", line)):
            if len(sentence) < 8:
                continue
            every.append(sentence)
            if previous:
                following.append(Pair(previous, sentence, sentence))
            if len(heading) > 1:
                under.append(Pair(heading, sentence, heading))
            previous = sentence
    return sample(following, most), sample(under, most // 2), sample(every, most * 2)


def sample(items: list[T], most: int) -> list[T]:
    """Draw at most `most` items, in their order."""
    if len(items) <= most:
        return items
    return [items[i] for i in sorted(random.Random(SEED).sample(range(len(items)), most))]


def reading(path: Path, simplify: Callable[[str], str]) -> tuple[list[Pair], list[Pair]]:
    """Read a reading-comprehension set: question → sentence with the answer, question → paragraph."""
    exact: list[Pair] = []
    whole: list[Pair] = []
    with lzma.open(path, "rt", encoding="utf8") as file:
        articles = json.load(file)["data"]
    for paragraph in (p for article in articles for p in article["paragraphs"]):
        text = simplify(paragraph["context"])
        for item in paragraph["qas"]:
            question = simplify(item["question"])
            answer = simplify(item["answers"][0]["text"])
            exact += [Pair(question, s, s) for s in sentences(text) if answer in s][:1]
            whole.append(Pair(question, text, text))
    return exact, whole


def glosses(path: Path) -> list[Pair]:
    """Read the dictionary: headword ↔ each of its first glosses, without cross-references."""
    pairs: list[Pair] = []
    for line in lines(path):
        found = re.match(r"\S+ (\S+) \[.*?\] /(.*)/$", line)
        if not found or line.startswith("#"):
            continue
        for gloss in found[2].split("/")[:4]:
            plain = re.sub(r"\[.*?\]|[\u3400-\u9fff]+\|?|\(.*?\)", "", gloss).strip(" ,;")
            if len(plain) > 2 and not re.match(r"CL:|see |variant|old variant|surname|abbr\.|also written", plain):
                pairs.append(Pair(found[1], plain, found[1]))
    return pairs


def parallel(path: Path, simplify: Callable[[str], str], chinese: int) -> list[Pair]:
    """Read tab-separated translations; `chinese` says which column is Chinese."""
    cells = [line.split("\t") for line in lines(path)]
    return make_pairs((c[1 - chinese], simplify(c[chinese])) for c in cells if len(c) == 2)


# --- the project's own knowledge ---------------------------------------------------------------


def chapters(starts: set[int]) -> dict[int, int]:
    """Find the chapter that each position of the plan's text is in; 0 when in none."""
    passages = Shelf((SHIPPED,)).load(DEFAULT_PLAN).passages
    return {start: next((p.chapter for p in passages if p.start <= start < p.end), 0) for start in starts}


def bank(hold_out: bool) -> list[dict[str, Any]]:
    """Read the question bank, without the even chapters when they are held out."""
    entries = rows(SHIPPED / DEFAULT_PLAN / "questions.jsonl")
    if not hold_out:
        return entries
    of = chapters({e["start"] for item in entries for e in item["evidence"]})
    return [item for item in entries if all(of[e["start"]] % 2 for e in item["evidence"])]


def bank_pairs(entries: list[dict[str, Any]]) -> tuple[list[Pair], list[Pair]]:
    """Pair questions with their evidence, and with other questions of the same evidence."""
    exact = [Pair(i["question"], e["text"], e["text"]) for i in entries for e in i["evidence"]]
    groups: dict[str, list[str]] = {}
    for pair in exact:
        groups.setdefault(pair.key, []).append(pair.left)
    rng = random.Random(SEED)
    alike = [Pair(q, other, key) for key, group in groups.items() for q in group for other in others(q, group, rng)]
    return exact, alike


def others(question: str, group: list[str], rng: random.Random) -> list[str]:
    """Draw up to two other questions of a group, one of the other language where there is one."""
    rest = [q for q in group if q != question]
    foreign = [q for q in rest if bool(HAN.search(q)) != bool(HAN.search(question))]
    return [rng.choice(pool) for pool in (rest, foreign) if pool]


def plan_pairs() -> tuple[list[Pair], list[Pair]]:
    """Pair the plan's sentences with the next one and with their titles, and all with their translations."""
    plan = Shelf((SHIPPED,)).load(DEFAULT_PLAN)
    inside: list[Pair] = []
    for p in plan.passages:
        texts = [plan.text[s.start : s.end] for s in p.sentences]
        inside += make_pairs(itertools.pairwise(texts))
        inside += [Pair(t, s, t) for t in (p.section_title, p.chapter_title, p.heading) if t for s in texts if t != s]
    translated = rows(SHIPPED / DEFAULT_PLAN / "translation.jsonl")
    return inside, make_pairs((row["english"], row.get("text") or row.get("title", "")) for row in translated)


def english_bank(entries: list[dict[str, Any]], translated: list[Pair]) -> list[Pair]:
    """Pair questions with the translation of their evidence."""
    english = {p.right: p.left for p in translated}
    found = [(i["question"], english.get(e["text"].strip(), ""), e["text"]) for i in entries for e in i["evidence"]]
    return [Pair(question, text, key) for question, text, key in found if text]


def switched(pairs: list[Pair], dictionary: dict[str, list[str]]) -> list[Pair]:
    """Turn left sides to English word by word, so that English meets more subjects than it has texts for."""
    rng = random.Random(SEED)
    found = []
    for pair in pairs:
        cut = segmenter().cut(pair.left, HMM=False)
        english = " ".join(w if w.isascii() else rng.choice(dictionary.get(w, [""])) for w in cut if len(w) > 1)
        found.append(Pair(english, pair.right, pair.key))
    return [p for p in found if len(p.left) > 8]


def dictionary_of(pairs: list[Pair]) -> dict[str, list[str]]:
    """List each headword's short glosses."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        if len(pair.right.split()) < 5:
            found.setdefault(pair.left, []).append(re.sub(r"^to ", "", pair.right))
    return {word: short[:2] for word, short in found.items()}


def sources(corpora: Path, hold_out: bool) -> list[Source]:
    """Gather all pairs to learn from."""
    simplify = OpenCC("t2s").convert
    law_next, law_under, law_all = running_text(corpora / "laws.txt.xz", 90_000)
    gov_next, gov_under, gov_all = running_text(corpora / "government.txt.xz", 90_000)
    sets = [reading(corpora / f"{n}.json.xz", simplify) for n in ("drcd-dev", "drcd-test", "cmrc2018-trial")]
    own, translated = plan_pairs()
    entries = bank(hold_out)
    exact, alike = bank_pairs(entries)
    contexts = sorted({s for _, whole in sets for pair in whole for s in sentences(pair.right)})
    official = parallel(corpora / "parallel-government.tsv.xz", simplify, 0)
    everyday = parallel(corpora / "parallel-tatoeba.tsv.xz", simplify, 1)
    crops = [*law_all[::4], *gov_all, *contexts, *(p.right for p in own), *(p.left for p in [*translated, *official])]
    words = glosses(corpora / "cedict.u8.xz")
    to_switch = [p for one, _ in sets for p in one] + exact + own
    to_switch += [Pair(x, x, x) for x in [*contexts, *gov_all[::3], *law_all[::15]]]
    return [
        Source("reading", [p for one, _ in sets for p in one], 3),
        Source("paragraph", [p for _, one in sets for p in one], 2),
        Source("law-next", law_next, 0.7),
        Source("law-heading", law_under, 0.7),
        Source("government-next", gov_next, 0.7),
        Source("government-heading", gov_under, 0.7),
        Source("gloss", words),
        Source("switched", switched(to_switch, dictionary_of(words))),
        Source("official", official, 4),
        Source("everyday", everyday, 1.5),
        Source("crop", [Pair(s, s, s) for s in crops], 0.7, crop=True),
        Source("plan", own, 2),
        Source("translation", translated, 6),
        Source("bank", exact, 4, sort=True),
        Source("bank-alike", alike, 2, sort=True),
        Source("bank-english", english_bank(entries, translated), 2, sort=True),
    ]


# --- the tokenizer -----------------------------------------------------------------------------


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
