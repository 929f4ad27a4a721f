"""HTTP mode: Slack's signed requests come in, everything else stays out."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.http_door import HttpDoor
from tests import local
from tests.wire import Scene, ref, scene

SECRET = "local-signing-secret"
HELP = {"command": "/incident", "text": "help", "user_id": "U0ANA0000", "channel_id": "C1", "trigger_id": "1"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, str]]:
    """A bot in HTTP mode, to which the workspace delivers; and its address."""
    folder: Path = tmp_path_factory.mktemp("http")
    with scene(folder, slack={"mode": "http"}) as stage, HttpDoor(stage.tocsin) as door:
        address = f"http://127.0.0.1:{door.port}"
        stage.control("deliver", mode="http", url=f"{address}/slack/events")
        yield stage, address


def signed(body: str, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """The headers that Slack would send with a body."""
    at = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def test_an_incident_is_declared_and_taken_over_http(served: tuple[Scene, str]) -> None:
    """Commands, forms and buttons all come as signed requests."""
    stage, _ = served
    card = stage.declare(stage.ana)
    assert stage.ben.press(card, "incident.take_command")["ok"]
    assert stage.ana.wait_message(card["channel"], f"{ref(card)} playbook")
    assert stage.seen("sockets") == []


def test_a_wrong_field_is_said_in_the_form(served: tuple[Scene, str]) -> None:
    """The answer of the request carries the error."""
    stage, _ = served
    view = stage.form(stage.ana)
    assert "title" in stage.ana.submit(view, {"title": "  "})["errors"]
    stage.ana.close(view)


def test_events_come_over_http(served: tuple[Scene, str]) -> None:
    """The Home tab is published."""
    stage, _ = served
    assert stage.ana.open_home()["type"] == "home"


@pytest.mark.parametrize(("secret", "age"), [("wrong", 0), (SECRET, 600)])
def test_a_wrong_or_old_signature_is_refused(served: tuple[Scene, str], secret: str, age: int) -> None:
    """Somebody else's request, or one that was recorded."""
    _, address = served
    body = urllib.parse.urlencode(HELP)
    answer = local.post(f"{address}/slack/events", content=body, headers=signed(body, secret, age))
    assert answer.status_code == 401


def test_a_request_without_a_signature_is_refused(served: tuple[Scene, str]) -> None:
    """Nothing is done for it."""
    _, address = served
    assert local.post(f"{address}/slack/events", data=HELP).status_code == 401


def test_a_changed_body_is_refused(served: tuple[Scene, str]) -> None:
    """The signature belongs to other words."""
    _, address = served
    body = urllib.parse.urlencode(HELP)
    answer = local.post(f"{address}/slack/events", content=body + "x", headers=signed(body))
    assert answer.status_code == 401


def test_slack_s_handshake_is_answered(served: tuple[Scene, str]) -> None:
    """The challenge comes back."""
    _, address = served
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    headers = signed(body) | {"Content-Type": "application/json"}
    assert "abc" in local.post(f"{address}/slack/events", content=body, headers=headers).text


@pytest.mark.parametrize("content", [b"\xff\xfe", b"payload=%7Bnot-json"])
def test_a_body_that_is_no_request_is_refused(served: tuple[Scene, str], content: bytes) -> None:
    """A client's mistake is no fault of ours."""
    _, address = served
    answer = local.post(f"{address}/slack/events", content=content, headers=signed(content.decode("latin-1")))
    assert 400 <= answer.status_code < 500


def test_an_endless_body_is_refused(served: tuple[Scene, str]) -> None:
    """Nobody fills our memory."""
    _, address = served
    assert local.post(f"{address}/slack/events", content=b"x" * 1_100_000).status_code == 413


def test_an_endless_body_without_a_length_is_refused(served: tuple[Scene, str]) -> None:
    """Nor when it does not say how long it is."""
    _, address = served
    chunks = (b"x" * 100_000 for _ in range(11))
    assert local.post(f"{address}/slack/events", content=chunks).status_code == 413


def test_health_answers_for_probes(served: tuple[Scene, str]) -> None:
    """A probe needs no signature and learns no secret."""
    _, address = served
    answer = local.get(f"{address}/health")
    assert answer.status_code == 200 and answer.json() == {"status": "ok"}


def test_nothing_else_is_served(served: tuple[Scene, str]) -> None:
    """No other path, no other verb."""
    _, address = served
    assert local.get(f"{address}/").status_code == 404
    assert local.get(f"{address}/slack/events").status_code == 405
