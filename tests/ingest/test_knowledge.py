"""What is written about the shipped plan fits it to the letter; a line that does not is named."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import DamagedKnowledge
from ingest.knowledge import GENERAL_ALIASES, REASONS, Knowledge, load_knowledge, read_aliases
from ingest.model import Passage, Plan
from ingest.shelf import SHIPPED
from ingest.targets import extract_targets

CHINESE, ENGLISH, LONG = 20, 5, 60


@pytest.fixture(scope="module")
def known(plan: Plan) -> Knowledge:
    return load_knowledge(SHIPPED / plan.id, plan)


@pytest.fixture(scope="module")
def homes(plan: Plan) -> dict[int, Passage]:
    """Map the start of every sentence to its passage."""
    return {s.start: p for p in plan.passages for s in p.sentences}


class TestUnanswered:
    def test_what_is_near_is_a_whole_sentence(self, plan: Plan, known: Knowledge, homes: dict[int, Passage]) -> None:
        assert all(homes[s.start] and s in homes[s.start].sentences for u in known.unanswered for s in u.near)

    def test_no_question_is_both_answered_and_not(self, known: Knowledge) -> None:
        counts = Counter(u.question.strip().lower() for u in (*known.bank, *known.unanswered))
        assert [q for q, n in counts.items() if n > 1] == []

    def test_each_reason_is_written_for_in_both_languages(self, known: Knowledge) -> None:
        counts = Counter((u.reason, u.language) for u in known.unanswered)
        assert {key for key, n in counts.items() if n >= 30} == set(product(REASONS, ("zh", "en")))


class TestBank:
    def test_evidence_is_whole_sentences_of_one_passage(
        self, plan: Plan, known: Knowledge, homes: dict[int, Passage]
    ) -> None:
        whole = {s for p in plan.passages for s in p.sentences}
        for entry in known.bank:
            assert entry.evidence, entry.question
            assert set(entry.evidence) <= whole, entry.question
            assert len({homes[s.start].id for s in entry.evidence}) == 1, entry.question

    def test_answers_are_verbatim_in_one_sentence_of_the_evidence(self, plan: Plan, known: Knowledge) -> None:
        for entry in known.bank:
            texts = [plan.text[s.start : s.end] for s in entry.evidence]
            for answer in entry.answers:
                assert answer.strip(), entry.question
                assert any(answer in t for t in texts), entry.question

    def test_no_question_is_asked_twice(self, known: Knowledge) -> None:
        counts = Counter(e.question.strip().lower() for e in known.bank)
        assert [q for q, n in counts.items() if n > 1] == []

    def test_questions_are_in_the_language_they_claim(self, known: Knowledge) -> None:
        assert {e.language for e in known.bank} == {"zh", "en"}
        wrong = [
            e.question
            for e in known.bank
            if not e.question.strip() or any("一" <= c <= "鿿" for c in e.question) != (e.language == "zh")
        ]
        assert wrong == []

    def test_every_passage_of_some_length_is_asked_about_in_both_languages(
        self, plan: Plan, known: Knowledge, homes: dict[int, Passage]
    ) -> None:
        counts = Counter((homes[e.evidence[0].start].id, e.language) for e in known.bank)
        thin = [
            (p.id, counts[p.id, "zh"], counts[p.id, "en"])
            for p in plan.passages
            if len(p.text) > LONG and (counts[p.id, "zh"] < CHINESE or counts[p.id, "en"] < ENGLISH)
        ]
        assert thin == []


class TestThemes:
    def test_evidence_is_whole_sentences_of_several_sections(self, known: Knowledge, homes: dict[int, Passage]) -> None:
        for theme in known.themes:
            assert all(s in homes[s.start].sentences for s in theme.evidence), theme.questions[0]
            assert len({(homes[s.start].chapter, homes[s.start].section) for s in theme.evidence}) > 1, theme.questions[
                0
            ]

    def test_no_question_is_asked_twice(self, known: Knowledge) -> None:
        counts = Counter(q.lower() for theme in known.themes for q in theme.questions)
        assert [q for q, n in counts.items() if n > 1] == []


class TestTranslation:
    def test_every_sentence_is_translated_and_nothing_else(self, known: Knowledge, homes: dict[int, Passage]) -> None:
        assert set(known.english) == set(homes)
        assert all(text.strip() for text in known.english.values())

    def test_a_translation_is_in_english(self, known: Knowledge) -> None:
        chinese = [t for t in known.english.values() if sum("一" <= c <= "鿿" for c in t) > 0.05 * len(t)]
        assert chinese == []

    def test_every_title_is_translated(self, plan: Plan, known: Knowledge) -> None:
        titles = {t for s in plan.sections for t in (s.chapter_title, s.section_title) if t}
        assert titles == set(known.english_titles)


class TestAliases:
    def test_both_lists_are_read_and_joined(self, plan: Plan, known: Knowledge) -> None:
        general, own = read_aliases(GENERAL_ALIASES), read_aliases(SHIPPED / plan.id / "aliases.tsv")
        assert set(known.aliases) == set(general) | set(own)
        assert len(known.aliases) > 1_500
        assert all(targets and all(targets) for targets in known.aliases.values())
        assert "细颗粒物" in known.aliases["pm2.5"]

    @pytest.mark.parametrize("path", [GENERAL_ALIASES, SHIPPED / "dalian-14-5" / "aliases.tsv"], ids=["general", "own"])
    def test_every_line_is_a_term_and_its_targets(self, path: Path) -> None:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert line.startswith("#") or not line or [bool(f.strip()) for f in line.split("\t")] == [True, True], (
                number
            )

    def test_odd_lines_do_no_harm(self, tmp_path: Path) -> None:
        path = tmp_path / "aliases.tsv"
        path.write_text("# 注释\t不读\n\n没有目标\nEV \t 电动汽车; ;新能源汽车\n", "utf-8")
        assert read_aliases(path) == {"ev": ("电动汽车", "新能源汽车")}
        assert read_aliases(tmp_path / "nowhere.tsv") == {}


def test_a_plan_without_files_has_the_general_aliases_and_the_targets_that_rules_find(
    plan: Plan, tmp_path: Path
) -> None:
    expected = Knowledge(aliases=read_aliases(GENERAL_ALIASES), targets=extract_targets(plan))
    assert load_knowledge(tmp_path, plan) == expected


def rows(plan: Plan, name: str) -> list[dict[str, Any]]:
    lines = (SHIPPED / plan.id / name).read_text("utf-8").splitlines()
    return [r for r in map(json.loads, lines[:200]) if "title" not in r][:2]


def written(folder: Path, name: str, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    (folder / name).write_text("\n".join(texts) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": [{"start": 0, "text": "规划里没有这句话"}]},
        {"evidence": [{"start": 10**9, "text": "规划"}]},
        {"answers": ["三百亿"]},
    ],
)
def test_a_question_that_does_not_fit_is_named_by_file_and_line(
    plan: Plan, tmp_path: Path, change: dict[str, Any]
) -> None:
    good, bad = rows(plan, "questions.jsonl")
    with pytest.raises(DamagedKnowledge, match=r"questions\.jsonl line 2:.*mend or remove") as caught:
        load_knowledge(written(tmp_path, "questions.jsonl", good, bad | change), plan)
    assert "questions.jsonl 第 2 行" in caught.value.message("zh")


@pytest.mark.parametrize("name", ["questions.jsonl", "unanswered.jsonl", "themes.jsonl", "translation.jsonl"])
def test_a_line_that_is_no_json_is_named(plan: Plan, tmp_path: Path, name: str) -> None:
    line = json.dumps(rows(plan, name)[0], ensure_ascii=False)
    with pytest.raises(DamagedKnowledge, match=rf"{name} line 2"):
        load_knowledge(written(tmp_path, name, line, line[:-20]), plan)


def test_a_translation_of_something_else_is_named(plan: Plan, tmp_path: Path) -> None:
    good, bad = rows(plan, "translation.jsonl")
    with pytest.raises(DamagedKnowledge, match=r"translation\.jsonl line 2"):
        load_knowledge(written(tmp_path, "translation.jsonl", good, bad | {"start": bad["start"] + 1}), plan)


@pytest.mark.parametrize(
    "change", [{"evidence": []}, {"evidence": [7]}, {"evidence": [{"start": "0", "text": "规划"}]}, {"answers": 7}]
)
def test_a_field_of_another_type_is_named(plan: Plan, tmp_path: Path, change: dict[str, Any]) -> None:
    good, bad = rows(plan, "questions.jsonl")
    with pytest.raises(DamagedKnowledge, match=r"questions\.jsonl line 2"):
        load_knowledge(written(tmp_path, "questions.jsonl", good, bad | change), plan)


@pytest.mark.parametrize("line", [b"[1]", b"7", b"", "{'问题'}".encode("gb18030")])
def test_a_line_that_is_no_object_is_named(plan: Plan, tmp_path: Path, line: bytes) -> None:
    for name in ("questions.jsonl", "unanswered.jsonl", "themes.jsonl", "translation.jsonl"):
        (tmp_path / name).write_bytes(line + b"\n")
        with pytest.raises(DamagedKnowledge, match=rf"{name} line 1"):
            load_knowledge(tmp_path, plan)
        (tmp_path / name).unlink()


@pytest.mark.parametrize("missing", ["question", "language", "evidence"])
def test_a_question_without_a_field_is_named(plan: Plan, tmp_path: Path, missing: str) -> None:
    row = rows(plan, "questions.jsonl")[0]
    del row[missing]
    with pytest.raises(DamagedKnowledge, match=r"questions\.jsonl line 1"):
        load_knowledge(written(tmp_path, "questions.jsonl", row), plan)


@pytest.mark.parametrize("change", [{"near": []}, {"reason": "out_of_scope"}, {"reason": ""}])
def test_an_unanswered_question_without_a_reason_or_a_place_is_named(
    plan: Plan, tmp_path: Path, change: dict[str, Any]
) -> None:
    row = rows(plan, "unanswered.jsonl")[0]
    with pytest.raises(DamagedKnowledge, match=r"unanswered\.jsonl line 1: its reason"):
        load_knowledge(written(tmp_path, "unanswered.jsonl", row | change), plan)


@pytest.mark.parametrize("change", [{"evidence": []}, {"questions": []}, {"questions": 7}, {"questions": [7]}])
def test_a_theme_without_evidence_or_questions_is_named(plan: Plan, tmp_path: Path, change: dict[str, Any]) -> None:
    good, bad = rows(plan, "themes.jsonl")
    with pytest.raises(DamagedKnowledge, match=r"themes\.jsonl line 2"):
        load_knowledge(written(tmp_path, "themes.jsonl", good, bad | change), plan)


def test_lines_that_fit_are_read_as_written(plan: Plan, tmp_path: Path) -> None:
    row = rows(plan, "questions.jsonl")[0]
    (entry,) = load_knowledge(written(tmp_path, "questions.jsonl", row), plan).bank
    assert (entry.question, entry.language, entry.answers) == (row["question"], row["language"], tuple(row["answers"]))
    assert [(s.start, plan.text[s.start : s.end]) for s in entry.evidence] == [
        (e["start"], e["text"]) for e in row["evidence"]
    ]


def test_the_card_and_the_format_state_what_is_there(plan: Plan) -> None:
    card = (SHIPPED / plan.id / "CARD.md").read_text("utf-8")
    sentences = sum(len(p.sentences) for p in plan.passages)
    for fact in (
        plan.info.sha256,
        f"{len(plan.text):,} characters",
        f"{len(plan.passages)} passages",
        f"{sentences:,} sent",
    ):
        assert fact in card
    for path in (SHIPPED / plan.id).iterdir():
        assert path.name == "CARD.md" or f"`{sha256(path.read_bytes()).hexdigest()}`" in card, path.name
    guide = (SHIPPED / "README.md").read_text("utf-8")
    for name in ("questions.jsonl", "unanswered.jsonl", "themes.jsonl", "translation.jsonl", "targets.jsonl"):
        assert f"## {name}" in guide
        assert all(f"`{field}`" in guide or f'"{field}"' in guide for row in rows(plan, name) for field in row), name


def test_the_example_of_the_format_is_a_line_that_loads(plan: Plan, tmp_path: Path) -> None:
    guide = (SHIPPED / "README.md").read_text("utf-8").splitlines()
    (tmp_path / "questions.jsonl").write_text(next(x for x in guide if x.startswith('{"question"')), "utf-8")
    assert load_knowledge(tmp_path, plan).bank[0].answers == ("3000个左右",)
