"""Facts are found whatever the figures' writing, and never inside other figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.match import holds, normal_form, plain, quantities

HELD = [
    ("5000亿元", "5,000亿元"),
    ("500 billion yuan", "5000亿元"),
    ("RMB 500 billion", "500 billion yuan"),
    ("5 000亿元", "5000亿元"),
    ("1万亿元", "10000亿元"),
    ("到5%", "百分之五"),
    ("50 per cent", "50%"),
    ("占比超过 70 %。", "70%"),
    ("**3000个**左右[1]", "3,000个左右"),
    ("3,000 charging posts[1].", "3000"),
    ("两千家", "2000家"),
    ("２０２５年", "2025年"),
    ("in 2020, 5000 units", "5000"),
    ("2020、5000", "5000"),
    ("3至5家", "3—5家"),
    ("2021-2025年", "2025年"),
    ("8 million TEU", "800万标箱"),
    ("eight million", "8 million"),
    ("8,000,000", "8 million"),
    ("fifteen chapters", "15"),
    ("$5 billion", "5 billion US dollars"),
    ("30万千瓦", "300 MW"),
    ("100 square kilometres", "100平方公里"),
    ("1.5 percentage points", "1.5个百分点"),
    ("petrochemicals", "petrochemical"),
    ("the new JINPU New Area", "Jinpu New Area"),
    ("organisation", "organization"),
    ("high-speed rail", "high speed rail"),
    ("達到戰略目標", "战略"),
    ("募、投、管、退全链条服务", "募投管退全链条服务"),
    ("Chapter 1.\nChapter 2", "Chapter 2"),
    ("More than 4,000 kilometers", "4000余公里"),
    ("100多万人", "1 million"),
]
NOT_HELD = [
    ("55%", "5%"),
    ("2.5%", "5%"),
    ("42.5%", "42"),
    ("5%", "5"),
    ("13000", "3000"),
    ("3000亿元", "3000"),
    ("5000元", "5000亿元"),
    ("2020、5000", "20205000"),
    ("3-5家", "5家"),
    ("maintain", "AI"),
    ("Chapter 12", "Chapter 1"),
    ("1,200,000", "200,000"),
    ("12.3", "2.3"),
    ("5公里", "5吨"),
    ("", "5"),
]


@pytest.mark.parametrize(("answer", "form"), HELD)
def test_holds_a_fact_in_another_writing(answer: str, form: str) -> None:
    assert holds(answer, [form]), (normal_form(plain(answer)), normal_form(form))


@pytest.mark.parametrize(("answer", "form"), NOT_HELD)
def test_does_not_hold_what_only_looks_alike(answer: str, form: str) -> None:
    assert not holds(answer, [form]), (normal_form(plain(answer)), normal_form(form))


def test_marks_and_markdown_are_no_text() -> None:
    assert plain("## 结果\n- **3000个**[1][2]\n> 见[网站](https://x.cn)\n1. 第一") == "结果\n3000个\n见网站\n第一"


def test_a_figure_is_read_with_its_scale_and_unit() -> None:
    assert [(q.value, q.unit) for q in quantities(normal_form("投资5000亿元,长158公里"))] == [
        (5e11, "yuan"),
        (158e3, "m"),
    ]


@given(st.text(max_size=60))
def test_normal_form_is_stable(text: str) -> None:
    once = normal_form(text)
    assert normal_form(once) == normal_form(normal_form(once))


@given(st.integers(1, 10**7), st.text("的和了。 \n,", max_size=8))
def test_a_figure_is_found_between_other_words(number: int, around: str) -> None:
    assert holds(f"目标{around}是{number:,}个{around}", [f"{number}个"])
    assert not holds(f"目标是{number}1个", [f"{number}个"])
