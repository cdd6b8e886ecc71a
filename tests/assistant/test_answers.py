"""Questions on the shipped plan: the key value, the cited sentence, and nothing the plan does not say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant

SENTENCE = "建设3000个左右电动汽车充电桩。"
Check = Callable[[Answer], None]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("充电桩要建多少个?", "3000个左右"),
        ("What is the 2025 target for new-energy charging posts?", "3,000"),
    ],
)
def test_the_charging_posts_are_answered_with_the_cited_sentence(
    assistant: Assistant, faithful: Check, question: str, value: str
) -> None:
    answer = assistant.answer(question)
    citation = answer.citations[0]
    assert not answer.abstained
    assert value in answer.answer
    assert f"**{value}**" in answer.answer
    assert (citation.chapter, citation.section, citation.page, citation.quote) == (10, 2, 98, SENTENCE)
    assert citation.reference.endswith("》第十章第二节")
    faithful(answer)


@pytest.mark.parametrize(
    ("question", "value", "place"),
    [
        ("外贸进出口总额的目标是多少?", "5000亿元", "第五章第三节"),
        ("集装箱吞吐量要达到多少?", "800万标箱", "第五章第一节"),
        ("高新技术企业有多少家?", "5000家", "第二章第三节"),
        ("细颗粒物浓度目标?", "32微克/立方米", "第十一章第二节"),
        ("金融业增加值要突破多少?", "870亿元", "第五章第四节"),
        ("粮食产量目标是多少?", "100万吨以上", "第三章第四节"),
        ("再生水利用率目标是多少?", "40%", "第十一章第三节"),
        ("旅游总收入目标", "2000亿元", "第三章第二节"),
        ("五年实际利用外资多少?", "55亿美元左右", "第七章第一节"),
        ("“十三五”时期轨道交通通车里程达到多少?", "158公里", "第一章第一节"),
        ("太平湾合作创新区的定位是什么?", "新蛇口", "第五章第一节"),
    ],
)
def test_a_value_comes_with_its_section(
    assistant: Assistant, faithful: Check, question: str, value: str, place: str
) -> None:
    answer = assistant.answer(question)
    assert not answer.abstained
    assert value in answer.answer
    assert place in "".join(c.reference for c in answer.citations)
    faithful(answer)


VARIED = """
养老床位有什么目标?
怎么发展氢能?
数字经济核心产业有哪些举措?
英歌石科学城在哪里?
梭渔湾怎么建?
金普新区要做什么?
机场怎么建?
地铁建多少公里?
空气质量优良天数是多少?
垃圾分类怎么做?
乡村振兴有哪些措施?
如何引进人才?
义务教育怎么均衡?
海水淡化规模?
研发经费投入强度达到多少?
新增就业多少?
公租房怎么申请?
海洋经济要发展哪些产业?
夜间经济怎么搞?
营商环境怎么优化?
国企改革有什么举措?
邮轮母港
碳达峰是什么时候?
绿化覆盖率
什么是双招双引?
5G基站要建多少?
消费中心城市怎么建?
为什么要建英歌石科学城?
渤海沿岸发展什么产业?
規劃怎麼支持中小企業?
規劃對垃圾分類有何要求?
港口货物吞吐量和集装箱吞吐量分别是多少?
数字政府和智慧城市有什么区别?
谁来负责规划实施?
北三市重点发展什么?
大连要打造哪些2000亿级产业集群?
民营经济会得到哪些支持?
体育设施怎么建?
失业率控制在多少?
人均公园绿地面积?
冰雪旅游会发展吗?
人均预期寿命是多少?
How will Dalian develop hydrogen energy?
What is the target for foreign trade by 2025?
What are the plans for elderly care?
How many research institutions will Yinggeshi Science City have?
Tell me about Taiping Bay
""".split("\n")[1:-1]


@pytest.mark.parametrize("question", VARIED)
def test_every_quote_is_verbatim_and_every_figure_is_cited(
    assistant: Assistant, faithful: Check, question: str
) -> None:
    answer = assistant.answer(question)
    faithful(answer)
    assert answer.answer.strip()
    assert answer.abstained == (answer.abstain_reason is not None)
    assert answer.abstained or answer.citations


def test_most_of_these_are_answered(assistant: Assistant) -> None:
    assert sum(not assistant.answer(q).abstained for q in VARIED) >= 0.85 * len(VARIED)


@pytest.mark.parametrize("question", [q for q in VARIED if q.isascii()])
def test_english_is_answered_in_english_with_the_chinese_quote(assistant: Assistant, question: str) -> None:
    answer = assistant.answer(question)
    assert answer.language == "en"
    assert len(re.findall(r"[\u3400-\u9fff]", answer.answer)) < 0.1 * len(answer.answer)
    assert all(re.search(r"[\u3400-\u9fff]", c.quote) for c in answer.citations)


def test_an_answer_is_short_and_the_same_every_time(assistant: Assistant) -> None:
    for question in ("充电桩要建多少个?", "怎么发展氢能?"):
        first, again = assistant.answer(question), assistant.answer(question)
        assert first.answer == again.answer
        assert first.citations == again.citations
        assert len(first.answer) < 700


def test_the_dictionary_is_the_public_contract(assistant: Assistant) -> None:
    answer = assistant.answer("充电桩要建多少个?").to_dict()
    assert (
        list(answer)
        == (
            "question language answer abstained abstain_reason answerer plan citations nearest conversation_id turn "
            "standalone_question timings_ms"
        ).split()
    )
    assert (
        list(answer["citations"][0])
        == (
            "mark plan chapter section chapter_title section_title heading page quote start end reference anchor"
        ).split()
    )
    assert answer["answerer"] == "extractive"
    assert answer["plan"] == "dalian-14-5"


def test_the_stream_is_the_answer_in_pieces(assistant: Assistant) -> None:
    *pieces, last = assistant.stream("怎么发展氢能?")
    assert isinstance(last, Answer)
    assert "".join(str(p) for p in pieces) == last.answer


@pytest.mark.parametrize(("text", "most"), [("充电桩要建多少个?", 240), ("停车难的问题怎么解决?", 500)])
def test_what_several_places_may_answer_is_filled_up_to_the_length_of_its_kind(
    assistant: Assistant, text: str, most: int
) -> None:
    reader = assistant.reader()
    understood = reader.understand(text)
    ranked = reader.weigh(understood, reader.look(understood))
    gathered = reader.whole.gather.everything(understood.question)
    plain, _ = reader.composer.compose(understood.question, ranked)
    filled, citations = reader.composer.compose(understood.question, ranked, gathered)
    assert filled.startswith(plain.split("\n")[0])
    assert {c.start for c in citations} & {e.sentence.start for e in gathered}
    assert len(re.sub(r"\[\d+\]|\*\*", "", filled)) <= most
