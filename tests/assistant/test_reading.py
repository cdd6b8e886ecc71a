"""What a question asks for is read from its words, and a list or figure from a sentence's."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.cuts import shorten, shorten_english
from assistant.evidence import Claim
from assistant.question import Asks, clauses_of, read_question
from assistant.signals import echoes
from assistant.spans import clauses, listed
from ingest.model import Passage, Sentence

WORDS = st.text("建设发展推进城市文明村镇、,和;", min_size=1, max_size=80)


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("总体要求里的七个“坚持”是哪七个?", 7),
        ("重点管好哪四件事?", 4),
        ("对标的是国内哪两个地方?", 2),
        ("Which three bays are named?", 3),
        ("充电桩要建多少个?", 0),
        ("三芯十园是什么?", 0),
        ("“一核四城”是什么?", 0),
        ("要更名的是哪两所学院?", 2),
    ],
)
def test_how_many_things_are_asked_for(question: str, count: int) -> None:
    assert read_question(question).count == count


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("这套办法叫什么名字?", Asks.NAME),
        ("What is the campaign called?", Asks.NAME),
        ("由哪个部门牵头?", Asks.PERSON),
        ("设在哪个区?", Asks.PLACE),
        ("要更名的是哪两所学院?", Asks.LIST),
    ],
)
def test_a_name_is_told_from_a_body_and_a_place(question: str, asks: Asks) -> None:
    assert read_question(question).asks == asks


def test_a_question_for_then_and_now_is_told() -> None:
    assert read_question("高企十三五末有多少家,目标又是多少家?", (2021, 2025)).then_and_now
    assert not read_question("高企目标是多少家?").then_and_now


@pytest.mark.parametrize(
    ("question", "period", "past", "target"),
    [
        ("2025年有多少家?", (2021, 2025), False, True),
        ("2025年有多少家?", (2026, 2030), True, False),
        ("“十四五”时期新增几家?", (2026, 2030), True, False),
        ("2030年有多少家?", (2026, 2030), False, True),
        ("2030年有多少家?", (2021, 2025), False, False),
    ],
)
def test_what_is_past_depends_on_the_plan(question: str, period: tuple[int, int], past: bool, target: bool) -> None:
    read = read_question(question, period)
    assert (read.past, read.target) == (past, target)


def test_clauses_are_those_that_carry_meaning() -> None:
    assert clauses_of("粮食产量、失业率和充电桩,各是多少?") == ["粮食产量", "失业率", "充电桩", "各是多少"]
    assert clauses_of("充电桩要建多少个?") == []


@pytest.mark.parametrize(
    ("text", "count", "asked", "items"),
    [
        (
            "布局“双核、多区、多点”,建设软件名城、装备名城、互联网名城。",
            3,
            "哪三座名城?",
            ["软件名城", "装备名城", "互联网名城"],
        ),
        (
            "开展文明村镇、文明单位、文明家庭和文明校园创建。",
            4,
            "",
            ["文明村镇", "文明单位", "文明家庭", "文明校园创建"],
        ),
        ("发展海参、鲍鱼、扇贝、海带等养殖,建设港口、机场。", 0, "", ["海参", "鲍鱼", "扇贝", "海带"]),
        ("没有列举。", 3, "", []),
        ("提升“来协商”、工作室、议事堂和实践中心等载体实效。", 0, "", ["来协商", "工作室", "议事堂和实践中心"]),
        (
            "“四城”为老城、新城、港城、智城;“四片”即北片、南片、东片、西片。",
            4,
            "“四片”是哪四片?",
            ["北片", "南片", "东片", "西片"],
        ),
        (
            "发挥统领作用和专项规划、区域规划、空间规划的作用,确保要求一致、配置一致、安排一致。",
            3,
            "规划要做到哪三个“一致”?",
            ["确保要求一致", "配置一致", "安排一致"],
        ),
        ("梳理办文、办会、办事三个方面。", 3, "", ["梳理办文", "办会", "办事"]),
    ],
)
def test_the_enumeration_is_the_one_that_is_asked_for(text: str, count: int, asked: str, items: list[str]) -> None:
    assert listed(text, count, asked) == items


@given(WORDS, st.integers(0, 6))
def test_items_are_stretches_of_their_text(text: str, count: int) -> None:
    assert all(item in text for item in listed(text, count))


@given(WORDS)
@example(";;、;;、")
def test_clauses_are_the_whole_sentence(text: str) -> None:
    assert "".join(clauses(text)) == text


@given(WORDS, st.integers(10, 60))
@example(";;;;;;;、;;、", 10)
@example(";;;;;;;;;;;", 10)
def test_a_shortened_sentence_says_nothing_else(text: str, budget: int) -> None:
    assert all(piece in text for piece in shorten(text, [], budget).split("…"))


@given(st.lists(st.sampled_from(["exceed", "100", "million", "yuan", "of", "the", "tax,", "a", "bay;"]), min_size=12))
def test_an_english_sentence_is_not_cut_at_a_figure(words: list[str]) -> None:
    text = " ".join(words)
    cut = shorten_english(text, 48)
    assert cut == text or not re.search(r"[\s\d](\d+|the|of|a) …$", cut)


@given(
    st.lists(st.sampled_from(["ports, ", "rail; ", "5,000 posts, ", "the bay ", "and tax. "]), min_size=1).map("".join),
    st.integers(10, 60),
)
@example("ports, rail; 5,000 posts, the bay and tax.", 30)
def test_a_shortened_english_sentence_says_nothing_else(text: str, budget: int) -> None:
    pieces = [p.strip() for p in shorten_english(text, budget, ["tax", "rail"]).split("…")]
    assert all(piece in text for piece in pieces)


def test_the_clauses_that_are_asked_for_stay_in_an_english_sentence() -> None:
    text = "Speed up the port, widen the bay, finish the long tunnel, and lower the tax on ships by 5,000 yuan."
    assert shorten_english(text, 70, ["tax", "ship"]) == (
        "Speed up the port, … and lower the tax on ships by 5,000 yuan."
    )


def _claim(text: str, *answers: str) -> Claim:
    sentence = Sentence(0, len(text))
    passage = Passage("p", "x", text, 0, 1, 1, "", "", "", (), None, 0, len(text), (sentence,))
    return Claim(passage, (sentence,), answers, 1.0)


@pytest.mark.parametrize(
    ("question", "echoed"),
    [("力争上市的2—3家企业是哪几家?", True), ("力争几家企业上市?", False), ("力争2—3家上市,对吗?", False)],
)
def test_an_answer_that_only_repeats_the_question_is_noticed(question: str, echoed: bool) -> None:
    assert echoes(read_question(question), _claim("力争2—3家企业上市。", "2—3家")) is echoed
