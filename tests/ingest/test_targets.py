"""The index of targets: what counts as a quantity, what is read of it, and the reviewed file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import DamagedKnowledge
from ingest.model import Plan, PlanInfo
from ingest.parse import parse
from ingest.shelf import SHIPPED
from ingest.targets import FILE, Target, agreement, extract_targets, load_targets

HEAD = "某市国民经济和社会发展第十五个五年规划纲要\n目 录\n第一章 开局\n第一节 发展基础\n第二节 主要目标\n第二章 建设\n第一节 产业\n"
BODY = "第一章 开局\n第一节 发展基础\n　　{review}\n第二节 主要目标\n　　{goal}\n第二章 建设\n第一节 产业\n　　{rest}\n"


def targets_of(rest: str, *, review: str = "“十四五”时期发展较好。", goal: str = "加快发展。") -> tuple[Target, ...]:
    text = HEAD + BODY.format(review=review, goal=goal, rest=rest)
    return extract_targets(parse(text, PlanInfo(id="some-15-5", title="某市规划")))


def only(sentence: str) -> Target:
    (target,) = targets_of(sentence)
    return target


@pytest.fixture(scope="module")
def reviewed(plan: Plan) -> tuple[Target, ...]:
    return load_targets(SHIPPED / plan.id, plan)


@pytest.mark.parametrize(
    "sentence",
    [
        "推广5G和6G应用,发展PM2.5监测。",
        "建设“15分钟生活圈”,加强12315维权体系建设。",
        "开放第五航权,吸引世界500强企业。",
        "围绕2049城市愿景,推进“三变”改革。",
        "地铁1号线二期、2号线二期通车,10号院改造。",
        "基本完成2000年底前建成的老旧小区改造。",
        "落实《空间规划(2019—2035年)》和某发〔2021〕24号文件。",
        "打造“5+4+3+1”产业体系,实施三年行动。",
        "第48届大赛如期举办,C919投入运营。",
        "建成24小时自助街区和1小时通勤圈。",
        "促进3岁以下婴幼儿照护。",
        "引导第三方机构参与,加快形成一批品牌。",
    ],
)
def test_a_figure_in_a_name_is_no_target(sentence: str) -> None:
    assert targets_of(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "value", "numbers", "unit"),
    [
        ("建设3000个左右电动汽车充电桩。", "3000个左右", (3000,), "个"),
        ("打造2000亿级产业集群。", "2000亿级", (2e11,), "级"),
        ("培育5—10家省级平台。", "5—10家", (5, 10), "家"),
        ("外贸进出口总额达到 5000亿元。", "5000亿元", (5e11,), "元"),
        ("计算性能超过3000万亿次/秒。", "3000万亿次/秒", (3e15,), "次/秒"),
        ("承包到期后再延长三十年。", "三十年", (30,), "年"),
        ("企业数量翻一番。", "翻一番", (2,), "倍"),
        ("三次产业比重为5.2:46.4:48.4。", "5.2:46.4:48.4", (5.2, 46.4, 48.4), "比"),
        ("装机规模达450万千瓦。", "450万千瓦", (4.5e6,), "千瓦"),
        ("建成农村公路4000余公里。", "4000余公里", (4000,), "公里"),
        ("总人口控制在１３．９亿人以内。", "１３．９亿人以内", (1.39e9,), "人"),
        ("城乡居民收入倍差缩小到1.58左右。", "1.58左右", (1.58,), ""),
        ("旅游总人次突破3亿。", "3亿", (3e8,), ""),
        ("信用监测排名跃升至第5位。", "第5位", (5,), "位"),
        ("提供6,000个岗位。", "6,000个", (6000,), "个"),
        ("增速提高百分之五。", "百分之五", (5,), "%"),
        ("民生支出占比约七成左右。", "七成左右", (70,), "%"),
        ("实现全流程“最多60天”。", "60天", (60,), "天"),
    ],
)
def test_a_quantity_is_found_whole_and_in_base_units(
    sentence: str, value: str, numbers: tuple[float, ...], unit: str
) -> None:
    target = only(sentence)
    assert (target.values, target.numbers, target.unit) == ((value,), numbers, unit)


@pytest.mark.parametrize(
    ("sentence", "indicator", "qualifier"),
    [
        ("建设3000个左右电动汽车充电桩。", "电动汽车充电桩", "左右"),
        ("河流水质优良比例不低于64.2%。", "河流水质优良比例", "不低于"),
        ("全市地区生产总值年均增长6%以上。", "地区生产总值年均增长", "年均、以上"),
        ("金融业增加值力争突破870亿元。", "金融业增加值", "力争、突破"),
        ("五年累计实际利用外资55亿美元左右。", "实际利用外资", "累计、左右"),
        ("力争到2030年,货运量占比提升至22%。", "货运量占比", "力争"),
        ("空气质量优良天数连续4年超过300天。", "空气质量优良天数", "连续4年、超过"),
    ],
)
def test_indicator_and_qualifier(sentence: str, indicator: str, qualifier: str) -> None:
    target = only(sentence)
    assert (target.indicator, target.qualifier) == (indicator, qualifier)


def test_two_indicators_are_paired_with_two_values() -> None:
    found = targets_of("港口货物吞吐量和集装箱吞吐量分别达到4.5亿吨和800万标箱。")
    assert [(t.indicator, t.values[0]) for t in found] == [
        ("港口货物吞吐量", "4.5亿吨"),
        ("集装箱吞吐量", "800万标箱"),
    ]


def test_counts_in_one_sentence_keep_their_own_things() -> None:
    found = targets_of("建设200个放心消费集贸市场,300个放心消费超市和21条商业街。")
    assert [t.indicator for t in found] == ["放心消费集贸市场", "放心消费超市", "商业街"]


def test_results_targets_and_visions_are_told_apart() -> None:
    found = targets_of(
        "新增就业40万人。到2028年绿化率达到45%。到2035年人均产值达到3万美元。",
        review="“十四五”时期成效明显。高新技术企业超过2400家。2024年研发强度达到2.8%。",
    )
    assert [(t.kind, t.period) for t in found] == [
        ("achieved", "2021-2025"),
        ("achieved", "2024"),
        ("target", "2026-2030"),
        ("target", "2028"),
        ("vision", "2035"),
    ]


def test_a_year_to_start_from_belongs_to_its_own_figure() -> None:
    found = targets_of("加快发展。", review="“十四五”时期,产值从2020年的2.8万亿元增长至3.9万亿元。")
    assert [(t.indicator, t.period) for t in found] == [("产值", "2020"), ("产值", "2021-2025")]


def test_a_row_of_a_table_of_indicators_is_read() -> None:
    rows = "1\n全员劳动生产率（万元/人）\n29.6\n35\n—\n预期性\n2\n城镇新增就业（万人）\n31\n[125]\n—\n约束性\n"
    found = targets_of("加快发展。", goal="主要指标如下。\n序号\n指标名称\n2025年\n2030年\n年均\n属性\n" + rows)
    read = [(t.indicator, t.values[0], t.unit, t.kind) for t in found if t.indicator.startswith("全员")]
    assert read == [
        ("全员劳动生产率", "29.6", "元/人", "achieved"),
        ("全员劳动生产率", "35", "元/人", "target"),
    ]


def test_every_extracted_target_is_verbatim(plan: Plan) -> None:
    for target in extract_targets(plan):
        assert plan.text[target.start : target.end] == target.sentence
        assert (plan.text[target.value_start : target.value_end],) == target.values
        assert target.indicator


def test_text_without_a_plan_still_yields_targets() -> None:
    found = extract_targets(parse("本市建设3000个左右充电桩,覆盖率达到90%。" * 3, PlanInfo(id="x", title="x")))
    assert {(t.kind, t.period) for t in found} == {("target", "")}


def test_the_rules_agree_with_the_reviewed_file(plan: Plan, reviewed: tuple[Target, ...]) -> None:
    result = agreement(extract_targets(plan), reviewed)
    assert result.precision >= 0.98
    assert result.recall >= 0.94
    assert result.fields["kind"] >= 0.98
    assert result.fields["numbers"] == 1


def test_the_reviewed_file_is_complete_in_what_it_says(reviewed: tuple[Target, ...]) -> None:
    assert len(reviewed) >= 139
    assert all(t.indicator and t.numbers and t.period and t.label for t in reviewed)
    assert next(t for t in reviewed if t.indicator == "电动汽车充电桩").values == ("3000个左右",)
    clusters = [t.scope for t in reviewed if t.numbers == (2e11,) and t.indicator == "产业集群"]
    assert clusters == ["高端装备制造产业", "新一代信息技术产业"]


def test_without_a_reviewed_file_the_rules_are_used(plan: Plan, tmp_path: Path) -> None:
    assert load_targets(tmp_path, plan) == extract_targets(plan)


@pytest.mark.parametrize(
    "change",
    [
        {"start": 1},
        {"kind": "hope"},
        {"values": ["4000个"]},
        {"value_end": 10**9},
        {"indicator": None, "start": "x"},
        {"numbers": ["many"]},
    ],
)
def test_a_damaged_line_is_named(plan: Plan, reviewed: tuple[Target, ...], tmp_path: Path, change: object) -> None:
    line = json.loads((SHIPPED / plan.id / FILE).read_text("utf-8").splitlines()[0])
    assert isinstance(change, dict)
    (tmp_path / FILE).write_text(json.dumps({**line, **change}, ensure_ascii=False), "utf-8")
    with pytest.raises(DamagedKnowledge, match="line 1"):
        load_targets(tmp_path, plan)


def test_agreement_counts_what_is_missed_and_extra(reviewed: tuple[Target, ...]) -> None:
    other = replace(reviewed[0], value_start=reviewed[0].value_start + 1)
    result = agreement((other, *reviewed[1:]), reviewed)
    assert result.missed == (reviewed[0],)
    assert result.extra == (other,)
