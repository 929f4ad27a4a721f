"""Seed 004's escalation path by the clock, over the wire, to the VP, who has no Slack account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from ops_core.clock import VirtualClock
from tests.adapters.mailbox import Box, mail_server
from tests.adapters.receivers import Receiver, receiving
from tests.wire import Scene, has_button, ref, said, scene, until

KEY = "k" * 32
MINUTE = timedelta(minutes=1)


@pytest.fixture
def box() -> Iterator[Box]:
    """The mail server."""
    with mail_server() as box:
        yield box


@pytest.fixture
def pagerduty() -> Iterator[Receiver]:
    """PagerDuty's Events API."""
    with receiving() as receiver:
        yield receiver


def settings(box: Box, pagerduty: Receiver) -> dict[str, Any]:
    """The matrix of seed 004: on call, lead, manager and VP, each by other ways."""
    people = {
        "ana": {"slack": "ana@example.test", "pagerduty": KEY},
        "lead": {"name": "Ben", "slack": "ben@example.test"},
        "manager": {"name": "Chloe", "slack": "chloe@example.test"},
        "vp": {"name": "Vera Voss", "email": "vera@example.test"},
    }
    return {
        "oncall": {
            "people": people,
            "schedules": {"ml": {"layers": [{"people": ["ana"]}]}},
            "mail": {"server": "127.0.0.1", "port": box.port, "tls": "none"},
            "pagerduty": {"events_url": f"{pagerduty.url}/v2/enqueue"},
        }
    }


def events(pagerduty: Receiver) -> list[str]:
    """What PagerDuty was told."""
    return [event["event_action"] for event in pagerduty.events]


def test_the_path_to_the_vp(tmp_path: Path, box: Box, pagerduty: Receiver) -> None:
    """At P1 the lead at once, the manager after an hour, the VP after two; the end reaches all of them."""
    clock = VirtualClock(datetime.now(UTC))
    with scene(tmp_path, clock, more=settings(box, pagerduty)) as stage:
        card = stage.declare(stage.ben, severity="P1")
        until(lambda: events(pagerduty) == ["trigger"])
        assert box.mails == []
        clock.advance(60 * MINUTE)
        told = stage.ana.wait_reply(card, "Chloe (not resolved after 60 min)")
        assert stage.ben.id not in said(told)
        clock.advance(60 * MINUTE)
        assert "Vera Voss" in said(stage.ana.wait_reply(card, "(not contained after 120 min)"))
        mail = until(lambda: box.mails)[0]
        assert mail["To"] == "vera@example.test" and ref(card) in mail["Subject"]
        assert "next:" not in said(stage.showing(card, ref(card)))
        clock.advance(5 * MINUTE)
        stage.ben.command("/incident", f"resolve {ref(card)}", card["channel"])
        stage.ben.submit(stage.ben.wait_view(ref(card)), {"fix": "rolled back"})
        until(lambda: events(pagerduty)[-1] == "resolve" and len(box.mails) > 1)
        assert box.mails[-1]["Subject"].startswith("[OVER]")
        called, over = (parsedate_to_datetime(one["Date"]) for one in (box.mails[0], box.mails[-1]))
        assert over - called == 5 * MINUTE


def test_taking_command_ends_the_calls(tmp_path: Path, box: Box, pagerduty: Receiver) -> None:
    """PagerDuty hears that somebody has it, and nobody is called at ten minutes."""
    clock = VirtualClock(datetime.now(UTC))
    with scene(tmp_path, clock, more=settings(box, pagerduty)) as stage:
        card = stage.declare(stage.ben, severity="P1")
        stage.ana.press(card, "incident.take_command")
        until(lambda: events(pagerduty) == ["trigger", "acknowledge"])
        clock.advance(25 * MINUTE)
        stage.ana.command("/ops", "oncall", "ml-ops")
        stage.told(stage.ana, "ml-ops", "Ana Ruiz")
        assert events(pagerduty) == ["trigger", "acknowledge"]


def test_what_fell_due_while_down_is_paged_at_once(tmp_path: Path, box: Box, pagerduty: Receiver) -> None:
    """Three hours without a process: one line for all of it, which says that it is late."""
    clock = VirtualClock(datetime.now(UTC))
    with scene(tmp_path, clock, more=settings(box, pagerduty)) as stage:
        card = stage.declare(stage.ben, severity="P1")
        until(lambda: events(pagerduty) == ["trigger"])
        stage.stop()
        clock.advance(180 * MINUTE)
        stage.start()
        told = stage.ana.wait_reply(card, "late because Tocsin was not running")
        assert "Ana Ruiz, Chloe, Vera Voss" in said(told)
        assert until(lambda: box.mails)[0]["To"] == "vera@example.test"


def test_pagerduty_down_loses_no_page(tmp_path: Path, box: Box, pagerduty: Receiver) -> None:
    """It is tried again until it is taken, across a restart, and under the same key."""
    pagerduty.fail = [(500, {"message": "away"}), (429, {"message": "slow down"})]
    with scene(tmp_path, more=settings(box, pagerduty)) as stage:
        stage.declare(stage.ben, severity="P1")
        until(lambda: len(pagerduty.requests) == 1)
        stage.stop()
        stage.start()
        until(lambda: len(pagerduty.requests) >= 3, 20)
        assert len({event["dedup_key"] for event in pagerduty.events}) == 1


def test_a_way_that_does_not_work_is_said(tmp_path: Path, box: Box, pagerduty: Receiver) -> None:
    """In the thread of the card, and on the card; the others are paged all the same."""
    pagerduty.fail = [(400, {"message": "Event object is invalid"})]
    with scene(tmp_path, more=settings(box, pagerduty)) as stage:
        card = stage.declare(stage.ben, severity="P1")
        stage.ana.wait_reply(card, "Could not reach Ana Ruiz by PagerDuty")
        stage.ana.wait_message(card["channel"], "not by PagerDuty")
        assert has_button("page.acknowledge")(stage.ana.wait_message(direct(stage), "You are paged"))


def direct(stage: Scene) -> str:
    """Ana's conversation with the bot."""
    return stage.ana.open_direct(stage.tocsin.app.client.auth_test()["user_id"])
