"""The sender under Slack's limits: it foresees them, keeps to Retry-After, and lets pages through."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from ops_core.severity import Severity
from ops_core.store import outbox
from ops_core.store.outbox import Priority, Say
from tests.wire import Json, Scene, scene


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scene]:
    """A bot at Slack's own pace, and a workspace that keeps Slack's limits."""
    with scene(tmp_path, slack={"pace": 1}) as one:
        one.control("limits")
        yield one


def say(stage: Scene, *words: str, priority: Priority = Priority.NORMAL) -> None:
    """Notes to #ml-alerts, in one transaction."""
    notes = [{"text": word, "by": None, "at": None, "detail": None} for word in words]
    says = [
        Say("alerts", template="incident_note", context={"note": note}, priority=priority) for note in notes
    ]
    with stage.tocsin.database.write() as session:
        rooms = outbox.put(session, says, stage.tocsin.store.clock.now())
    stage.tocsin.sender.wake(rooms)


def heard(stage: Scene) -> list[str]:
    """The notes in #ml-alerts, in order."""
    return [each["text"] for each in stage.ana.messages("ml-alerts") if each["text"].startswith("note")]


def limited(stage: Scene) -> list[Json]:
    """The calls that were told to wait."""
    return [call for call in stage.calls("chat.postMessage") if call["status"] == 429]


def test_a_burst_is_spread_before_slack_has_to_say_so(stage: Scene) -> None:
    """Seven at once: all in order, none refused."""
    words = [f"note {number}" for number in range(7)]
    say(stage, *words)
    stage.ana.wait_message("ml-alerts", words[-1], 20)
    assert heard(stage) == words and limited(stage) == []


def test_a_page_overtakes_what_waits(stage: Scene) -> None:
    """It takes the reserve, so that it is not even told to wait."""
    say(stage, *[f"note {number}" for number in range(6)])
    stage.ana.wait_message("ml-alerts", "note 2", 20)
    say(stage, "note page", priority=Priority.PAGE)
    stage.ana.wait_message("ml-alerts", "note 5", 20)
    assert heard(stage).index("note page") < heard(stage).index("note 5") and limited(stage) == []


def test_what_slack_asks_is_kept(stage: Scene) -> None:
    """A workspace that allows less than it publishes: all arrive in order, and no call comes too early."""
    stage.control("limits", at_once=1, posts_a_second=0.7)
    words = [f"note {number}" for number in range(4)]
    say(stage, *words)
    stage.ana.wait_message("ml-alerts", words[-1], 30)
    assert heard(stage) == words
    calls = stage.calls("chat.postMessage")
    pauses = [after["at"] - before["at"] for before, after in pairwise(calls)]
    refused = [pause for call, pause in zip(calls, pauses, strict=False) if call["status"] == 429]
    assert refused and min(refused) >= 1


def test_only_the_newest_state_of_a_card_is_sent(stage: Scene) -> None:
    """Ten changes of severity while Slack is away: its notes wait their turn, the card does not."""
    card = stage.declare()
    stage.ana.wait_message("ml-incidents", "F1 fell")
    stage.fault("500", "chat.update", times=1)
    for number in range(11):
        stage.tocsin.tools.incidents.set_severity(1, list(Severity)[number % 2], by=stage.ana.id)
    stage.showing(card, "P0")
    edits = [call for call in stage.calls("chat.update") if call["args"]["ts"] == card["ts"]]
    assert sum(call["ok"] for call in edits) <= 3
