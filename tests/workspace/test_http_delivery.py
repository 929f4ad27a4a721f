"""Signed HTTP instead of a socket: the real slack-bolt verifies every request."""

from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.workspace.person import PersonClient
from bot.workspace.running import Running
from tests import local

Body = dict[str, Any]
Keep = Callable[[Queue[Body]], Callable[..., None]]


@pytest.fixture
def address(app: App) -> Iterator[str]:
    """Where the app takes requests over HTTP."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in self.headers.items()}
            answer = app.dispatch(BoltRequest(body=body, headers=headers))
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write((answer.body or "").encode())

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/slack/events"
    server.shutdown()
    server.server_close()


@pytest.fixture
def over_http(place: Running, address: str) -> None:
    """The workspace delivers over HTTP, after Slack's handshake."""
    answer = local.post(f"{place.url}/control/deliver", json={"mode": "http", "url": address})
    assert answer.json() == {"ok": True}


@pytest.mark.usefixtures("over_http")
def test_commands_events_and_presses_arrive_signed(
    app: App, keep: Keep, client: WebClient, ana: PersonClient, channel: str
) -> None:
    """Form and JSON bodies both pass the signature check."""
    seen: Queue[Body] = Queue()
    app.command("/ring")(lambda ack: ack("rung"))
    app.event("message")(keep(seen))
    assert ana.command("/ring")["ok"]
    assert ana.wait_message("general", "rung")["to"] == ana.id
    ana.say("general", "hello")
    assert seen.get(timeout=5)["event"]["text"] == "hello"


@pytest.mark.usefixtures("over_http")
def test_a_submission_is_answered_in_the_response(app: App, client: WebClient, ana: PersonClient) -> None:
    """Errors come back in the body of the HTTP answer."""
    label = {"type": "plain_text", "text": "x"}
    block = {"type": "input", "block_id": "b", "label": label, "element": {"type": "plain_text_input"}}
    view = {"type": "modal", "callback_id": "v", "title": label, "submit": label, "blocks": [block]}

    @app.command("/ring")
    def ring(ack: Any, body: Body) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    app.view("v")(lambda ack: ack(response_action="errors", errors={"b": "no"}))
    ana.command("/ring")
    assert ana.submit(ana.wait_view(), {"b": "x"})["errors"] == {"b": "no"}


@pytest.mark.usefixtures("over_http")
def test_what_the_app_does_not_know_fails(ana: PersonClient) -> None:
    """Bolt's 404 is a failed dispatch."""
    assert ana.command("/ring")["error"] == "dispatch_failed"


def test_a_url_that_does_not_return_the_challenge_is_refused(place: Running) -> None:
    """Nobody listens there."""
    answer = local.post(f"{place.url}/control/deliver", json={"mode": "http", "url": "http://127.0.0.1:9/"})
    assert answer.json()["error"] == "url_did_not_respond_with_challenge"


def test_an_app_with_another_secret_lets_nothing_in(place: Running, client: WebClient, address: str) -> None:
    """A wrong signature is a wrong signature: bolt answers 401."""
    answer = local.post(
        address, content="{}", headers={"X-Slack-Signature": "v0=0", "X-Slack-Request-Timestamp": "1"}
    )
    assert answer.status_code == 401


def test_an_http_app_that_fails_gets_the_event_again(place: Running, ana: PersonClient) -> None:
    """Retries carry their number and reason, and stop when the app says so."""
    seen: Queue[tuple[str | None, str | None]] = Queue()

    class Deaf(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.put((self.headers["X-Slack-Retry-Num"], self.headers["X-Slack-Retry-Reason"]))
            self.send_response(500)
            if self.headers["X-Slack-Retry-Num"] == "2":
                self.send_header("X-Slack-No-Retry", "1")
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Deaf)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    wish = {"mode": "http", "url": f"http://127.0.0.1:{server.server_port}/", "verify": False}
    local.post(f"{place.url}/control/deliver", json=wish)
    ana.say("general", "hello")
    assert [seen.get(timeout=5) for _ in range(3)] == [(None, None), ("1", "http_error"), ("2", "http_error")]
    server.shutdown()
    server.server_close()
