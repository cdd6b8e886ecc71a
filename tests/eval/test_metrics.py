"""Metrics equal cases computed by hand, agree with ir_measures, and keep their bounds."""

from __future__ import annotations

import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import metrics as m

IDS = st.sampled_from("abcdefgh")
RANKED = st.lists(IDS, unique=True, min_size=1)
RELEVANT = st.sets(IDS, min_size=1)


def test_retrieval_by_hand() -> None:
    ranked = ["a", "b", "c", "d"]
    assert m.recall_at({"b", "x"}, ranked, 5) == 0.5
    assert m.recall_at({"b"}, ranked, 1) == 0.0
    assert m.reciprocal_rank({"c", "d"}, ranked) == pytest.approx(1 / 3)
    assert m.ndcg_at({"b"}, ranked, 10) == pytest.approx(1 / math.log2(3))
    assert m.recall_at(set(), ranked, 5) is None


@given(RELEVANT, RANKED, st.integers(1, 10))
def test_retrieval_as_ir_measures_has_it(relevant: set[str], ranked: list[str], k: int) -> None:
    qrels = [ir_measures.Qrel("q", d, 1) for d in relevant]
    run = [ir_measures.ScoredDoc("q", d, -float(i)) for i, d in enumerate(ranked)]
    theirs = ir_measures.calc_aggregate([ir_measures.R @ k, ir_measures.RR, ir_measures.nDCG @ k], qrels, run)
    assert m.recall_at(relevant, ranked, k) == pytest.approx(theirs[ir_measures.R @ k])
    assert m.reciprocal_rank(relevant, ranked) == pytest.approx(theirs[ir_measures.RR])
    assert m.ndcg_at(relevant, ranked, k) == pytest.approx(theirs[ir_measures.nDCG @ k])


@given(RELEVANT, RANKED, st.integers(1, 7))
def test_recall_grows_with_depth(relevant: set[str], ranked: list[str], k: int) -> None:
    assert 0 <= (m.recall_at(relevant, ranked, k) or 0) <= (m.recall_at(relevant, ranked, k + 1) or 0) <= 1


@given(RELEVANT, RANKED, st.randoms())
def test_recall_does_not_depend_on_order_within_the_depth(
    relevant: set[str], ranked: list[str], random: object
) -> None:
    shuffled = sorted(ranked)
    assert m.recall_at(relevant, ranked, len(ranked)) == m.recall_at(relevant, shuffled, len(ranked))


def test_facts_by_hand() -> None:
    facts = [["3000个左右", "3000个"], ["2025年"]]
    assert m.fact_recall("2025年建3,000个", facts) == 1.0
    assert m.fact_recall("建3,000个", facts) == 0.5
    assert m.missing_facts("建3,000个", facts) == ["2025年"]
    assert m.fact_recall("任何", []) is None


def test_character_f1_by_hand() -> None:
    assert m.char_f1("建设充电桩", "充电桩") == pytest.approx(2 * 3 / (5 + 3))
    assert m.char_f1("", "充电桩") == 0.0


@given(st.text("一二三四五", max_size=12), st.text("一二三四五", max_size=12))
def test_character_f1_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert m.char_f1(one, other) == pytest.approx(m.char_f1(other, one))
    assert 0 <= m.char_f1(one, other) <= 1


def test_citations_by_hand() -> None:
    cited, evidence = [(0, 10), (20, 30), (50, 60)], [(5, 25), (100, 110)]
    assert m.overlap_precision(cited, evidence) == pytest.approx(2 / 3)
    assert m.overlap_recall(cited, evidence) == 0.5
    assert m.overlap_precision([], evidence) is None
    assert m.overlap_recall([], evidence) == 0.0
    assert m.set_precision(["10.2", "1.1", "10.2"], ["10.2"]) == 0.5
    assert m.set_recall(["10.2"], ["10.2", "3.1"]) == 0.5


def test_touching_stretches_do_not_overlap() -> None:
    assert m.overlap_recall([(0, 10)], [(10, 20)]) == 0.0


def test_quotes_must_be_verbatim() -> None:
    assert m.quote_fidelity([(0, 2, "规划"), (2, 4, "纲领")], "规划纲要") == 0.5
    assert m.quote_fidelity([], "规划纲要") is None


def test_figures_must_stand_in_a_source() -> None:
    assert m.unsupported_figures("建3,000个,占5%[1]", ["建设3000个左右,5%"]) == []
    assert m.unsupported_figures("建4000个", ["建设3000个"]) == [4000.0]
    assert m.unsupported_figures("158 km in the 13th Plan, Chapter 10", ["158公里"]) == []
    assert m.unsupported_figures("55%", ["5%"]) == [55.0]
    assert m.unsupported_figures("500 billion yuan", ["5000亿元"]) == []
    assert m.unsupported_figures("the four towns, a 10-million-level base (2021-2025)", ["四城,千万级,十四五"]) == []
    assert m.unsupported_figures("见《2035年纲要》\n共 2 项", ["无"]) == []
    assert m.unsupported_figures("two-way flow", ["双向流动"]) == []
    assert m.unsupported_figures("10-gigabit access", ["实现万兆进园区、千兆进小区"]) == []
    assert m.unsupported_figures("20-gigabit access", ["实现万兆进园区、千兆进小区"]) == [20.0]


def test_what_is_reckoned_is_marked_and_needs_no_source() -> None:
    assert m.unsupported_figures("15 章、63 节(推算:各章节数之和)", ["第十五章"]) == []
    assert m.unsupported_figures("15 chapters and 63 sections (counted)", ["第十五章"]) == []
    assert m.unsupported_figures("15 章、63 节", ["第十五章"]) == [63.0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("**3000个**左右", "zh"),
        ("About 3,000 posts (电动汽车充电桩) will be built.", "en"),
        ("《纲要》 sets a target of 3,000 posts.", "en"),
        ("加快5G、AI、IoT应用", "zh"),
        ("158 km", "en"),
    ],
)
def test_language_is_that_of_the_running_text(text: str, language: str) -> None:
    assert m.language_of(text) == language


def test_right_needs_every_fact_brevity_and_language() -> None:
    facts = [["3000个", "3,000"]]
    assert m.is_right("**3000个**[1]", facts, "fact", "zh", abstained=False)
    assert not m.is_right("**3000个**[1]", facts, "fact", "zh", abstained=True)
    assert not m.is_right("4000个", facts, "fact", "zh", abstained=False)
    assert not m.is_right("3000个" + "很" * 240, facts, "fact", "zh", abstained=False)
    assert m.is_right("3000个" + "很" * 240, facts, "list", "zh", abstained=False)
    assert not m.is_right("建设3000个充电桩", facts, "fact", "en", abstained=False)
    assert m.is_right("3,000 posts " + "will do " * 60, facts, "fact", "en", abstained=False)
