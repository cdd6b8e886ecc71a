"""Search over the shipped plan: the right passage for every way to write a word."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.search import Hit, Searcher
from index.units import Source
from index.weighing import Weigher
from ingest.model import Plan


def place(hit: Hit) -> tuple[int, int]:
    return hit.passage.chapter, hit.passage.section


@pytest.mark.parametrize(
    ("query", "chapter", "section"),
    [
        ("充电桩", 10, 2),
        ("充电桩要建多少个?", 10, 2),
        ("充電樁要建多少個?", 10, 2),
        ("How many charging posts will be built?", 10, 2),
        ("外贸进出口总额达到５０００亿元", 5, 3),
        ("Yinggeshi", 2, 2),
        ("英歌石科学城", 2, 2),
        ("保租房", 12, 4),
        ("再生水利用率", 11, 3),
        ("养老床位", 12, 6),
        ("电网夜里风大电多、傍晚不够使,靠什么来削峰填谷?", 10, 2),
    ],
)
def test_the_right_section_comes_first(searcher: Searcher, query: str, chapter: int, section: int) -> None:
    assert place(searcher.search(query, 1)[0]) == (chapter, section)


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("充電樁", "充电桩"),
        ("２０００亿产业集群", "2000亿产业集群"),
        ("梭渔湾", "梭鱼湾"),
        ("英哥石科学城", "英歌石科学城"),
        ("ＲＣＥＰ", "rcep"),
        ("\u200b充电桩\ufeff", "充电桩"),
    ],
)
def test_script_width_case_and_slips_do_not_matter(searcher: Searcher, odd: str, plain: str) -> None:
    strange, usual = searcher.search(odd, 3), searcher.search(plain, 3)
    assert [(h.passage.id, h.score) for h in strange] == [(h.passage.id, h.score) for h in usual]


def test_an_alias_brings_in_the_plans_own_words(searcher: Searcher) -> None:
    assert "英歌" in "".join(searcher.understand("Yinggeshi").expanded)
    assert "英歌石" in searcher.search("Yinggeshi", 1)[0].passage.text
    assert searcher.understand("充电桩").terms


@pytest.mark.parametrize("query", ["充电桩", "数字经济有哪些举措?", "What about hydrogen?", "梭渔湾"])
def test_the_parts_explain_the_score(searcher: Searcher, query: str) -> None:
    for hit in searcher.search(query, 10):
        assert sum(hit.parts.values()) == pytest.approx(hit.score, abs=1e-3)
        assert all(part >= 0 for part in hit.parts.values())
        assert set(hit.parts) == {"words", *map(str, Source)} - {Source.THEME}


@pytest.mark.parametrize("query", ["", "   ", "?!。…", "\n\t", "的了吗"])
def test_a_question_without_words_finds_nothing(searcher: Searcher, query: str) -> None:
    assert searcher.search(query) == []


@pytest.mark.parametrize("top_k", [1, 7, 10_000])
def test_hits_are_sorted_distinct_and_as_many_as_wanted(searcher: Searcher, plan: Plan, top_k: int) -> None:
    hits = searcher.search("港口和航运怎么发展?", top_k)
    assert len(hits) == len({h.passage.id for h in hits}) == min(top_k, len(plan.passages))
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_a_hit_ranks_its_own_sentences_and_questions(searcher: Searcher, plan: Plan) -> None:
    (hit,) = searcher.search("充电桩要建多少个?", 1)
    sentence = hit.sentences[0].sentence
    assert plan.text[sentence.start : sentence.end] == "建设3000个左右电动汽车充电桩。"
    assert {s.sentence for s in hit.sentences} == set(hit.passage.sentences)
    assert [s.score for s in hit.sentences] == sorted((s.score for s in hit.sentences), reverse=True)
    assert all(hit.passage.start <= e.evidence[0].start < hit.passage.end for e, _ in hit.entries)
    assert [s for _, s in hit.entries] == sorted((s for _, s in hit.entries), reverse=True)


def test_the_same_question_gives_the_same_hits(searcher: Searcher) -> None:
    assert searcher.search("怎么发展氢能?", 5) == searcher.search("怎么发展氢能?", 5)


def test_a_plan_knows_its_own_words(searcher: Searcher) -> None:
    assert searcher.knows("充电")
    assert not searcher.knows("犰狳")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.text("规划多少个亿〇一两千万%,.，２ab的梭鱼湾桩 \x00\u200b", max_size=40))
@example("百分之点")
@example("一" * 40)
@example("万亿" * 20)
@example("🚗⚡🇨🇳")
@example("\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
def test_no_text_breaks_the_search(searcher: Searcher, text: str) -> None:
    hits = searcher.search(text, 3)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_a_theme_speaks_for_its_sentences_and_for_no_passage(searcher: Searcher) -> None:
    theme = searcher.knowledge.themes[0]
    weigher = Weigher(searcher)
    weighed, starts = weigher.weigh(theme.questions[0]), weigher.starts
    assert starts == sorted(s.start for p in searcher.plan.passages for s in p.sentences)
    chosen = {start for start, votes in zip(starts, weighed.themed, strict=True) if votes == weighed.themed.max()}
    assert chosen <= {s.start for s in theme.evidence}
    assert 0 < weighed.themed.max() <= 1
    assert searcher.look(theme.questions[0]).themed > 0
