"""Slips of the pen are mended; what people ordinarily write is left as it is."""

from __future__ import annotations

import pytest

from index.romanised import Romanised
from index.search import Searcher
from index.slips import Aliases, Slips
from ingest.model import Plan

ORDINARY = """
电网夜里风大电多、傍晚不够使,靠什么来削峰填谷?
刚工作买不起楼
充电桩要建多少个?
一带一路对大连意味着什么?
明天天气怎么样?
长春的经济总量是多少?
老城区停车难怎么办
我家老人没人照看,社区能管吗?
孩子上幼儿园贵不贵
打工的想落户容易吗
夜里想逛街吃饭有地方去吗
企业办证要跑几趟
海边的垃圾谁来清
想开个小店有什么扶持
村里的路什么时候修
看病能不能不排长队
2025年研发投入占GDP多少
RCEP有什么机会?
PM2.5要降到多少
How many charging posts will be built?
""".split("\n")[1:-1]


@pytest.fixture(scope="module")
def slips(plan: Plan) -> Slips:
    return Slips(p.text for p in plan.passages)


@pytest.mark.parametrize("question", ORDINARY)
def test_an_ordinary_question_is_left_alone(slips: Slips, question: str) -> None:
    assert slips.mend(question) == question


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("梭渔湾怎么建?", "梭鱼湾怎么建?"),
        ("英哥石科学城有几家机构", "英歌石科学城有几家机构"),
        ("现代海洋牧厂重点在哪", "现代海洋牧场重点在哪"),
        ("纺只服装产业", "纺织服装产业"),
    ],
)
def test_a_slip_is_mended(slips: Slips, slip: str, meant: str) -> None:
    assert slips.mend(slip) == meant


def test_hardly_any_written_question_is_changed(searcher: Searcher, slips: Slips) -> None:
    written = [e.question for e in searcher.knowledge.bank if e.language == "zh"][::4]
    changed = [q for q in written if slips.mend(q) != q]
    assert len(changed) < 0.015 * len(written), changed[:20]


def test_a_plan_without_words_mends_nothing() -> None:
    assert Slips(()).mend("梭渔湾怎么建?") == "梭渔湾怎么建?"


def test_aliases_match_whole_latin_words_and_any_chinese() -> None:
    aliases = Aliases({"ev": ("电动汽车",), "charger": ("充电桩",), "滨城": ("大连",)})
    assert aliases.expand("Are EVs and chargers near 滨城里?") == ["电动汽车", "充电桩", "大连"]
    assert aliases.expand("seven levels") == []
    assert Aliases({}).expand("滨城") == []


@pytest.fixture
def romanised() -> Romanised:
    return Romanised(
        [
            ("推动大窑湾港区发展。", "Develop the Dayao Bay port area."),
            ("建设太平湾。", "Build Taiping Bay."),
            ("实施“光网大连”工程。", "Implement the optical network project."),
        ]
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("What of Dayaowan?", "What of Dayao Bay?"),
        ("Is Taipingwan in it?", "Is Taiping Bay in it?"),
        ("Is Taiping Bay in it?", "Is Taiping Bay in it?"),
        ("What is the Guangwang project?", "What is the Guangwang project?"),
        ("What of Bayaowan?", "What of Bayaowan?"),
        ("dayaowan", "dayaowan"),
        ("", ""),
    ],
)
def test_a_name_written_by_its_sound_becomes_the_translated_one(romanised: Romanised, written: str, meant: str) -> None:
    assert romanised.mend(written) == meant


def test_what_sounds_like_whole_syllables_of_the_plan_is_heard(romanised: Romanised) -> None:
    assert romanised.heard("Guangwang")
    assert romanised.heard("Dayaowan")
    assert not romanised.heard("ayaowan")
    assert not romanised.heard("Dayaow")
    assert not romanised.heard("wantui")
    assert not romanised.heard("")
