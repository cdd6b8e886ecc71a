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


@pytest.fixture
def linhai(tmp_path: Path) -> Assistant:
    folder = tmp_path / "plans" / "linhai"
    folder.mkdir(parents=True)
    (folder / "plan.txt").write_text(TEXT, "utf-8")
    (folder / "plan.toml").write_text('title = "临海市规划"\nperiod = [2021, 2025]\n', "utf-8")
    return Assistant(Shelf((tmp_path / "plans",)), make_embedder("bundled"), tmp_path / "home", default_plan="linhai")


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


def test_without_its_knowledge_the_shipped_plan_still_finds_the_sentence(tmp_path: Path) -> None:
    plain = Assistant(Shelf((SHIPPED,)), make_embedder("bundled"), tmp_path, default_plan=DEFAULT_PLAN, knowledge=False)
    answer = plain.answer("充电桩要建多少个?")
    assert "3000个左右" in answer.answer
    assert answer.citations[0].quote == "建设3000个左右电动汽车充电桩。"
    assert [p.name for p in (tmp_path / "index").iterdir()] == ["dalian-14-5--bundled--plain"]


def test_making_an_assistant_opens_nothing(tmp_path: Path, hashed: Embedder) -> None:
    Assistant(Shelf((tmp_path / "none",)), hashed, tmp_path / "home", default_plan="x")
    assert list(tmp_path.iterdir()) == []
