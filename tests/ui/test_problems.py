"""Every error of the service is RFC 9457 problem+json, worded for the one who asked."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from ingest.errors import StoreError
from ui.api import create_app

ANSWER, SEARCH = "/api/v1/answer", "/api/v1/search"


@pytest.fixture
def client(fake: Assistant) -> TestClient:
    return TestClient(create_app(fake), raise_server_exceptions=False)


def problem(response: Any, status: int) -> dict[str, Any]:
    body = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance"} <= set(body)
    assert body["status"] == status
    assert body["instance"] == response.request.url.path
    return dict(body)


@pytest.mark.parametrize("path", [ANSWER, SEARCH, ANSWER + "/stream"])
@pytest.mark.parametrize("text", ["", " \n\u3000", "问" * 2_001])
def test_empty_and_too_long_questions(client: TestClient, path: str, text: str) -> None:
    body = problem(client.post(path, json={"question": text, "query": text}), 422)
    assert body["type"] == "urn:plan-assistant:bad-question"
    assert ("缩短" in body["detail"]) == bool(text.strip())


def test_a_body_over_the_limit_is_refused_unread(client: TestClient) -> None:
    problem(client.post(ANSWER, json={"question": "问" * 100_000}), 413)
    parts = (b"x" * 10_000 for _ in range(10))
    problem(client.post(ANSWER, content=parts, headers={"content-type": "application/json"}), 413)


@pytest.mark.parametrize(
    "body",
    [b"{bad", b"[]", b"null", b'{"q": "x"}', b'{"question": 7}', b'{"question": "\\ud800"}', b'{"question": "x", "top_k": 0}',
     b'{"question": "x", "conversation_id": "a b"}'],
)  # fmt: skip
def test_requests_that_do_not_fit_name_the_fault(client: TestClient, body: bytes) -> None:
    response = client.post(ANSWER, content=body, headers={"content-type": "application/json"})
    faults = problem(response, 422)["errors"]
    assert all(fault["pointer"] and fault["detail"] for fault in faults)


def test_unknown_plan_is_worded_in_the_question_s_language(client: TestClient) -> None:
    chinese = problem(client.post(ANSWER, json={"question": "充电桩?", "plan": "x"}), 404)
    english = problem(client.post(ANSWER, json={"question": "Charging posts?", "plan": "x"}), 404)
    assert "没有名为" in chinese["detail"]
    assert "There is no plan 'x'" in english["detail"]
    assert chinese["type"] == english["type"] == "urn:plan-assistant:unknown-plan"


@pytest.mark.parametrize(
    "path", ["/api/v1/plans/x/sections", "/api/v1/plans/x/targets", "/api/v1/plans/%2e%2e/sections"]
)
def test_plans_that_are_not_there(client: TestClient, path: str) -> None:
    pytest.importorskip("ingest.targets") if "targets" in path else None
    assert client.get(path).status_code == 404
    assert client.get(path, headers={"accept-language": "zh-CN"}).headers["content-type"] == "application/problem+json"


def test_address_and_method_that_are_not_there(client: TestClient) -> None:
    problem(client.get("/api/v1/nope"), 404)
    refused = client.get(ANSWER)
    problem(refused, 405)
    assert refused.headers["allow"] == "POST"


def test_an_index_that_cannot_be_had_is_unavailable(client: TestClient, fake: Assistant, monkeypatch: Any) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("Set PLAN_HOME.", "请设置 PLAN_HOME。")

    monkeypatch.setattr(fake, "searcher", fail)
    assert problem(client.get("/ready"), 503)["detail"] == "Set PLAN_HOME."
    assert problem(client.get("/ready", headers={"accept-language": "zh"}), 503)["detail"] == "请设置 PLAN_HOME。"


def test_a_fault_inside_tells_no_secrets(client: TestClient, fake: Assistant, monkeypatch: Any) -> None:
    monkeypatch.setattr(fake, "answer", lambda *_, **__: 1 / 0)
    body = problem(client.post(ANSWER, json={"question": "充电桩?"}), 500)
    assert "ZeroDivision" not in str(body)


def test_an_error_within_a_stream_is_an_event(client: TestClient, fake: Assistant, monkeypatch: Any) -> None:
    def fail(*_: object, **__: object) -> Any:
        yield "一"
        raise StoreError("No.", "不行。")

    monkeypatch.setattr(fake, "stream", fail)
    text = client.post(ANSWER + "/stream", json={"question": "充电桩?"}).text
    assert "event: error" in text
    assert "urn:plan-assistant:store-error" in text
