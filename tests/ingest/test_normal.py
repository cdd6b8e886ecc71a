"""Normalising for matching: one spelling for every script, width and way to write a number."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.normal import compact, figures, fold, normalise

CHINESE = st.text("规規划劃建设設桩樁一二三两千百万亿点〇零个家年第条%％,，.0123456789０１２３aZ ", max_size=30)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("百分之五", "5%"),
        ("百分之三十五点五", "35.5%"),
        ("百分之12.5", "12.5%"),
        ("两千家", "2000家"),
        ("一千二百亿元", "1200亿元"),
        ("三千万人", "3000万人"),
        ("二十条", "20条"),
        ("二〇三五年", "2035年"),
        ("二○二五年", "2025年"),
        ("一九七八年", "1978年"),
        ("4,500", "4500"),
        ("1,234,567元", "1234567元"),
        ("4，500", "4500"),
        ("規劃", "规划"),
        ("充電樁", "充电桩"),
        ("ＣＯ２", "co2"),
        ("６０％", "60%"),
        ("\ufeffRCEP\u200b", "rcep"),
    ],
)
def test_ways_to_write_the_same(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    "text",
    ["一带一路", "三农", "五一", "一人", "千家万户", "十四五", "第三方", "一网通办", "三、四、五", "3.5", "v1.2"],
)
def test_numerals_that_count_nothing_are_left_alone(text: str) -> None:
    assert normalise(text) == text


def test_what_is_compared_has_no_space_and_punctuation() -> None:
    assert compact(" 建设 3,000 个,充電樁。") == "建设3000个充电桩"
    assert compact("…?!") == ""


@settings(max_examples=150, deadline=None)
@given(CHINESE | st.text(st.characters(max_codepoint=0x9FFF, exclude_categories=["Cs", "Cn"]), max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(max_examples=200, deadline=None)
@given(CHINESE)
def test_figures_keep_every_digit_in_order(text: str) -> None:
    written = fold(text)
    kept = iter(re.findall(r"\d", figures(written)))
    assert all(digit in kept for digit in re.findall(r"\d", written))


@settings(max_examples=200, deadline=None)
@given(CHINESE)
def test_no_text_breaks_normalising(text: str) -> None:
    assert isinstance(compact(text), str)
