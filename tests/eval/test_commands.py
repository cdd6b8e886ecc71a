"""The commands: exit codes, files, and one message for a person's error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.assistant import Assistant
from eval import commands
from eval.gold import SHIPPED_GOLD
from ingest.errors import BadGold

ROOT = Path(__file__).parents[2]


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.jsonl"
    lines = SHIPPED_GOLD.read_text("utf-8").splitlines()
    chosen = [line for line in lines[1:] if json.loads(line)["half"] == "dev"][:6]
    path.write_text("\n".join([lines[0], *chosen]), "utf-8")
    return path


@pytest.fixture(autouse=True)
def shared(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "open_scored", lambda settings: assistant)


def test_a_run_writes_everything_and_a_rerun_passes_its_gates(few: Path, tmp_path: Path) -> None:
    first = CliRunner().invoke(commands.eval_app, [str(few), "--report", str(tmp_path / "a")])
    assert first.exit_code == 0, first.output
    names = {"results.jsonl", "summary.json", "results.csv", "junit.xml", "report.html"}
    assert {p.name for p in (tmp_path / "a").iterdir()} == names
    again = ["run", str(few), "--report", str(tmp_path / "b"), "--baseline", str(tmp_path / "a")]
    assert CliRunner().invoke(commands.eval_app, again).exit_code == 0
    table = CliRunner().invoke(commands.eval_app, ["table", str(tmp_path / "a")])
    assert table.output.startswith("| figure |")


def test_a_page_holds_as_many_answers_as_asked_for(few: Path) -> None:
    printed = CliRunner().invoke(commands.eval_app, ["page", str(few), "--count", "3"]).output
    assert printed.count("### ") == 3
    assert "[1] 《" in printed


def test_a_fallen_gate_exits_with_1(few: Path, tmp_path: Path) -> None:
    CliRunner().invoke(commands.eval_app, [str(few), "--report", str(tmp_path / "a")])
    path = tmp_path / "a" / "results.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    better = [r | {"metrics": r["metrics"] | {"quote_fidelity": 2.0}} for r in rows]
    path.write_text("\n".join(json.dumps(r) for r in better), "utf-8")
    result = CliRunner().invoke(commands.eval_app, [str(few), "--baseline", str(tmp_path / "a")])
    assert result.exit_code == 1
    assert "quote_fidelity" in result.output


def test_check_counts_and_an_empty_half_is_an_error(few: Path) -> None:
    assert "6 items" in CliRunner().invoke(commands.eval_app, ["check", str(few)]).output
    result = CliRunner().invoke(commands.eval_app, [str(few), "--half", "test"])
    assert isinstance(result.exception, BadGold)


def test_new_prints_an_entry() -> None:
    result = CliRunner().invoke(
        commands.eval_app, ["new", "充电桩要建多少个?", "--pick", "1", "--fact", "3000个左右/3000个"]
    )
    entry = json.loads(result.stdout.splitlines()[-1])
    assert entry["facts"] == [["3000个左右", "3000个"]]
    assert entry["evidence"][0]["text"]


def test_malformed_gold_exits_with_2_and_no_traceback(gold_file: Callable[..., Path], tmp_path: Path) -> None:
    path = gold_file('{"id": 1', '{"id": "a"}')
    environment = os.environ | {"PLAN_HOME": str(tmp_path), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "eval.commands", "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "line 1:" in done.stderr and "line 2:" in done.stderr
    assert "Traceback" not in done.stderr
