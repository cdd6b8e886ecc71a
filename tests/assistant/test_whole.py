"""Questions about the whole plan: its structure, and what it says of a thing anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
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


def test_chapters_that_mention_a_term_are_those_that_hold_it(assistant: Assistant, plan: Plan) -> None:
    chapters = list(dict.fromkeys(p.chapter for p in plan.passages if "RCEP" in p.text and p.chapter))
    answer = assistant.answer("哪些章提到RCEP")
    assert f"**{len(chapters)}** 章" in answer.answer
    assert all(f"第{numeral(c)}章" in answer.answer for c in chapters)
    assert {c.chapter for c in answer.citations} == set(chapters)
    assert all("RCEP" in c.quote for c in answer.citations)
    assert {int(m) for m in re.findall(r"\[(\d+)\]", answer.answer)} == {c.mark for c in answer.citations}


def test_a_section_is_summarised_by_its_own_sentences(assistant: Assistant, faithful: Callable[[Answer], None]) -> None:
    answer = assistant.answer("概括一下第十章第二节")
    assert {(c.chapter, c.section) for c in answer.citations} == {(10, 2)}
    assert len(answer.citations) >= 3
    faithful(answer)


def test_everything_on_a_thing_comes_from_several_sections(assistant: Assistant, plan: Plan) -> None:
    answer = assistant.answer("规划全文关于氢能的内容都有哪些?")
    assert len({c.heading for c in answer.citations}) >= 2
    assert all(plan.text[c.start : c.end] == c.quote for c in answer.citations)


def test_a_chapter_that_is_not_there_is_not_made_up(assistant: Assistant) -> None:
    assert "第九十九章《" not in assistant.answer("第九十九章有几节").answer
