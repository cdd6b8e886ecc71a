"""The README stays true: its commands exist, its settings are all there, its example is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.assistant import Assistant
from assistant.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_every_setting_is_in_the_table() -> None:
    rows = re.findall(r"^\| `PLAN_(\w+)` \| (.*?) \| (.*?) \|$", README, re.M)
    assert {name.lower() for name, _, _ in rows} == set(Settings.model_fields)
    for name, default, meaning in rows:
        field = Settings.model_fields[name.lower()]
        assert meaning == field.description
        if default.startswith("`"):
            assert default.strip("`") == str(field.default).lower()


def test_the_example_is_what_the_assistant_says(assistant: Assistant) -> None:
    question = re.search(r'plan-assistant ask "(.+?)"', README)
    assert question
    answer = assistant.answer(question[1])
    assert answer.answer.replace("**", "") in README
    assert answer.citations[0].quote in README
    assert answer.citations[0].reference in README


def test_the_make_targets_exist() -> None:
    makefile = (Path(__file__).parent.parent / "Makefile").read_text("utf-8")
    for target in re.findall(r"\bmake (\w+)", README):
        if target != "hydrogen":
            assert re.search(rf"^{target}:", makefile, re.M), target
