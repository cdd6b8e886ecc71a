"""Every endpoint keeps the public contract of design.md."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from ui.api import create_app

CITATION = {"mark", "plan", "chapter", "section", "chapter_title", "section_title", "heading", "page", "quote",
            "start", "end", "reference", "anchor"}  # fmt: skip
ANSWER = {"question", "language", "answer", "abstained", "abstain_reason", "answerer", "plan", "citations", "nearest",
          "conversation_id", "turn", "standalone_question", "timings_ms"}  # fmt: skip
PASSAGE = {"id", "plan", "text", "chapter", "section", "chapter_title", "section_title", "heading", "page", "start",
           "end"}  # fmt: skip


@pytest.fixture
def client(fake: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(fake)) as client:
        yield client


def test_answer_has_the_contract_s_shape(client: TestClient) -> None:
    body = client.post("/api/v1/answer", json={"question": "充电桩要建多少个?"}).json()
    assert set(body) == ANSWER
    assert set(body["citations"][0]) == CITATION
    assert body["citations"][0]["quote"] == "建设3000个左右电动汽车充电桩。"
    assert body["citations"][0]["reference"].endswith("》第十章第二节")
    assert (body["abstained"], body["abstain_reason"], body["nearest"]) == (False, None, [])


def test_refusal_names_its_reason_and_the_nearest_sections(client: TestClient) -> None:
    body = client.post("/api/v1/answer", json={"question": "明天天气怎么样?"}).json()
    assert (body["abstained"], body["abstain_reason"], body["citations"]) == (True, "not_in_plan", [])
    assert [set(c) for c in body["nearest"]] == [CITATION] * 3


def test_conversation_continues_under_the_id_that_was_given_out(client: TestClient) -> None:
    first = client.post("/api/v1/answer", json={"question": "充电桩要建多少个?"}).json()
    again = {"question": "充电桩呢?", "conversation_id": first["conversation_id"]}
    second = client.post("/api/v1/answer", json=again).json()
    assert (second["conversation_id"], second["turn"]) == (first["conversation_id"], 2)
    assert client.delete(f"/api/v1/conversations/{first['conversation_id']}").status_code == 204
    assert client.post("/api/v1/answer", json=again).json()["turn"] == 1


def test_two_questions_without_an_id_are_two_conversations(client: TestClient) -> None:
    ask = {"question": "充电桩要建多少个?"}
    ids = {client.post("/api/v1/answer", json=ask).json()["conversation_id"] for _ in range(2)}
    assert len(ids) == 2


def test_forgetting_an_unknown_conversation_is_no_error(client: TestClient) -> None:
    assert client.delete("/api/v1/conversations/never").status_code == 204


def test_stream_sends_the_text_in_pieces_then_the_whole_answer(client: TestClient) -> None:
    response = client.post("/api/v1/answer/stream", json={"question": "充电桩要建多少个?"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = _events(response.text)
    *texts, (name, answer) = events
    assert {kind for kind, _ in texts} == {"text"}
    assert name == "answer"
    assert set(answer) == ANSWER
    assert "".join(piece for _, piece in texts) == answer["answer"]


def test_search_returns_as_many_hits_as_asked_with_verbatim_text(client: TestClient, fake: Assistant) -> None:
    hits = client.post("/api/v1/search", json={"query": "电动汽车充电桩", "top_k": 3}).json()["hits"]
    assert len(hits) == 3
    assert [set(h) for h in hits] == [{"passage", "score"}] * 3
    assert all(set(h["passage"]) == PASSAGE for h in hits)
    text = fake.searcher().plan.text
    assert all(text[p["start"] : p["end"]] == p["text"] for p in (h["passage"] for h in hits))


def test_plans_and_sections_can_be_browsed(client: TestClient) -> None:
    (plan,) = client.get("/api/v1/plans").json()["plans"]
    assert (plan["id"], plan["default"], plan["period"]) == ("dalian-14-5", True, [2021, 2025])
    sections = client.get("/api/v1/plans/dalian-14-5/sections").json()["sections"]
    assert sum(bool(s["section"]) for s in sections) == 63
    assert len({s["chapter"] for s in sections} - {0}) == 15
    assert any(s["label"] == "第十章第二节" and s["page"] == 98 for s in sections)


def test_targets_can_be_exported(client: TestClient) -> None:
    pytest.importorskip("ingest.targets")
    body = client.get("/api/v1/plans/dalian-14-5/targets").json()
    some = client.get("/api/v1/plans/dalian-14-5/targets", params={"topic": "充电桩"}).json()
    assert body["plan"] == "dalian-14-5"
    assert 0 < len(some["targets"]) < len(body["targets"])


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/health").json()["status"] == "ok"
    assert client.get("/ready").json() == {"status": "ready", "plan": "dalian-14-5", "passages": 249}


def test_openapi_documents_every_path_with_examples_and_problems(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    paths = set(schema["paths"])
    assert {"/api/v1/answer", "/api/v1/answer/stream", "/api/v1/search", "/health", "/ready"} <= paths
    schemas = schema["components"]["schemas"]
    assert schemas["AnswerRequest"]["example"]["question"] == "充电桩要建多少个?"
    assert schemas["AnswerRequest"]["properties"]["question"]["maxLength"] == 2000
    for operation in (o for path in schema["paths"].values() for o in path.values()):
        assert list(operation["responses"]["422"]["content"]) == ["application/problem+json"]


def test_no_documentation_page_loads_scripts_from_outside(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


def _events(text: str) -> list[tuple[str, object]]:
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks]


def test_the_anchor_of_a_citation_leads_to_the_plan_s_own_words(client: TestClient, fake: Assistant) -> None:
    anchor = client.post("/api/v1/answer", json={"question": "充电桩要建多少个?"}).json()["citations"][0]["anchor"]
    page = client.get(anchor)
    assert page.headers["content-type"].startswith("text/html")
    assert page.text.count("<h2") == 15
    assert page.text.count("<h3") == 63
    assert page.text.count("<p data-start") == len(fake.searcher().plan.passages)
    assert "第十章第二节" in page.text
    assert client.get("/plans/x").headers["content-type"] == "application/problem+json"
