"""Document text stays text on the page, and the cited sentence is marked in its paragraph."""

from __future__ import annotations

from dataclasses import replace

from assistant.answer import cite
from assistant.assistant import Assistant
from ingest.model import PlanInfo
from ingest.parse import parse
from ui import cards

EVIL = "发展基础良好。<img src=x onerror=alert(1)>与![图](http://evil.example/x.png)并列推进。第三句话在这里收尾。"


def test_the_sentence_is_marked_within_its_whole_paragraph(fake: Assistant) -> None:
    plan = fake.searcher().plan
    html = cards.sheet(fake.answer("充电桩要建多少个?"), plan, 3)
    assert "<mark>建设3000个左右电动汽车充电桩。</mark>优化电力需求侧管理" in html
    assert 'id="cite-3-1"' in html
    assert "第98页" in html
    assert 'data-copy="《大连市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要》第十章第二节"' in html


def test_sentences_of_one_paragraph_share_a_card(fake: Assistant) -> None:
    plan = fake.searcher().plan
    passage = next(p for p in plan.passages if len(p.sentences) > 3)
    cited = tuple(cite(plan, passage, s.start, s.end, n) for n, s in enumerate(passage.sentences[:2], start=1))
    html = cards.sheet(replace(fake.answer("充电桩?"), citations=cited), plan, 1)
    assert html.count("<article") == 1
    assert html.count("<mark>") == 2


def test_document_text_cannot_act_as_html() -> None:
    plan = parse(EVIL, PlanInfo("evil", '<script>alert("t")</script>'))
    passage = plan.passages[0]
    citation = cite(plan, passage, passage.sentences[1].start, passage.sentences[1].end, 1)
    html = cards.card([citation], passage, plan, "cite-1")
    assert "<img" not in html
    assert "<script" not in html
    assert "<mark>&lt;img src=x onerror=alert(1)&gt;" in html
    message = cards.message(EVIL + "[1]", 1)
    assert "<" not in message
    assert "![" not in message
    assert message.endswith("[[1]](#cite-1-1)")


def test_links_are_undone_for_feedback() -> None:
    text = "**3000个**。a<b & ![x][1]"
    assert cards.without_links(cards.message(text, 2)) == text


def test_a_refusal_shows_the_nearest_and_without_any_says_so(fake: Assistant) -> None:
    plan, refusal = fake.searcher().plan, fake.answer("明天天气怎么样?")
    assert "最接近的章节" in cards.sheet(refusal, plan, 1)
    assert "没有可引用的内容" in cards.sheet(replace(refusal, nearest=()), plan, 1)
