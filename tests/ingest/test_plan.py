"""The shipped plan: every defect of its scrape is survived."""

from __future__ import annotations

import hashlib

import pytest

from ingest.coverage import coverage
from ingest.model import Kind, Plan
from ingest.shelf import SHIPPED


def test_text_is_the_one_recorded(plan: Plan) -> None:
    data = (SHIPPED / plan.id / "plan.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == plan.info.sha256
    assert data.decode() == plan.text


def test_fifteen_chapters_and_sixty_three_sections_have_titles_and_pages(plan: Plan) -> None:
    assert [c.chapter for c in plan.chapters()] == list(range(1, 16))
    assert all(c.chapter_title for c in plan.chapters())
    assert len(plan.numbered_sections()) == 63
    assert all(s.section_title and s.page for s in plan.numbered_sections())


@pytest.mark.parametrize(
    ("chapter", "title", "page"),
    [
        (2, "强化战略科技引领 建设创新策源中心", 25),
        (4, "推动数字化赋能 建设数字大连", 46),
        (7, "构筑开放发展新优势 打造新时代双向开放新高地", None),
        (8, "大力推动制度创新 打造东北全面深化改革示范区", None),
    ],
)
def test_lost_chapters_are_recovered(plan: Plan, chapter: int, title: str, page: int | None) -> None:
    found = next(c for c in plan.chapters() if c.chapter == chapter)
    assert (found.chapter_title, found.page) == (title, page)


@pytest.mark.parametrize(
    ("chapter", "opening"),
    [
        (2, "坚持创新在现代化建设全局中的核心地位"),
        (4, "围绕“优政、兴业、惠民”的目标"),
        (7, "以制度型开放为主线"),
        (8, "以优化营商环境为基础"),
    ],
)
def test_preambles_are_section_zero(plan: Plan, chapter: int, opening: str) -> None:
    preamble = next(p for p in plan.passages if (p.chapter, p.section) == (chapter, 0))
    assert preamble.text.startswith(opening)


def test_every_character_is_accounted_for(plan: Plan) -> None:
    report = coverage(plan)
    assert report.share == 1.0
    assert report.by_kind[Kind.PASSAGE] > 57_000
    assert {Kind.CONTENTS, Kind.NOTICE, Kind.FOOTER, Kind.CAPTION, Kind.LOST_TABLE, Kind.NOTE} <= set(report.by_kind)


def test_spans_tile_the_text(plan: Plan) -> None:
    position = 0
    for span in plan.spans:
        assert span.start == position < span.end
        position = span.end
    assert position == len(plan.text)


def test_offsets_are_exact_and_passages_short(plan: Plan) -> None:
    for passage in plan.passages:
        assert plan.text[passage.start : passage.end] == passage.text
        assert len(passage.text) <= 1_200
        assert passage.sentences
        assert all(passage.start <= s.start < s.end <= passage.end for s in passage.sentences)


def test_the_lost_table_and_the_captions_are_known(plan: Plan) -> None:
    pieces = {k: [plan.text[s.start : s.end] for s in plan.spans if s.kind == k] for k in Kind}
    assert pieces[Kind.LOST_TABLE] == ["“十四五”时期经济社会发展主要指标表"]
    assert pieces[Kind.NOTE][0].startswith("注:[]为五年累计数")
    assert len(pieces[Kind.CAPTION]) == 4
    assert all(c.endswith("图") for c in pieces[Kind.CAPTION])


def test_levels_stay_in_the_heading_path(plan: Plan) -> None:
    goal = next(p for p in plan.passages if "全市地区生产总值年均增长6%以上" in p.text)
    assert goal.heading == "综合实力迈上新台阶"
    assert goal.path[2:] == ("四、发展目标", "(二)“十四五”时期发展目标")


def test_a_space_within_a_sentence_ends_nothing(plan: Plan) -> None:
    for piece in ("外贸进出口总额达到 5000亿元。", "“不忘 初心、牢记使命”", "探索 “法定机构+业界共治”"):
        assert any(piece in p.text for p in plan.passages)
    charging = next(p for p in plan.passages if "充电桩" in p.text)
    assert charging.heading == "提高终端能源消费利用效率"
    assert (charging.chapter, charging.section, charging.page) == (10, 2, 98)
