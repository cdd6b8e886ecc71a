"""What a run writes: Excel's CSV, JUnit, and a page that needs no network."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from eval.compare import Gate, compare
from eval.gold import Item
from eval.outputs import read_results, write_run
from eval.report import markdown
from eval.runner import run, seal
from eval.summary import markdown_headline, summarise
from ingest.errors import BadGold
from ingest.model import Plan
from tests.eval.conftest import Oracle

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def folder(plan: Plan, gold: list[Item], tmp_path_factory: pytest.TempPathFactory) -> Path:
    wrong = frozenset(t.question for i in gold[::3] for t in i.turns)
    before, after = (seal(run(gold, Oracle(gold, w), plan)) for w in (frozenset[str](), wrong))
    summary: dict[str, Any] = {"gold": "gold", "half": "all", "scored": "<oracle>", **summarise(after)}
    path = tmp_path_factory.mktemp("report")
    write_run(path, after, summary, compare(before, after, [Gate("right")]))
    return path


def test_results_are_read_back(folder: Path, gold: list[Item]) -> None:
    assert [r["id"] for r in read_results(folder)] == [i.id for i in gold]
    with pytest.raises(BadGold, match=r"results\.jsonl"):
        read_results(folder / "nowhere")


def test_csv_opens_in_excel(folder: Path, gold: list[Item]) -> None:
    assert (folder / "results.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(gold)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_junit_counts_failures(folder: Path, gold: list[Item]) -> None:
    suite = ElementTree.parse(folder / "junit.xml").getroot()[0]
    assert int(suite.attrib["tests"]) == len(gold)
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure")) > 0


def test_page_is_self_contained_and_shows_the_worst_first(folder: Path, gold: list[Item]) -> None:
    page = (folder / "report.html").read_text("utf-8")
    HTMLParser().feed(page)
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", page)
    states = re.findall(r'data-state="(right|wrong)"', page)
    assert states == sorted(states, reverse=True)
    assert "&lt;oracle&gt;" in page
    assert "$" not in re.sub(r"<article.*?</article>", "", page, flags=re.DOTALL)


def test_page_keeps_the_test_half_sealed(folder: Path, gold: list[Item]) -> None:
    written = "".join(path.read_text("utf-8") for path in folder.iterdir())
    dev = {t.question for i in gold if i.half == "dev" for t in i.turns}
    assert [i.id for i in gold if i.half == "test" and i.question not in dev and f">{i.question}<" in written] == []


def test_headline_is_a_markdown_table(folder: Path) -> None:
    table = markdown_headline(json.loads((folder / "summary.json").read_text("utf-8")))
    assert table.startswith("| figure | mean | 95% | n |\n|---|")
    assert "| right, passage zh |" in table


def test_answers_cannot_inject_markup() -> None:
    assert markdown("<img src=x>**粗**\n") == "&lt;img src=x&gt;<b>粗</b><br>"


@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")
def test_page_filters_in_a_browser_without_a_network(folder: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "report.html").as_uri())
        everything = page.locator("article:visible").count()
        page.select_option("#state", "wrong")
        page.select_option("#kind", "fact")
        shown = page.locator("article:visible").count()
        browser.close()
    assert 0 < shown < everything
    assert all(url.startswith("file:") for url in asked)
