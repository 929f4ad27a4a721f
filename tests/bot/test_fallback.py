"""Slack does not take a page: whoever is on call is reached in another way, exactly once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from ops_core.alerts.heard import Heard
from ops_core.severity import Severity
from ops_core.store.outbox import OutboxRow
from tests.wire import Scene, scene, until

Json = dict[str, Any]


@contextmanager
def pager(answer: int = 204) -> Iterator[tuple[str, list[Json]]]:
    """A webhook for pages, what it answers, and what it was told."""
    told: list[Json] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", told
        server.shutdown()


def down(stage: Scene) -> None:
    """A P0 fires."""
    labels = {"alertname": "Down", "severity": "P0"}
    heard = Heard("am", labels, {"summary": "Down"}, datetime.now(UTC), severity=Severity.P0)
    stage.tocsin.tools.alerts.intake.take([heard])


@contextmanager
def without_slack(folder: Path, **cal: Json) -> Iterator[tuple[Scene, list[Json]]]:
    """A bot whose Slack takes no message; Ana is on call by Slack alone."""
    with pager() as (url, told):
        ana = {"slack": "ana@example.test"}
        more = {"people": {"ana": ana, **cal}, "webhook": {"url": url}, "fallback_after": "1s"}
        with scene(folder, more={"oncall": more}) as stage:
            stage.fault("500", times=1_000_000)
            down(stage)
            yield stage, told


def fallen(stage: Scene) -> list[OutboxRow]:
    """The messages that people were reached about in another way."""
    with stage.tocsin.database.read() as session:
        return [row for row in session.exec(select(OutboxRow)) if row.fell_back_at]


def test_those_who_have_another_way_are_reached_once(tmp_path: Path) -> None:
    """Cal, by webhook; when Slack is back the card is there once, and nobody is called again."""
    with without_slack(tmp_path, cal={"webhook": True}) as (stage, told):
        until(lambda: told, 20)
        stage.control_delete("fault")
        stage.ana.wait_message("ml-alerts", "Down", 40)
        until(lambda: not stage.tocsin.tools.letters.health()["waiting"], 40)
        assert stage.tocsin.oncall.fallback.run() == 0
        assert sum("Down" in each["text"] for each in stage.ana.messages("ml-alerts")) == 1
    assert [one["title"] for one in told] == ["Down"]


def test_when_nobody_has_another_way_that_is_said(tmp_path: Path) -> None:
    """In the log and the audit; the messages wait for Slack."""
    with without_slack(tmp_path) as (stage, told):
        until(lambda: fallen(stage), 20)
        entries = stage.tocsin.tools.board.audit()["entries"]
        assert told == [] and "page.nobody" in str(entries)
        assert stage.tocsin.tools.letters.health()["waiting"]


def test_a_page_that_slack_refuses_goes_another_way(tmp_path: Path) -> None:
    """At once, since waiting cannot help, and once."""
    with pager() as (url, told):
        people = {"ana": {"slack": "ana@example.test"}, "cal": {"webhook": True}}
        more = {"people": people, "webhook": {"url": url}, "fallback_after": "1h"}
        with scene(tmp_path, more={"oncall": more}) as stage:
            stage.fault("ok_false", method="chat.postMessage", times=1000, error="restricted_action")
            down(stage)
            until(lambda: told, 20)
            until(lambda: not stage.tocsin.tools.letters.health()["waiting"], 20)
            stage.tocsin.oncall.fallback.run()
    assert [one["title"] for one in told] == ["Down"]


def test_when_the_only_way_to_somebody_is_refused_others_are_reached(tmp_path: Path) -> None:
    """Vera's webhook says no for good; Ben has a text message."""
    with pager(400) as (refusing, asked), pager() as (url, told):
        people = {"vera": {"webhook": True}, "ben": {"phone": "+49 1"}}
        more = {"people": people, "webhook": {"url": refusing}, "sms": {"url": url}, "fallback_after": "1h"}
        with scene(tmp_path, more={"oncall": more}) as stage:
            stage.ana.command("/ops", "page vera the vendor is down", "ml-alerts")
            until(lambda: told, 20)
            assert stage.tocsin.oncall.fallback.run() == 0
    assert len(asked) == len(told) == 1


@pytest.mark.parametrize("after", ["0s"])
def test_it_can_be_turned_off(tmp_path: Path, after: str) -> None:
    """For those who want Slack alone."""
    with scene(tmp_path, more={"oncall": {"fallback_after": after}}) as stage:
        assert stage.tocsin.oncall.fallback.run() == 0
