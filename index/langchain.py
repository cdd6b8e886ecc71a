"""Offer embedding and retrieval as LangChain parts: thin adapters over this package."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict

from index.embedders import Embedder
from index.search import Hit, Searcher
from index.vectors import VectorIndex


class PlanEmbeddings(Embeddings):
    """Adapt an `Embedder`."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a unit vector for each text."""
        return [[float(x) for x in row] for row in self._embedder.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Return a unit vector for a question."""
        return [float(x) for x in self._embedder.encode([text], query=True)[0]]


class PlanVectorStore(VectorStore):
    """Keep documents with their vectors in FAISS; nothing is pickled."""

    def __init__(self, embedding: Embeddings) -> None:
        self._embedding = embedding
        self._documents: dict[str, Document] = {}
        self._vectors: dict[str, list[float]] = {}

    @property
    def embeddings(self) -> Embeddings:
        """Return the embedding in use."""
        return self._embedding

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Add texts, replacing those with the same ids, and return the ids."""
        listed = list(texts)
        names = [name or str(uuid.uuid4()) for name in (ids or [None] * len(listed))]
        facts = metadatas or [{} for _ in listed]
        for name, text, fact, vector in zip(names, listed, facts, self._embedding.embed_documents(listed), strict=True):
            self._documents[name] = Document(id=name, page_content=text, metadata=dict(fact))
            self._vectors[name] = vector
        return names

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Return the documents that exist among the ids."""
        return [_copy(self._documents[i]) for i in ids if i in self._documents]

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:
        """Delete documents by id, all of them for None."""
        for name in list(self._documents) if ids is None else ids:
            self._documents.pop(name, None)
            self._vectors.pop(name, None)
        return True

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """Return the k documents nearest to a query."""
        return [document for document, _ in self.similarity_search_with_score(query, k)]

    def similarity_search_with_score(self, query: str, k: int = 4, **kwargs: Any) -> list[tuple[Document, float]]:
        """Return the k nearest documents, each with its cosine."""
        if not self._vectors:
            return []
        names = list(self._vectors)
        index = VectorIndex.build(np.array([self._vectors[n] for n in names], dtype=np.float32))
        scores = index.scores(np.array(self._embedding.embed_query(query), dtype=np.float32))
        order = np.argsort(-scores, kind="stable")[:k]
        return [(_copy(self._documents[names[i]]), float(scores[i])) for i in order]

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> PlanVectorStore:
        """Make a store that holds the texts."""
        store = cls(embedding)
        store.add_texts(texts, metadatas, ids=ids)
        return store


class PlanRetriever(BaseRetriever):
    """Retrieve a plan's passages as documents, by the whole fusion."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    searcher: Searcher
    k: int = 4

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        return [to_document(hit) for hit in self.searcher.search(query, k or self.k)]


def retrieval_chain(searcher: Searcher, top_k: int = 5) -> Runnable[str, list[Document]]:
    """Offer retrieval as a Runnable: a question in, documents out."""

    def retrieve(query: str) -> list[Document]:
        return [to_document(hit) for hit in searcher.search(query, top_k)]

    return RunnableLambda(retrieve)


def to_document(hit: Hit) -> Document:
    """Turn a hit into a document, with its place and score as metadata."""
    passage = hit.passage
    facts = {
        "plan": passage.plan,
        "chapter": passage.chapter,
        "section": passage.section,
        "heading": passage.heading,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
    }
    return Document(id=passage.id, page_content=passage.text, metadata=facts)


def _copy(document: Document) -> Document:
    return document.model_copy(deep=True)
