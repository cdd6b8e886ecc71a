"""The assistant at its edges: bad questions, unknown plans, plans about which nothing is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.answer import Reason
from assistant.assistant import LONGEST_QUESTION, Assistant
from index.embedders import Embedder, make_embedder
from ingest.errors import BadQuestion, UnknownPlan
from ingest.shelf import DEFAULT_PLAN, SHIPPED, Shelf

TEXT = (
    "第一章 交通\n第一节 轨道\n    建设城市轨道。到2025年建成轨道交通线路120公里,新增车站45座。\n"
    "第二节 公路\n    完善公路网络。到2025年公路总里程达到3500公里。\n"
)


LATER = (
    "第一章 目标\n第一节 指标\n主要指标如下。\n序号\n指标名称\n2025年\n2030年\n年均\n属性\n"
    "1\n全员劳动生产率（万元/人）\n29.6\n35左右\n—\n预期性\n2\n人均预期寿命（岁）\n84.18\n84.3\n—\n预期性\n"
    "第二节 港口\n    到“十五五”末,港口集装箱吞吐量达到600万标箱。\n"
    "第三节 空间\n    构建“一心两带”的格局。“一心”是老城。老城重点发展金融。“两带”是沿江带和沿湖带。\n"
)


def add(folder: Path, text: str, record: str) -> Assistant:
    """Add a plan about which nothing is written."""
    (folder / "plans" / "added").mkdir(parents=True)
    (folder / "plans" / "added" / "plan.txt").write_text(text, "utf-8")
    (folder / "plans" / "added" / "plan.toml").write_text(record, "utf-8")
    return Assistant(Shelf((folder / "plans",)), make_embedder("bundled"), folder / "home", default_plan="added")


@pytest.fixture
def linhai(tmp_path: Path) -> Assistant:
    return add(tmp_path, TEXT, 'title = "临海市规划"\nperiod = [2021, 2025]\n')


@pytest.fixture
def later(tmp_path: Path) -> Assistant:
    return add(tmp_path, LATER, 'title = "临江市国民经济和社会发展第十五个五年规划纲要"\n')


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "问" * 2_001, "why " * 501 + "?"])
def test_a_question_that_cannot_be_one_is_refused_in_both_languages(assistant: Assistant, question: str) -> None:
    for ask in (assistant.answer, assistant.search):
        with pytest.raises(BadQuestion) as caught:
            ask(question)
        assert re.search(r"[\u3400-\u9fff]", caught.value.message("zh"))
        assert caught.value.message("en").isascii()


def test_too_long_says_how_long_it_may_be(assistant: Assistant) -> None:
    with pytest.raises(BadQuestion, match=r"2,001 characters.*2,000"):
        assistant.answer("问" * 2_001)
    assert assistant.answer("充电桩" + "问" * (LONGEST_QUESTION - 3)).answer


def test_an_unknown_plan_names_those_there_are(assistant: Assistant) -> None:
    for ask in (assistant.answer, assistant.search):
        with pytest.raises(UnknownPlan, match="dalian-14-5") as caught:
            ask("充电桩要建多少个?", plan="atlantis")
        assert "atlantis" in caught.value.message("zh")


@pytest.mark.parametrize("plan", ["../dalian-14-5", "dalian-14-5/../dalian-14-5", "/etc", "."])
def test_a_plan_is_named_not_reached_by_a_path(assistant: Assistant, plan: str) -> None:
    with pytest.raises(UnknownPlan):
        assistant.answer("充电桩?", plan=plan)


def test_a_plan_about_which_nothing_is_written_still_answers(linhai: Assistant) -> None:
    answer = linhai.answer("公路总里程达到多少公里?")
    assert not answer.abstained
    assert "**" in answer.answer
    assert "3500公里" in answer.answer
    assert answer.citations[0].quote == TEXT[answer.citations[0].start : answer.citations[0].end]
    assert answer.citations[0].reference == "《临海市规划》第一章第二节"
    assert answer.citations[0].page is None


@pytest.mark.parametrize("question", ["轨道交通线路建多少公里?", "城市轨道怎么建?", "公路网络"])
def test_what_such_a_plan_says_in_the_same_words_is_not_off_its_topic(linhai: Assistant, question: str) -> None:
    assert not linhai.answer(question).abstained


def test_such_a_plan_also_refuses_counts_and_remembers(linhai: Assistant) -> None:
    assert linhai.answer("明天天气怎么样?").abstain_reason == Reason.OUT_OF_SCOPE
    assert "**2** 节" in linhai.answer("第一章有几节?").answer
    assert linhai.answer("公路总里程达到多少公里?", conversation_id="a").turn == 1
    assert "第一章第二节" in linhai.answer("在哪一节?", conversation_id="a").answer


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("2030年港口集装箱吞吐量要达到多少?", "600万标箱"),
        ("全员劳动生产率2030年目标是多少?", "**35万元/人左右(2030年)**"),
        ("2025年全员劳动生产率是多少?", "**29.6万元/人(2025年)**"),
        ("人均预期寿命2030年要到多少岁?", "**84.3岁(2030年)**"),
    ],
)
def test_a_plan_that_does_not_say_its_years_is_asked_by_year(later: Assistant, question: str, value: str) -> None:
    answer = later.answer(question)
    assert not answer.abstained
    assert value in answer.answer
    assert "\n全员" not in answer.answer
    assert all(
        year in "".join(c.quote for c in answer.citations) for year in re.findall(r"\d{4}(?=年\))", answer.answer)
    )


def test_the_parts_of_a_formula_are_told_though_not_one_after_the_other(later: Assistant) -> None:
    assert "沿江带和沿湖带" in later.answer("“一心两带”指什么?").answer


def test_without_its_knowledge_the_shipped_plan_still_finds_the_sentence(tmp_path: Path) -> None:
    plain = Assistant(Shelf((SHIPPED,)), make_embedder("bundled"), tmp_path, default_plan=DEFAULT_PLAN, knowledge=False)
    answer = plain.answer("充电桩要建多少个?")
    assert "3000个左右" in answer.answer
    assert answer.citations[0].quote == "建设3000个左右电动汽车充电桩。"
    assert [p.name for p in (tmp_path / "index").iterdir()] == ["dalian-14-5--bundled--plain"]


def test_making_an_assistant_opens_nothing(tmp_path: Path, hashed: Embedder) -> None:
    Assistant(Shelf((tmp_path / "none",)), hashed, tmp_path / "home", default_plan="x")
    assert list(tmp_path.iterdir()) == []
