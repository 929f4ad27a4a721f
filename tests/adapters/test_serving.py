"""The probe of model servers, against real sockets."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bot.adapters.serving import HttpServing
from ops_core.clock import VirtualClock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    """The address of a server that says the same to every `GET /health`."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health" else 404)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def serving() -> HttpServing:
    """A probe with a clock that stands at noon."""
    return HttpServing(timedelta(seconds=0.5), VirtualClock(NOON))


def test_a_healthy_server_is_told_with_its_version(serving: HttpServing) -> None:
    """The version is text, also when the server gives a number."""
    with answering(200, json.dumps({"status": "ok", "model": "m", "version": 2})) as url:
        state = serving.probe(f"{url}/")
    assert (state.healthy, state.version, state.error, state.probed_at) == (True, "2", None, NOON)
    assert timedelta(0) < state.latency < timedelta(seconds=0.5)


def test_a_server_that_reports_a_problem_is_not_healthy(serving: HttpServing) -> None:
    """It answers, and says which version it still has and what is wrong."""
    body = {"status": "degraded", "version": "1", "error": "v2 cannot be loaded"}
    with answering(200, json.dumps(body)) as url:
        state = serving.probe(url)
    assert (state.healthy, state.version) == (False, "1")
    assert state.error == "answered 200: v2 cannot be loaded"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (503, '{"status": "starting"}', "answered 503: status is 'starting'"),
        (500, '{"status": "ok"}', "answered 500: status is 'ok'"),
        (200, "<html>", "answered 200, but not with a health report"),
        (200, "[]", "answered 200, but not with a health report"),
        (200, "{}", "answered 200: status is None"),
        (200, "\ud83d".encode("utf-16", "surrogatepass").decode("latin-1"), "not with a health report"),
    ],
)
def test_other_answers_are_not_healthy(serving: HttpServing, status: int, body: str, error: str) -> None:
    """Whatever a server may say instead."""
    with answering(status, body) as url:
        state = serving.probe(url)
    assert not state.healthy
    assert state.error is not None
    assert error in state.error


def test_a_server_that_is_down_is_an_answer(serving: HttpServing) -> None:
    """Port 9 of loopback refuses."""
    state = serving.probe("http://127.0.0.1:9")
    assert (state.healthy, state.version) == (False, None)
    assert state.error is not None
    assert "refused" in state.error


def test_a_server_that_hangs_is_given_up(serving: HttpServing) -> None:
    """It takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        state = serving.probe(f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert (state.healthy, state.error) == (False, "no answer within 0.5 s")


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "http://[", "ftp://127.0.0.1", "http://a b"])
def test_an_impossible_address_is_an_answer_too(serving: HttpServing, url: str) -> None:
    """A wrong setting is told, not raised."""
    state = serving.probe(url)
    assert not state.healthy
    assert state.error
