"""The faces over the real assistant: the shipped plan, the bundled model, an index of its own."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from assistant.assistant import open_assistant
from assistant.settings import Settings
from ui.api import create_app
from ui.chat import Chat, Talk
from ui.cli import app

SENTENCE = "建设3000个左右电动汽车充电桩。"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with TestClient(create_app(open_assistant(Settings(home=home)))) as client:
        yield client


def run(home: Path, *args: str) -> Result:
    return CliRunner().invoke(app, list(args), env={"PLAN_HOME": str(home), "LC_ALL": "C.UTF-8"})


@pytest.mark.parametrize("question", ["充电桩要建多少个?", "What is the 2025 target for new-energy charging posts?"])
def test_both_faces_give_the_cited_answer(home: Path, client: TestClient, question: str) -> None:
    by_http = client.post("/api/v1/answer", json={"question": question}).json()
    by_hand = json.loads(run(home, "ask", question, "--json").output)
    for answer in (by_http, by_hand):
        citation = answer["citations"][0]
        assert not answer["abstained"]
        assert "3000" in answer["answer"].replace(",", "")
        assert (citation["chapter"], citation["section"], citation["quote"]) == (10, 2, SENTENCE)
        assert citation["reference"].endswith("》第十章第二节")
    assert by_http["answer"] == by_hand["answer"]


def test_a_question_on_the_weather_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/answer", json={"question": "明天天气怎么样?"}).json()
    assert answer["abstained"]
    assert answer["citations"] == []


def test_a_follow_up_is_understood_by_the_id_that_was_given_out(client: TestClient) -> None:
    first = client.post("/api/v1/answer", json={"question": "充电桩要建多少个?"}).json()
    again = {"question": "在哪一章?", "conversation_id": first["conversation_id"]}
    assert client.post("/api/v1/answer", json=again).json()["turn"] == 2
    assert client.delete(f"/api/v1/conversations/{first['conversation_id']}").status_code == 204
    assert client.post("/api/v1/answer", json=again).json()["turn"] == 1


def test_every_citation_and_hit_is_verbatim(home: Path, client: TestClient) -> None:
    text = open_assistant(Settings(home=home)).shelf.load("dalian-14-5").text
    for question in ("数字经济有哪些举措?", "How will elderly care develop?", "港口吞吐量"):
        answer = client.post("/api/v1/answer", json={"question": question}).json()
        hits = client.post("/api/v1/search", json={"query": question, "top_k": 4}).json()["hits"]
        assert all(text[c["start"] : c["end"]] == c["quote"] for c in answer["citations"] + answer["nearest"])
        assert all(text[h["passage"]["start"] : h["passage"]["end"]] == h["passage"]["text"] for h in hits)
        assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)


def test_ready_means_the_index_is_there_and_verified(home: Path, client: TestClient) -> None:
    assert client.get("/ready").json()["passages"] == 249
    assert list(home.glob("index/*/manifest.json"))


def test_the_chat_streams_the_real_answer(home: Path) -> None:
    steps = list(Chat(open_assistant(Settings(home=home))).ask("充电桩要建多少个?", [], Talk(), "dalian-14-5"))
    assert "3000个左右" in steps[-1][1][-1]["content"]
    assert f"<mark>{SENTENCE}</mark>" in steps[-1][3]


def test_a_plan_that_was_added_can_be_asked(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "linhai.txt"
    source.write_text(
        "第一章 交通\n第一节 轨道\n    建设城市轨道。到2025年建成轨道交通线路120公里,新增车站45座。\n"
        "第二节 公路\n    完善公路网络。到2025年公路总里程达到3500公里。\n",
        "utf-8",
    )
    assert run(home, "ingest", str(source), "--id", "linhai", "--title", "临海规划").exit_code == 0
    answer = json.loads(run(home, "ask", "公路总里程达到多少公里?", "--plan", "linhai", "--json").output)
    assert answer["plan"] == "linhai"
    assert "3500公里" in answer["citations"][0]["quote"]


def test_long_and_empty_questions_exit_with_2(home: Path) -> None:
    for question in ("", "问" * 100_000):
        result = run(home, "ask", question)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_without_write_permission(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    result = run(tmp_path / "home", "ask", "充电桩要建多少个?")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    result = run(home, "ask", "充电桩要建多少个?")
    assert result.exit_code == 2
    assert "PLAN_HOME" in result.stderr
    assert result.stderr.count("\n") == 1
