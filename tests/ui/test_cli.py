"""The command line: what it prints, and one sentence with exit code 2 for every error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import ui.cli
from assistant.assistant import Assistant
from assistant.settings import Settings
from ui.cli import app


@pytest.fixture(autouse=True)
def _use_fake(fake: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLAN_HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(ui.cli, "_assistant", lambda: fake)


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


def test_ask_prints_the_answer_then_its_sources() -> None:
    result = run("ask", "充电桩要建多少个?")
    assert result.exit_code == 0
    answer, _, title, source, quote = result.output.splitlines()
    assert answer == "3000个左右。建设3000个左右电动汽车充电桩。[1]"
    assert title == "依据"
    assert source.startswith("[1] 《大连市")
    assert "第十章第二节" in source
    assert source.endswith("第98页")
    assert quote == "    建设3000个左右电动汽车充电桩。"


def test_ask_names_the_nearest_sections_of_a_refusal_and_succeeds() -> None:
    result = run("ask", "明天天气怎么样?")
    assert result.exit_code == 0
    assert "最接近的章节" in result.output


def test_json_is_the_contract() -> None:
    answer = json.loads(run("ask", "充电桩要建多少个?", "--json").output)
    assert answer["citations"][0]["chapter"] == 10
    assert len(json.loads(run("search", "充电桩", "--top-k", "2", "--json").output)["hits"]) == 2


def test_search_explains_its_scores_when_asked() -> None:
    plain, explained = run("search", "电动汽车充电桩").output, run("search", "电动汽车充电桩", "--explain").output
    assert "words 1.000" not in plain
    assert "words 1.000" in explained


def test_plans_and_coverage() -> None:
    assert run("plans").output.startswith("* dalian-14-5  大连市")
    assert json.loads(run("plans", "--json").output)["plans"][0]["default"] is True
    report = run("coverage").output
    assert "15 chapters, 63 sections" in report
    assert "100.00% accounted for" in report


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_targets(form: str) -> None:
    pytest.importorskip("ingest.targets")
    result = run("targets", "--topic", "充电桩", "--format", form)
    assert result.exit_code == 0
    assert "3000" in result.output


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["ask", "充电桩?", "--plan", "x"], "没有名为"),
        (["ask", "Charging posts?", "--plan", "x"], "There is no plan"),
        (["search", "充电桩", "--plan", "x"], "没有名为"),
        (["coverage", "x"], "There is no plan"),
        (["targets", "--format", "xml"], "use table, csv or json"),
        (["ingest", "nowhere.txt"], "nowhere.txt cannot be read"),
        (["serve", "--host", "203.0.113.1", "--port", "0"], "Cannot listen on 203.0.113.1"),
    ],
)
def test_errors_are_one_sentence_and_exit_code_2(args: list[str], says: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAN_PORT", "many")
    result = run("plans")
    assert result.exit_code == 2
    assert result.stderr.startswith("PLAN_PORT=many is no valid setting")


def test_an_error_without_a_question_follows_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "没有名为" in run("coverage", "x").stderr


def test_the_terminal_cannot_be_steered_by_a_document(fake: Assistant, monkeypatch: Any) -> None:
    answer = fake.answer("充电桩?")
    object.__setattr__(answer, "answer", "\x1b[2J坏\x07")
    monkeypatch.setattr(fake, "answer", lambda *_, **__: answer)
    assert run("ask", "充电桩?").output.startswith("[2J坏\n")


def test_usage_errors_exit_with_2_as_well() -> None:
    assert run("ask").exit_code == 2
    assert run("nosuch").exit_code == 2
    assert "serve" in run("--help").output


def test_the_console_command_shows_no_traceback_and_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, ui.cli\n"
        "try: ui.cli.main()\n"
        "finally: print([m for m in ('torch', 'gradio', 'fastapi', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "ask", "充电桩?", "--plan", "没有"],
        capture_output=True, text=True, check=False, encoding="utf-8",
        env={"PLAN_HOME": str(tmp_path), "PATH": "", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(Path(ui.cli.__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout.strip() == "[]"
    assert done.stderr.count("\n") == 1
    assert "没有名为" in done.stderr


def test_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    assert Settings().home == tmp_path
