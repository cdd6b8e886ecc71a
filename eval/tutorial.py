"""The pipeline of the usual tutorial, as the reference row: 500-character chunks, dense or BM25."""

from __future__ import annotations

import uuid

import jieba
import numpy as np

from eval.clients import Reply
from index.embedders import Embedder
from index.lexical import Lexical
from index.vectors import VectorIndex
from ingest.model import Plan

SIZE, OVERLAP = 500, 50
_SEPARATORS = ("\n\n", "\n", " ", "")
Chunk = tuple[int, int]


class Tutorial:
    """Answer with the best chunk, as a pipeline without an LLM would; `embedder` None means jieba BM25."""

    def __init__(self, plan: Plan, embedder: Embedder | None) -> None:
        self._plan, self._embedder = plan, embedder
        self.label = f"tutorial, {embedder.name if embedder else 'jieba BM25'}"
        self._chunks = split(plan.text)
        texts = [plan.text[a:b] for a, b in self._chunks]
        self._vectors = VectorIndex.build(embedder.encode(texts)) if embedder else None
        self._words = None if embedder else Lexical.build([_words(t) for t in texts])

    def search(self, query: str, top_k: int) -> list[Chunk]:
        """Return the best chunks, best first."""
        if self._vectors and self._embedder:
            scores = self._vectors.scores(self._embedder.encode([query], query=True))
        else:
            assert self._words is not None
            scores = self._words.scores(_words(query))
        return [self._chunks[i] for i in np.argsort(-scores, kind="stable")[:top_k] if scores[i] > 0]

    def ask(self, question: str, conversation: str | None) -> Reply:
        """Return the best chunk as the answer, with nothing cited; refuse when nothing is found."""
        found = self.search(question, 1)
        text = self._plan.text[slice(*found[0])] if found else ""
        return {
            "answer": text,
            "abstained": not found,
            "abstain_reason": None if found else "not_in_plan",
            "standalone_question": question,
            "conversation_id": conversation or uuid.uuid4().hex,
        }


def _words(text: str) -> list[str]:
    return [w for w in jieba.cut(text.lower()) if w.strip()]


def split(text: str, size: int = SIZE, overlap: int = OVERLAP) -> list[Chunk]:
    """Cut text as LangChain's RecursiveCharacterTextSplitter does by default, keeping offsets.

    Pieces at the coarsest separator that are small enough are merged up to `size`, with `overlap`.
    """
    return _merge(_pieces(text, 0, len(text), size, _SEPARATORS), size, overlap)


def _pieces(text: str, start: int, end: int, size: int, separators: tuple[str, ...]) -> list[Chunk]:
    """Cut a stretch at the first separator, and pieces that are still too long at the next."""
    if end - start <= size:
        return [(start, end)]
    separator, *finer = separators
    if not separator:
        return [(a, a + 1) for a in range(start, end)]
    pieces: list[Chunk] = []
    while start < end:
        at = text.find(separator, start + 1, end)
        stop = at if at >= 0 else end
        pieces += _pieces(text, start, stop, size, tuple(finer))
        start = stop
    return pieces


def _merge(pieces: list[Chunk], size: int, overlap: int) -> list[Chunk]:
    chunks: list[Chunk] = []
    held: list[Chunk] = []
    for piece in pieces:
        if held and piece[1] - held[0][0] > size:
            chunks.append((held[0][0], held[-1][1]))
            while held and (piece[1] - held[0][0] > size or held[-1][1] - held[0][0] > overlap):
                held.pop(0)
        held.append(piece)
    return [*chunks, (held[0][0], held[-1][1])] if held else chunks
