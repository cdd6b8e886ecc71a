"""Other plans' habits, as small texts of our own making."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.coverage import coverage
from ingest.model import Kind, Plan, PlanInfo
from ingest.parse import LONGEST_PASSAGE, parse

PARTS = """某市国民经济和社会发展
第十五个五年规划纲要
语音播报
1.0x
目 录
第一篇 立足新起点，奋力谱写
新篇章 1
第一章 发展基础 1
第二章 总体要求 4
第二篇 坚持创新引领 13
第三章 建设三大枢纽 13
重大工程专栏目录
专栏1 科创平台工程 21
第一篇 立足新起点，奋力谱写
新篇章
“十五五”时期是承前启后的重要阶段，全市上下要乘势而上、接续奋斗，努力开创现代化建设的新局面。
第一章 发展基础
综合实力持续增强。地区生产总值突破2万亿元，年均增长5.5%。
第二章 总体要求
坚持以人民为中心。促进全体市民共同富裕。
第二篇 坚持创新引领
第三章 建设三大枢纽
第一节 算力枢纽
建设算力中心。算力规模达到100EFLOPS。
第二节 数据枢纽
推进数据流通。建成数据交易平台3个。
"""

INDENTED = (
    "\u3000\u3000某国国民经济和社会发展规划纲要，根据建议编制，主要阐明战略意图，明确工作重点，引导市场主体行为，是未来五年的共同行动纲领，是政府履行职责的重要依据\n"
    "\u3000\u3000第一篇\u3000转变方式\u3000开创新局面\u3000\u3000这一时期是关键时期\n必须抓住机遇\n"
    "\u3000\u3000第一章\u3000发展环境\u3000\u3000过去五年极不平凡\n经济总量达到３９．８万亿元\n"
    "\u3000\u3000第一节\u3000国际环境\u3000\u3000和平与发展仍是主题\n合作不断深\x0c入\n"
    "\u3000\u3000第二章\u3000主要目标\u3000\u3000——经济平稳发展\n国内生产总值年均增长７％\n"
)

UNNUMBERED = """某市第十五个五年规划纲要
发布日期：2026-02-10
大
中
小
本市是国家寄予厚望的战略承载地，是世界观察中国的重要窗口，展望未来，要加快建成具有世界影响力的现代化国际大都市，更好服务全国。
一、砥砺五载耕实景
1.顺利实现发展目标
综合实力持续进位。全市生产总值迈上5万亿元台阶。
2.准确把握阶段特征
世界大变局加速演进。机遇和挑战并存。
二、奋力一跳绘新篇
1.发展目标和主要指标
表1 主要指标
序号
指标
单位
2030年
1
全员劳动生产率
万元/人
> 52
2
服务贸易进出口额
亿美元
＞3000
"""


def _parse(text: str) -> Plan:
    plan = parse(text, PlanInfo(id="p", title="p"))
    assert coverage(plan).share == 1.0
    assert all(plan.text[p.start : p.end] == p.text for p in plan.passages)
    return plan


def test_parts_wrapped_contents_and_player_debris() -> None:
    plan = _parse(PARTS)
    assert [c.chapter for c in plan.chapters()] == [1, 2, 3]
    assert {s.part_title for s in plan.sections} == {"立足新起点，奋力谱写新篇章", "坚持创新引领"}
    assert [(s.chapter, s.section_title) for s in plan.numbered_sections()] == [(3, "算力枢纽"), (3, "数据枢纽")]
    assert {s.chapter: s.page for s in plan.chapters()}[3] == 13
    assert not any("1.0x" in p.text for p in plan.passages)


def test_indented_paragraphs_and_sentences_without_full_stops() -> None:
    plan = _parse(INDENTED)
    assert [c.chapter_title for c in plan.chapters()] == ["发展环境", "主要目标"]
    assert plan.sections[1].part_title == "转变方式 开创新局面"
    environment = next(p for p in plan.passages if p.chapter == 1 and not p.section)
    assert [plan.text[s.start : s.end] for s in environment.sentences] == [
        "过去五年极不平凡",
        "经济总量达到３９．８万亿元",
    ]


def test_unnumbered_parts_and_a_flattened_table() -> None:
    plan = _parse(UNNUMBERED)
    assert [c.chapter_title for c in plan.chapters()] == ["砥砺五载耕实景", "奋力一跳绘新篇"]
    assert len(plan.numbered_sections()) == 3
    rows = [plan.text[s.start : s.end] for p in plan.passages for s in p.sentences if "劳动生产率" in p.text]
    assert "1\n全员劳动生产率\n万元/人\n> 52" in rows
    assert next(s for s in plan.spans if s.kind == Kind.NOTICE)


def test_text_that_is_no_plan_becomes_one_unnamed_section() -> None:
    plan = _parse("今天天气不错。我们去公园散步。\n\n晚上吃饺子。")
    assert {(p.chapter, p.section) for p in plan.passages} == {(0, 0)}
    assert plan.warnings


@given(st.text(alphabet="第一二三章节篇 。\n　目录.1，——（）、：;|a\x0c", max_size=300))
def test_any_text_is_tiled_and_quoted_exactly(text: str) -> None:
    plan = parse(text, PlanInfo(id="p", title="p"))
    assert "".join(text[s.start : s.end] for s in plan.spans) == text
    assert all(text[p.start : p.end] == p.text for p in plan.passages)
    assert all(
        a.end <= b.start
        for a, b in zip(
            sorted(plan.passages, key=lambda p: p.start), sorted(plan.passages, key=lambda p: p.start)[1:], strict=False
        )
    )


def test_a_sentence_longer_than_a_passage_is_cut() -> None:
    plan = _parse("很长" * 2_000)
    assert all(len(p.text) <= LONGEST_PASSAGE for p in plan.passages)
