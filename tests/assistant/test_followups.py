"""A follow-up is read with what it needs of the conversation, and with no more."""

from __future__ import annotations

import pytest

from assistant.answer import Turn
from assistant.assistant import Assistant
from assistant.followup import FollowUps
from assistant.router import Router
from index.embedders import make_embedder

PORT = Turn("港口货物吞吐量要达到多少?", "港口货物吞吐量要达到多少?", (100,))
SCHOOL = Turn("幼儿园学位够不够?", "幼儿园学位够不够?", (200,))


@pytest.fixture(scope="module")
def followups() -> FollowUps:
    return FollowUps(Router(make_embedder("bundled")))


def test_a_first_question_stands_alone(followups: FollowUps) -> None:
    resolved = followups.resolve("那乡村呢?", [])
    assert (resolved.text, resolved.asked, resolved.near) == ("那乡村呢?", "那乡村呢?", ())


def test_an_elliptic_question_is_joined_to_the_one_before(followups: FollowUps) -> None:
    resolved = followups.resolve("那集装箱呢?", [SCHOOL, PORT])
    assert resolved.text == "港口货物吞吐量要达到多少? 那集装箱呢?"
    assert (resolved.asked, resolved.near) == ("那集装箱呢?", (100,))


def test_a_new_topic_forgets_the_old_one(followups: FollowUps) -> None:
    resolved = followups.resolve("大连打算培育多少家高新技术企业?", [PORT])
    assert (resolved.text, resolved.near) == ("大连打算培育多少家高新技术企业?", ())


def test_a_change_of_language_is_a_change_of_topic_unless_it_plainly_leans(followups: FollowUps) -> None:
    assert followups.resolve("How many charging posts by 2025?", [PORT]).text == "How many charging posts by 2025?"
    assert followups.resolve("And for containers?", [PORT]).near == (100,)


def test_a_question_for_the_source_is_passed_over_by_the_next(followups: FollowUps) -> None:
    source = Turn("出自哪一节?", "出自哪一节?", (100,))
    assert followups.resolve("那集装箱呢?", [PORT, source]).after == PORT.question


def test_the_source_of_what_is_named_is_that_of_its_turn(followups: FollowUps) -> None:
    later = Turn("还有呢?", "幼儿园学位够不够? 还有呢?", (300,))
    for text in ("幼儿园学位写在哪?", "幼儿园那个在哪一节?"):
        resolved = followups.resolve(text, [SCHOOL, later, PORT])
        assert (resolved.asks_source, resolved.near) == (True, (200,))


@pytest.mark.parametrize("text", ["回到港口,粮食运量呢?", "再说回港口,那粮食呢?"])
def test_a_return_finds_the_turn_that_it_names(followups: FollowUps, text: str) -> None:
    assert followups.resolve(text, [PORT, SCHOOL]).near == (100,)


@pytest.mark.parametrize(
    "text",
    [
        "出自哪一节?",
        "这在哪一章哪一节?",
        "出处?",
        "Which section is that from?",
        "Where's that?",
        "Section?",
        "Which section mentions it?",
    ],
)
def test_a_question_for_the_source_is_not_searched(followups: FollowUps, text: str) -> None:
    resolved = followups.resolve(text, [SCHOOL, PORT])
    assert (resolved.asks_source, resolved.near) == (True, (100,))


@pytest.mark.parametrize("text", ["哪些章提到了海水淡化和再生水?", "Which chapters mention cruise ships?"])
def test_a_question_on_the_plans_chapters_is_searched(followups: FollowUps, text: str) -> None:
    assert not followups.resolve(text, [PORT]).asks_source


def test_a_name_written_by_its_sound_stands_alone_as_the_translated_one_does(assistant: Assistant) -> None:
    assistant.answer("How many charging posts by 2025?", conversation_id="by-sound")
    answer = assistant.answer("What does the plan say about Dayaowan?", conversation_id="by-sound")
    assert "Dayao Bay" in answer.answer
