"""One process, two parts: what goes where, and what is said when the port is taken."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.settings import Settings
from ingest.errors import StoreError
from ui.serving import AddressError, Warming, listen, make_site, serve


@pytest.fixture
def site(fake: Assistant) -> Iterator[TestClient]:
    with TestClient(make_site(fake)) as client:
        yield client


def test_the_page_stands_at_the_root_and_the_service_beside_it(site: TestClient) -> None:
    page = site.get("/")
    assert page.status_code == 200
    assert "规划问答" in page.text
    assert site.get("/health").json()["status"] == "ok"
    assert site.post("/api/v1/answer", json={"question": "充电桩要建多少个?"}).json()["answerer"] == "extractive"


def test_errors_of_the_service_are_problems_though_the_page_takes_the_rest(site: TestClient) -> None:
    for response in (site.get("/api/v1/nope"), site.get("/api/v1/answer")):
        assert response.headers["content-type"] == "application/problem+json"


def test_gradio_s_analytics_are_off(site: TestClient) -> None:
    assert site.get("/config").json()["analytics_enabled"] is False


def test_files_cannot_be_left_on_the_server(site: TestClient) -> None:
    response = site.post("/gradio_api/upload", files={"files": ("x.txt", b"x" * 2_000)})
    assert response.status_code in {400, 403, 404, 413}


def test_a_port_in_use_is_one_sentence_and_nothing_is_loaded(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressError, match=f"port {port}.*--port"):
            serve(Settings(home=tmp_path), "127.0.0.1", port)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["203.0.113.1", "no such host", "a" * 300])
def test_addresses_that_are_not_ours(host: str) -> None:
    with pytest.raises(AddressError):
        listen(host, 0)


def test_what_fails_while_warming_is_raised_when_finished() -> None:
    class Broken:
        def warm(self) -> None:
            raise StoreError("No home.")

    with pytest.raises(StoreError, match="No home"):
        Warming(cast(Any, Broken())).finish()
