"""What an Alertmanager is asked, and what becomes of its answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bot.adapters import amazon
from bot.adapters.alertmanager import Alertmanager
from ops_core.errors import Invalid, Unavailable


class Api(BaseHTTPRequestHandler):
    """Answers what the test sets, and keeps what it was asked."""

    status = 200
    answer: Any = ()
    asked: tuple[str, str] = ("", "")

    def do_GET(self) -> None:
        """The answer."""
        type(self).asked = (self.path, self.headers.get("Authorization", ""))
        body = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[tuple[type[Api], str]]:
    """An API of this test alone, and its address."""
    page = type("Page", (Api,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield page, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_is_asked_with_the_token_for_one_receiver(api: tuple[type[Api], str]) -> None:
    """The receiver's name is no pattern."""
    page, address = api
    page.answer = [{"labels": {}}]
    assert Alertmanager(f"{address}/", "a token", "to.csin").alerts() == [{"labels": {}}]
    assert page.asked == ("/api/v2/alerts?receiver=%5Eto%5C.csin%24", "Bearer a token")


def test_it_says_since_when_it_runs(api: tuple[type[Api], str]) -> None:
    """In its status."""
    page, address = api
    page.answer = {"uptime": "2026-03-02T08:15:00.5Z"}
    assert Alertmanager(address).started_at().isoformat() == "2026-03-02T08:15:00.500000+00:00"


@pytest.mark.parametrize(("status", "why"), [(500, "did not answer: 500"), (401, "did not answer: 401")])
def test_an_error_is_worth_another_try(api: tuple[type[Api], str], status: int, why: str) -> None:
    """And says which."""
    page, address = api
    page.status = status
    with pytest.raises(Unavailable, match=why):
        Alertmanager(address).alerts()


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (b"<html>", "not JSON"),
        ({"a": 1}, "its alerts must be a list"),
        ([1], "an alert must be an object"),
    ],
)
def test_an_answer_of_another_kind_is_refused(
    api: tuple[type[Api], str], answer: Any, complaint: str
) -> None:
    """It is no Alertmanager."""
    page, address = api
    page.answer = answer
    with pytest.raises(Invalid, match=complaint):
        Alertmanager(address).alerts()


def test_a_status_without_a_start_is_refused(api: tuple[type[Api], str]) -> None:
    """Nobody could tell whether it has forgotten something."""
    page, address = api
    page.answer = {}
    with pytest.raises(Invalid, match="since when it runs"):
        Alertmanager(address).started_at()


def test_nobody_there_is_worth_another_try() -> None:
    """For an Alertmanager as for Amazon."""
    with pytest.raises(Unavailable, match=r"127.0.0.1:9 did not answer: ConnectError"):
        Alertmanager("http://127.0.0.1:9").alerts()
    with pytest.raises(Unavailable, match="ConnectError"):
        amazon.fetch("https://127.0.0.1:9/")


def test_amazon_is_asked_for_small_documents_at_one_place(api: tuple[type[Api], str]) -> None:
    """No redirects, no downloads."""
    page, address = api
    page.answer = b"a certificate"
    assert amazon.fetch(address) == b"a certificate"
    page.answer = b"x" * (amazon.LARGEST + 1)
    with pytest.raises(Unavailable, match="more than a certificate"):
        amazon.fetch(address)
    page.status = 302
    with pytest.raises(Unavailable):
        amazon.fetch(address)
