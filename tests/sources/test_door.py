"""The way in, over real HTTP: what is taken, what is refused, and with which words."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import httpx
import pytest

from bot.http_door.listening import Listening
from bot.http_door.sources import SourcesDoor
from bot.sources import proofs
from bot.sources.building import KINDS
from bot.sources.source import Source
from ops_core.alerts.heard import Heard
from ops_core.clock import SystemClock
from ops_core.errors import Unavailable
from tests import local
from tests.sources.hearsay import raw
from tests.wire import until

SECRET = "a secret of twenty letters"
TOKEN = {"Authorization": f"Bearer {SECRET}"}
LARGEST = 100_000


@dataclass
class Recorded:
    """An intake that keeps what it is told, or refuses it."""

    heard: list[Heard] = field(default_factory=list)
    error: Exception | None = None
    waiting: list[Future[Any]] | None = None
    """Those that are not on the disk yet, once there is such a list."""

    def submit(self, source: Source, heard: Sequence[Heard]) -> Future[Any]:
        """Take it at once, or fail."""
        done: Future[Any] = Future()
        if self.waiting is not None:
            self.waiting.append(done)
        elif self.error is None:
            self.heard += heard
            done.set_result(None)
        else:
            done.set_exception(self.error)
        return done


@dataclass
class Stand:
    """A door that listens, its intake, and its address."""

    door: SourcesDoor
    intake: Recorded
    address: str

    def post(self, name: str = "am", content: Any = b"", **headers: str) -> httpx.Response:
        """Send a body to a source."""
        return local.post(f"{self.address}/sources/{name}", content=content, headers=TOKEN | headers)


def source(name: str, kind: str, proof: proofs.Proof | None = None, **more: Any) -> Source:
    """A source of a kind."""
    usual = proofs.Token(SECRET.encode())
    return Source(name, kind, proof or usual, KINDS[kind].parse, slow=KINDS[kind].slow, **more)


@pytest.fixture
def stand() -> Iterator[Stand]:
    """A door with three sources."""
    signed = proofs.Signed(SECRET.encode(), "X-PagerDuty-Signature")
    known = [
        source("am", "alertmanager", limit=2),
        source("pd", "pagerduty", signed),
        source("jobs", "json"),
    ]
    intake = Recorded()
    by_name = {one.name: one for one in known}
    door = SourcesDoor(by_name, intake.submit, SystemClock(), LARGEST, most_waiting=2)
    with Listening(door) as listening:
        yield Stand(door, intake, f"http://127.0.0.1:{listening.port}")


def test_what_was_taken_is_answered_with_202(stand: Stand) -> None:
    """And with how many alerts it was."""
    answer = stand.post(content=raw("alertmanager_firing"))
    assert (answer.status_code, answer.json()) == (202, {"taken": 2})
    assert [one.labels["service"] for one in stand.intake.heard] == ["churn-0", "churn-1"]
    assert stand.door.counts["am", "taken"] == 1


def test_a_slow_source_is_answered_too(stand: Stand) -> None:
    """From a thread of its own."""
    assert stand.post("jobs", b'{"summary": "backup failed"}').status_code == 202
    assert stand.intake.heard[0].annotations == {"summary": "backup failed"}


@pytest.mark.parametrize("name", ["am", "pd", "jobs"])
def test_a_stranger_is_refused_and_counted(stand: Stand, name: str) -> None:
    """Whatever the body is, even when it is broken."""
    answer = stand.post(name, b"{broken", Authorization="Bearer wrong")
    assert answer.status_code == 401 and "broken" not in answer.text
    assert (stand.door.counts[name, "refused"], stand.intake.heard) == (1, [])


def test_a_source_that_does_not_exist_is_not_found(stand: Stand) -> None:
    """Without a word about those that do."""
    answer = stand.post("other", raw("alertmanager_firing"))
    assert (answer.status_code, answer.json()) == (404, {"error": "not found"})


def test_only_post_is_served(stand: Stand) -> None:
    """And says so."""
    answer = local.get(f"{stand.address}/sources/am")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_broken_json_is_told_with_its_place(stand: Stand) -> None:
    """To a sender who may know."""
    answer = stand.post(content=b'{"alerts": [\n{"labels": {]}')
    assert answer.status_code == 400 and "line 2, column 13" in answer.json()["error"]


def test_a_wrong_field_is_told_with_its_place(stand: Stand) -> None:
    """By its path."""
    answer = stand.post(content=b'{"alerts": [5]}')
    assert answer.status_code == 400 and answer.json()["error"].startswith("alerts[0] must be an object")


def test_what_can_be_read_of_a_request_is_taken(stand: Stand) -> None:
    """Whatever stands beside it."""
    answer = stand.post(content=b'{"alerts": [{"labels": {}}, 5]}')
    assert (answer.status_code, answer.json()) == (202, {"taken": 1})


def test_too_many_alerts_are_refused(stand: Stand) -> None:
    """With how many are taken at once."""
    answer = stand.post(content=b'{"alerts": [{}, {}, {}]}')
    assert answer.status_code == 413 and "2 are taken at once" in answer.json()["error"]


def test_fifty_megabytes_are_refused_before_they_are_sent(stand: Stand) -> None:
    """By what the headers say."""
    host, port = stand.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(b"POST /sources/am HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n{")
        assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_does_not_say_its_length_is_refused_at_the_limit(stand: Stand) -> None:
    """Nobody fills our memory."""
    answer = stand.post(content=(b"x" * 10_000 for _ in range(11)))
    assert answer.status_code == 413 and str(LARGEST) in answer.json()["error"]


def test_a_stranger_s_body_is_not_even_read(stand: Stand) -> None:
    """Where the headers suffice to know."""
    host, port = stand.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(b"POST /sources/am HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{")
        assert wire.recv(100).startswith(b"HTTP/1.1 401 ")


def test_an_intake_that_cannot_write_asks_to_come_again(stand: Stand) -> None:
    """Never 202 for what is not on the disk."""
    stand.intake.error = Unavailable("The disk is full.")
    answer = stand.post(content=raw("alertmanager_firing"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert stand.door.counts["am", "unavailable"] == 1


def test_more_requests_than_may_wait_are_asked_to_come_again(stand: Stand) -> None:
    """A slow disk fills no memory; those that waited are answered when it is done."""
    waiting: list[Future[Any]] = []
    stand.intake.waiting = waiting
    answers: list[httpx.Response] = []
    threads = [Thread(target=lambda: answers.append(stand.post(content=b'{"alerts": []}'))) for _ in range(2)]
    for each in threads:
        each.start()
    until(lambda: len(waiting) == 2)
    assert stand.post(content=raw("alertmanager_firing")).status_code == 503
    for done in waiting:
        done.set_result(None)
    for each in threads:
        each.join(10)
    assert [each.status_code for each in answers] == [202, 202]


def test_who_hangs_up_in_the_middle_is_forgotten(stand: Stand) -> None:
    """Nothing of it is taken, and the next is served."""
    host, port = stand.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        head = (
            f"POST /sources/am HTTP/1.1\r\nHost: x\r\nX-Tocsin-Token: {SECRET}\r\nContent-Length: 500\r\n\r\n"
        )
        wire.sendall(head.encode() + b'{"alerts": [')
    assert stand.post(content=b'{"alerts": []}').status_code == 202
    assert dict(stand.door.counts) == {("am", "taken"): 1} and not stand.intake.heard


def test_a_fault_of_our_own_does_not_end_the_door(stand: Stand) -> None:
    """It is answered, logged, and the next request is served."""
    stand.intake.error = RuntimeError("a bug")
    answer = stand.post(content=raw("alertmanager_firing"))
    assert answer.status_code == 500 and "a bug" not in answer.text
    stand.intake.error = None
    assert stand.post(content=raw("alertmanager_firing")).status_code == 202


def test_many_requests_on_one_connection_are_served(stand: Stand) -> None:
    """As Alertmanager sends them."""
    with httpx.Client(base_url=stand.address, headers=TOKEN) as client:
        answers = [client.post("/sources/am", content=raw("alertmanager_firing")) for _ in range(20)]
    assert {each.status_code for each in answers} == {202} and len(stand.intake.heard) == 40
