"""Questions about the whole plan: its structure, and what it says of a thing anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.question import read_question
from assistant.relevance import relevance
from ingest.model import Plan, numeral


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("第九章有几节", ("**4** 节", "扎实推进乡村振兴")),
        ("第9章分几节?", ("**4** 节",)),
        ("规划一共有多少章?", ("**15** 章", "**63** 节")),
        ("How many sections does chapter 9 have?", ("**4** sections",)),
        ("How many chapters does the plan have?", ("**15** chapters", "**63** sections")),
    ],
)
def test_the_structure_is_counted(assistant: Assistant, question: str, said: tuple[str, ...]) -> None:
    answer = assistant.answer(question)
    assert not answer.abstained
    assert all(s in answer.answer for s in said)
    assert all(c.quote.startswith("第") for c in answer.citations)


def test_an_outline_is_cited_by_its_headings(assistant: Assistant, plan: Plan) -> None:
    answer = assistant.answer("第九章有几节")
    assert [c.section for c in answer.citations] == [1, 2, 3, 4]
    assert all(plan.text[c.start : c.end] == c.quote for c in answer.citations)
    assert answer.citations[-1].quote.startswith("第四节")


def test_chapters_that_mention_a_term_are_those_that_hold_it(assistant: Assistant, plan: Plan) -> None:
    chapters = list(dict.fromkeys(p.chapter for p in plan.passages if "RCEP" in p.text and p.chapter))
    answer = assistant.answer("哪些章提到RCEP")
    assert f"**{len(chapters)}** 章" in answer.answer
    assert all(f"第{numeral(c)}章" in answer.answer for c in chapters)
    assert {c.chapter for c in answer.citations} == set(chapters)
    assert all("RCEP" in c.quote for c in answer.citations)
    assert {int(m) for m in re.findall(r"\[(\d+)\]", answer.answer)} == {c.mark for c in answer.citations}


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("夏季达沃斯出现在哪些章节?", "夏季达沃斯"),
        ("规划里哪些章节涉及数字经济?", "数字经济"),
        ("氢能出现在哪些章节?", "氢能"),
    ],
)
def test_a_term_is_looked_for_as_it_is_asked_for(assistant: Assistant, plan: Plan, question: str, term: str) -> None:
    sections = {(p.chapter, p.section) for p in plan.passages if term in p.text and p.chapter}
    answer = assistant.answer(question)
    assert {(c.chapter, c.section) for c in answer.citations} == sections


def test_where_no_term_is_named_the_likeliest_sentences_tell_where(assistant: Assistant) -> None:
    answer = assistant.answer("大棚让雨泡了、转年又旱,抗涝、抗旱、提前报信、受灾了管不管,哪几章写到?")
    assert len({c.chapter for c in answer.citations}) > 1
    assert any("防洪排涝" in c.quote for c in answer.citations)


def test_a_fine_particle_is_no_section(assistant: Assistant) -> None:
    answer = assistant.answer("人均公园绿地、河流水质、空气(好天数和PM2.5)、绿化这几项,各写的多少?")
    assert any("PM2.5" in c.quote for c in answer.citations)


def test_a_section_is_summarised_by_its_own_sentences(assistant: Assistant, faithful: Callable[[Answer], None]) -> None:
    answer = assistant.answer("概括一下第十章第二节")
    assert {(c.chapter, c.section) for c in answer.citations} == {(10, 2)}
    assert len(answer.citations) >= 3
    faithful(answer)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("讲金融中心的那一节说了些什么?", (5, 4)),
        ("“人文四城”那节说了点啥,帮我捋成几条", (13, 2)),
        ("Summarise the section on the regional financial centre.", (5, 4)),
    ],
)
def test_a_section_may_be_named_by_what_it_is_about(
    assistant: Assistant, faithful: Callable[[Answer], None], question: str, place: tuple[int, int]
) -> None:
    answer = assistant.answer(question)
    assert {(c.chapter, c.section) for c in answer.citations} == {place}
    faithful(answer)


def test_a_chapter_may_be_named_by_what_it_is_about(assistant: Assistant) -> None:
    answer = assistant.answer("领导要我两分钟讲完“平安城市”那一章,各节抓哪些关键做法?")
    assert {c.chapter for c in answer.citations} == {14}
    assert {c.section for c in answer.citations} >= {1, 2, 3}


def test_a_summary_uses_its_room(assistant: Assistant) -> None:
    assert 1_400 < len(assistant.answer("概括一下第五章").answer) <= 1_900


def test_a_sentence_that_points_back_is_led_by_its_topic(assistant: Assistant) -> None:
    assert "深化沪连对口合作:" in assistant.answer("规划全文哪些地方提到氢能?都说了什么?").answer
    assert "Shanghai" in assistant.answer("What are all the things said about hydrogen, in every chapter?").answer


def test_the_vision_is_quoted_whole(assistant: Assistant, plan: Plan) -> None:
    answer = assistant.answer("到了2035年,大连各方面是个什么光景,全景说说").answer
    assert "碳排放达峰后稳中有降" in answer
    assert "中等发达经济体" in answer


@pytest.mark.parametrize("question", ["概括一下第十章第二节", "10.2节的要点", "Summarise section 10.2"])
def test_a_section_may_be_named_in_several_ways(assistant: Assistant, question: str) -> None:
    assert {(c.chapter, c.section) for c in assistant.answer(question).citations} == {(10, 2)}


def test_the_summary_of_a_chapter_reaches_its_last_section(assistant: Assistant) -> None:
    answer = assistant.answer("第十四章主要讲了什么?")
    assert {c.section for c in answer.citations} == {0, 1, 2, 3, 4}
    assert len(answer.answer) < 2_000


def test_topics_that_share_a_word_are_listed_when_they_are_as_many_as_asked(assistant: Assistant) -> None:
    answer = assistant.answer("基本原则里写的七个“坚持”,能报一遍吗?")
    assert "共 **7** 条" in answer.answer
    assert answer.answer.count("坚持") == 8


def test_where_a_thing_is_spoken_of_is_told_by_section(assistant: Assistant, plan: Plan) -> None:
    wanted = list(dict.fromkeys(p.label for p in plan.passages if "邮轮" in p.text and p.chapter))
    lead = assistant.answer("哪几节写到邮轮?").answer.splitlines()[0]
    assert all(label in lead for label in wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("粮食产量、港口货物吞吐量、充电桩、登记失业率,各定了什么数?", ("100万吨", "4.5亿吨", "3000个", "4.5%")),
        ("Collect everything on cruise ships, in every chapter.", ("cruise",)),
    ],
)
def test_what_stands_in_several_sections_is_put_together(
    assistant: Assistant, faithful: Callable[[Answer], None], question: str, wanted: tuple[str, ...]
) -> None:
    answer = assistant.answer(question)
    assert len({c.chapter for c in answer.citations}) >= 2
    assert all(w in answer.answer for w in wanted)
    faithful(answer)


@pytest.mark.parametrize("question", ["充电桩要建多少个?", "“两岸三湾多园区”是什么意思?", "怎么发展氢能?"])
def test_what_one_place_answers_is_not_gathered(assistant: Assistant, question: str) -> None:
    assert len(assistant.answer(question).answer) < 520


def test_relevance_is_a_probability_and_prefers_what_names_the_thing(assistant: Assistant, plan: Plan) -> None:
    gather = assistant.reader().whole.gather
    likely = relevance(gather.signals(read_question("规划对邮轮都有什么安排?"))[0])
    named = [
        i for i, start in enumerate(gather.weigher.starts) if "邮轮" in plan.text[start : start + 200].split("。")[0]
    ]
    assert 0 <= likely.min() <= likely.max() <= 1
    assert likely[named].mean() > 10 * likely.mean()


def test_everything_on_a_thing_comes_from_several_sections(assistant: Assistant, plan: Plan) -> None:
    answer = assistant.answer("规划全文关于氢能的内容都有哪些?")
    assert len({c.heading for c in answer.citations}) >= 2
    assert all(plan.text[c.start : c.end] == c.quote for c in answer.citations)


def test_a_chapter_that_is_not_there_is_not_made_up(assistant: Assistant) -> None:
    assert "第九十九章《" not in assistant.answer("第九十九章有几节").answer


def test_a_named_section_without_sentences_is_not_answered_with_nothing(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = assistant.reader().whole
    monkeypatch.setattr(whole.gather, "within", lambda *_: [])
    assert whole.collect(read_question("第五章第四节怎么安排期货市场?")) is None
