"""LangChain's own standard tests over the adapters, and retrieval as a Runnable."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import (
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
    VectorStoreIntegrationTests,
)

from index.embedders import make_embedder
from index.langchain import PlanEmbeddings, PlanRetriever, PlanVectorStore, retrieval_chain
from index.search import Searcher
from ingest.model import Plan

pytestmark = pytest.mark.anyio  # the standard tests' async half, which anyio's plugin runs


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def embeddings() -> Embeddings:
    return PlanEmbeddings(make_embedder("bundled"))


class TestEmbeddings(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return PlanEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"embedder": make_embedder("bundled")}


class TestVectorStore(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self) -> VectorStore:
        return PlanVectorStore(self.get_embeddings())


class TestRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _index(self, searcher: Searcher) -> None:
        self.searcher = searcher

    @property
    def retriever_constructor(self) -> type[PlanRetriever]:
        return PlanRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"searcher": self.searcher}

    @property
    def retriever_query_example(self) -> str:
        return "充电桩要建多少个?"


def verbatim(plan: Plan, document: Document) -> bool:
    return plan.text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_the_retriever_gives_verbatim_passages_with_their_place(searcher: Searcher) -> None:
    found = PlanRetriever(searcher=searcher, k=3).invoke("充电桩要建多少个?")
    assert (found[0].metadata["chapter"], found[0].metadata["section"]) == (10, 2)
    assert "3000个左右电动汽车充电桩" in found[0].page_content
    assert all(verbatim(searcher.plan, d) for d in found)
    assert found[0].id == searcher.search("充电桩要建多少个?", 1)[0].passage.id


def test_the_chain_is_a_runnable_over_the_same_search(searcher: Searcher) -> None:
    chain = retrieval_chain(searcher, top_k=2)
    assert [d.metadata["section"] for d in chain.invoke("充电桩")][:1] == [2]
    assert [len(found) for found in chain.batch(["充电桩", "港口吞吐量", ""])] == [2, 2, 0]
    assert (chain | len).invoke("充电桩") == 2


async def test_the_chain_runs_in_an_event_loop(searcher: Searcher) -> None:
    assert len(await retrieval_chain(searcher).ainvoke("养老")) == 5


def test_a_store_of_ones_own_texts_ranks_by_meaning(embeddings: Embeddings) -> None:
    texts = ["建设电动汽车充电桩", "保护耕地", "发展邮轮旅游"]
    store = PlanVectorStore.from_texts(texts, embeddings, [{"n": n} for n in range(3)], ids=["a", "b", "c"])
    (best, score), *others = store.similarity_search_with_score("electric vehicle charging", k=3)
    assert (best.id, best.metadata) == ("a", {"n": 0})
    assert score == pytest.approx(max(s for _, s in [(best, score), *others]))
    best.metadata["n"] = 9
    assert store.get_by_ids(["a"])[0].metadata == {"n": 0}
    assert store.as_retriever(search_kwargs={"k": 1}).invoke("cruise tourism")[0].id == "c"
    assert store.delete()
    assert store.similarity_search("充电桩") == []
