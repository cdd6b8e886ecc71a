"""Adding a plan keeps its text verbatim and never overwrites another."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.settings import Settings
from ingest.errors import StoreError
from ingest.shelf import SHIPPED, Shelf
from ui.adding import BadIdError, add_plan, find_title, make_id
from ui.cli import app

TEXT = (
    "临海市国民经济和社会发展第十四个五年规划纲要\n"
    "第一章 发展基础\n第一节 主要成就\n    经济平稳增长。全市生产总值达到500亿元,年均增长6%。\n"
    "第二节 存在问题\n    创新能力不足。研发投入强度低于全国平均水平,需要在下一个五年加快补齐。\n"
)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    path = tmp_path / "临海规划 14-5.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode("gb18030"))
    return path


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


def test_ingest_reports_and_keeps_the_text_verbatim(source: Path) -> None:
    result = run("ingest", str(source))
    assert result.exit_code == 0, result.stderr
    assert "lin-hai-gui-hua-14-5: 临海市国民经济和社会发展第十四个五年规划纲要" in result.output
    assert "1 chapters, 2 sections" in result.output
    plan = Shelf((SHIPPED, Settings().home / "plans")).load("lin-hai-gui-hua-14-5")
    assert plan.text == TEXT.replace("\n", "\r\n")
    assert "lin-hai-gui-hua-14-5" in run("plans").output


def test_the_facts_beside_the_text_are_valid_toml(source: Path) -> None:
    add_plan(Settings(), source, "x", 'A "quoted" \\ title\n')
    facts = tomllib.loads((Settings().home / "plans/x/plan.toml").read_text("utf-8"))
    assert facts["title"] == 'A "quoted" \\ title\n'
    assert len(facts["sha256"]) == 64


def test_the_same_text_may_be_added_again_and_another_not(source: Path) -> None:
    add_plan(Settings(), source, "x")
    assert add_plan(Settings(), source, "x", "新标题").info.title == "新标题"
    source.write_text(TEXT + "    新增一段文字,内容有所不同。\n", "utf-8")
    with pytest.raises(BadIdError, match="Another plan is kept as 'x'"):
        add_plan(Settings(), source, "x")
    assert add_plan(Settings(), source, "x", force=True).text.endswith("不同。\n")
    assert sorted(p.name for p in (Settings().home / "plans").iterdir()) == ["x"]


def test_the_shipped_plan_is_not_overwritten_by_accident(source: Path) -> None:
    result = run("ingest", str(source), "--id", "dalian-14-5")
    assert result.exit_code == 2
    assert "临海" not in run("plans").output


@pytest.mark.parametrize("plan_id", ["..", "../x", "A b", "中文", "x/y", ".x", "x" * 65])
def test_ids_that_cannot_name_a_folder(source: Path, plan_id: str) -> None:
    with pytest.raises(BadIdError):
        add_plan(Settings(), source, plan_id)


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "holds no text"), (b"  \n", "holds no text"), (bytes(range(256)) * 9, "not text")]
)
def test_empty_and_binary_files(source: Path, content: bytes, says: str) -> None:
    source.write_bytes(content)
    result = run("ingest", str(source), "--id", "x")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert not (Settings().home / "plans").exists()


def test_a_home_that_cannot_be_written(source: Path) -> None:
    Settings().home.write_text("a file, not a folder")
    with pytest.raises(StoreError, match="PLAN_HOME"):
        add_plan(Settings(), source, "x")


def test_text_that_is_no_plan_is_added_with_a_warning(source: Path) -> None:
    source.write_text("这是一段普通的说明文字,没有任何章节标题,也不是规划。" * 3, "utf-8")
    result = run("ingest", str(source), "--id", "note", "--title", "说明")
    assert result.exit_code == 0
    assert "warning: no headings found" in result.output


@pytest.mark.parametrize(
    ("stem", "plan_id"), [("nanjing-15-5", "nanjing-15-5"), ("深圳 规划_2025", "shen-zhen-gui-hua-2025"), ("…", "plan")]
)
def test_ids_are_made_from_file_names(stem: str, plan_id: str) -> None:
    assert make_id(stem) == plan_id


def test_titles_are_found_where_the_text_states_them() -> None:
    assert (
        find_title("关于印发大连市国民经济和社会发展第十四个五年规划纲要的通知")
        == "大连市国民经济和社会发展第十四个五年规划纲要"
    )
    assert find_title("无标题") == ""
