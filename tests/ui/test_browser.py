"""The page of a real server in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve on a free port, as the console command does."""
    environment = os.environ | {"PLAN_HOME": str(tmp_path_factory.mktemp("home")), "PYTHONPATH": str(ROOT)}
    code = "from ui.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as server:
        assert server.stdout is not None
        found = re.match(r"http://\S+", server.stdout.readline())
        assert found, "the server did not start"
        _wait(found[0] + "/ready")
        yield found[0]
        server.terminate()


def _wait(url: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "mobile"])
def test_a_question_is_answered_with_its_marked_sentence(
    address: str, browser: sync_api.Browser, size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.goto(address)
    page.fill("#question textarea", "充电桩要建多少个?")
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#panel mark", timeout=30_000)
    assert "3000个左右" in page.inner_text("#chat .bot")
    assert page.inner_text("#panel mark") == "建设3000个左右电动汽车充电桩。"
    assert "第十章第二节" in page.inner_text("#panel .card header")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert [u for u in outside if not u.startswith((address, "data:", "blob:"))] == []
    page.close()


def test_an_example_a_follow_up_a_mark_and_a_new_conversation(address: str, browser: sync_api.Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.click("#chat .example >> nth=0")
    page.wait_for_selector("#panel mark", timeout=30_000)
    page.fill("#question textarea", "明天天气怎么样?")
    page.click("#question .submit-button")
    page.wait_for_selector("#chat .option", timeout=30_000)
    assert page.locator("#panel mark:visible").count() == 0
    page.click('#chat a[href="#cite-1-1"]')
    page.wait_for_selector("#panel .card.lit mark")
    page.click("#fresh")
    page.wait_for_selector("#chat .example", timeout=30_000)
    assert "提问后" in page.inner_text("#panel")
    page.close()


def test_what_is_copied_is_what_is_read(address: str, browser: sync_api.Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    page.click("#chat .example >> nth=0")
    page.wait_for_selector("#panel mark", timeout=30_000)
    page.click("#panel .copy")
    page.wait_for_selector("#panel .copy:has-text('已复制')")
    assert page.evaluate("navigator.clipboard.readText()").endswith("》第十章第二节")
    page.click("#chat .message-buttons-left .icon-button >> nth=0")
    assert page.evaluate("navigator.clipboard.readText()") == "3000个左右。建设3000个左右电动汽车充电桩。[1]"
    context.close()


def test_the_full_text_opens_at_the_cited_sentence(address: str, browser: sync_api.Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.click("#chat .example >> nth=0")
    page.wait_for_selector("#panel mark", timeout=30_000)
    page.goto(address + str(page.get_attribute("#panel .reference a", "href")))
    assert page.inner_text("mark") == "建设3000个左右电动汽车充电桩。"
    box = page.locator("mark").bounding_box()
    assert box and 0 < box["y"] < 800
    page.close()
