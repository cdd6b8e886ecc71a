"""Words, BM25 and vectors by themselves: the small parts that search is made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.lexical import Lexical, Rarity
from index.units import Source, list_units, passage_of
from index.vectors import MANY, NEAR, VectorIndex
from index.words import content_words, stem, terms
from ingest.knowledge import BankEntry, Knowledge, Theme, Unanswered
from ingest.model import Plan

TEXTS = ["建设充电桩", "充电桩和加氢站", "港口吞吐量", ""]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("charging posts", "Charging post"),
        ("programmes", "program"),
        ("centre", "center"),
        ("urbanisation", "urbanization"),
        ("labour", "labor"),
        ("充電樁", "充电桩"),
        ("3,000", "3000"),
        ("两千家", "2000家"),
    ],
)
def test_one_word_in_two_spellings_is_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


def test_words_of_asking_are_no_terms() -> None:
    assert terms("请问大连市有哪些规划呢?") == []
    assert terms("What is the plan of the city about?") == []


def test_longer_words_bring_their_characters_and_content_words_do_not() -> None:
    assert {"吞吐量", "吞", "吐", "量"} <= set(terms("吞吐量"))
    assert content_words("吞吐量") == ("吞吐量",)


@pytest.mark.parametrize("word", ["", "a", "ss", "x" * 200])
def test_stemming_survives_any_word(word: str) -> None:
    assert isinstance(stem(word), str)


def test_bm25_gives_the_share_of_a_query_that_a_text_holds() -> None:
    index = Lexical.build([terms(t) for t in TEXTS])
    scores = index.scores(terms("充电桩"))
    assert scores.shape == (4,)
    assert scores[0] >= scores[1] > scores[2] == scores[3] == 0
    assert scores.max() <= 1
    assert not index.scores([]).any()
    assert not index.scores(["没有的词"]).any()
    assert index.scores([*terms("充电桩"), "没有的词"])[0] < scores[0]


def test_a_rarer_term_weighs_more_and_an_unseen_one_most() -> None:
    index = Lexical.build([terms(t) for t in TEXTS])
    rarity = Rarity(index)
    assert rarity.of("充电") < rarity.of("港口") < rarity.of("没有的词")
    assert "充电" in index
    assert "没有的词" not in index


def test_bm25_is_the_same_after_a_round_trip(tmp_path: Path) -> None:
    index = Lexical.build([terms(t) for t in TEXTS])
    index.save(tmp_path)
    again = Lexical.load(tmp_path)
    np.testing.assert_array_equal(index.scores(terms("充电桩")), again.scores(terms("充电桩")))


def test_vectors_are_searched_by_cosine_and_negatives_count_nothing(tmp_path: Path) -> None:
    rows = np.array([[1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    index = VectorIndex.build(rows)
    query = np.array([[1, 0]], dtype=np.float32)
    np.testing.assert_allclose(index.scores(query), [1, 0.6, 0], atol=1e-6)
    index.save(tmp_path)
    np.testing.assert_array_equal(VectorIndex.load(tmp_path).vectors, rows)


def test_of_very_many_vectors_the_nearest_are_compared_and_the_others_come_no_nearer(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(MANY + 3_050, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    query, truth = rows[70:71], rows @ rows[70]
    VectorIndex.build(rows, exact=50).save(tmp_path)
    scores = VectorIndex.load(tmp_path).scores(query)
    np.testing.assert_allclose(scores[:50], np.maximum(truth[:50], 0), atol=1e-6)
    assert scores.argmax() == 70
    compared = np.isclose(scores, np.maximum(truth, 0), atol=1e-6)
    assert NEAR <= compared.sum() < len(rows)
    assert len(set(scores[50:][~compared[50:]])) == 1
    np.testing.assert_allclose(VectorIndex.build(rows).scores(query), np.maximum(truth, 0), atol=1e-6)


def test_units_are_sentences_headings_and_what_is_written(small: Plan) -> None:
    sentence = small.passages[1].sentences[0]
    knowledge = Knowledge(
        bank=(BankEntry("路?", "zh", (sentence,), ()),),
        unanswered=(Unanswered("路要花多少钱?", "zh", "no_figure", (sentence,)),),
        themes=(Theme(("路和车站?", "Roads and stations?"), (sentence,)),),
        english={sentence.start: "Improve the roads."},
    )
    units = list_units(small, knowledge)
    by_source = {s: [u for u in units if u.source == s] for s in Source}
    assert len(by_source[Source.SENTENCE]) == sum(len(p.sentences) for p in small.passages)
    assert len(by_source[Source.HEADING]) == len(small.passages)
    assert [(u.text, u.passage, u.sentences) for u in by_source[Source.QUESTION]] == [("路?", 1, (sentence,))]
    assert [(u.text, u.passage, u.sentences) for u in by_source[Source.UNANSWERED]] == [("路要花多少钱?", 1, ())]
    assert [(u.text, u.passage) for u in by_source[Source.TRANSLATION]] == [("Improve the roads.", 1)]
    assert [(u.text, u.sentences) for u in by_source[Source.THEME]] == [("路和车站?\nRoads and stations?", (sentence,))]
    assert passage_of(small)[sentence.start] == 1
