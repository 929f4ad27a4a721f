"""Response times of alerts that nobody declared: warned of, told when missed, and counted (seed 004)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ops_core.alerts import responses
from ops_core.alerts.heard import Heard
from ops_core.severity import Severity
from ops_core.store.outbox import OutboxRow
from tests.ops_core.stand_ins import HOUR, MINUTE, NOW
from tests.ops_core.world import ANN, BOB, CAM, House


def fires(house: House, severity: Severity = Severity.P0, name: str = "Slow") -> None:
    """An alert of a monitor, from now on."""
    labels = {"alertname": name, "service": "ranker"}
    house.intake.take([Heard("prometheus", labels, {}, house.clock.now(), severity=severity)])


def ends(house: House) -> None:
    """It ends."""
    word = Heard("prometheus", {"alertname": "Slow", "service": "ranker"}, {}, NOW, house.clock.now())
    house.intake.take([word])


def told(house: House) -> list[tuple[str | None, dict[str, Any]]]:
    """The reminders: in which thread, and what."""
    rows: list[OutboxRow] = [row for row in house.rows(OutboxRow) if row.template == "reminder"]
    return [(row.thread_of, row.context) for row in rows]


@pytest.mark.parametrize(
    ("severity", "minutes"),
    [(Severity.P0, 12), (Severity.P1, 48), (Severity.P2, 192), (Severity.P3, 1152)],
)
def test_the_warning_comes_at_four_fifths(house: House, severity: Severity, minutes: int) -> None:
    """In the thread of the card, to those on call; afterwards it is said once that it was missed."""
    fires(house, severity)
    house.pass_time(timedelta(minutes=minutes, seconds=-1))
    assert told(house) == []
    house.pass_time(timedelta(seconds=1))
    ((thread, words),) = told(house)
    assert (thread, words["deadline"]["who"], words["deadline"]["overdue"]) == ("alert:1", [CAM], False)
    house.pass_time(severity.response_time)
    assert [each["deadline"]["overdue"] for _, each in told(house)] == [False, True]


def test_the_time_runs_anew_for_what_is_back(house: House) -> None:
    """On the same card, of which nothing was awaited any more."""
    fires(house)
    ends(house)
    house.pass_time(5 * MINUTE)
    fires(house)
    house.pass_time(11 * MINUTE)
    assert told(house) == []
    house.pass_time(MINUTE)
    assert [thread for thread, _ in told(house)] == ["alert:1"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda house: house.alerts.acknowledge(1, BOB),
        lambda house: house.alerts.silence(1, house.clock.now() + 2 * HOUR, BOB),
        lambda house: house.declare(alert_group_id=1),
        ends,
    ],
    ids=["acknowledged", "silenced", "declared", "ended"],
)
def test_what_is_seen_to_is_not_warned_of(house: House, answer: Callable[[House], object]) -> None:
    """An incident has its own deadline."""
    fires(house)
    answer(house)
    house.pass_time(20 * MINUTE)
    assert [each for thread, each in told(house) if thread == "alert:1"] == []


def test_what_gets_worse_has_less_time(house: House) -> None:
    """Counted from the first word, and anew once somebody had it."""
    fires(house, Severity.P2)
    house.pass_time(10 * MINUTE)
    fires(house, Severity.P0)
    house.pass_time(2 * MINUTE)
    assert len(told(house)) == 1
    house.alerts.acknowledge(1, ANN)
    fires(house, Severity.P2, "Other")
    house.pass_time(20 * MINUTE)
    assert len(told(house)) == 1


def test_a_storm_is_told_of_once(house: House) -> None:
    """In the thread of its digest."""
    for number in range(14):
        fires(house, Severity.P1, f"n{number}")
    house.pass_time(48 * MINUTE)
    in_digest = [words for thread, words in told(house) if thread == "digest:1"]
    assert [words["incident"]["ref"] for words in in_digest] == ["A-11 and 3 more"]


def test_the_summary_counts_what_was_kept(house: House) -> None:
    """By severity; what ended in time by itself needed no answer."""
    for name in ("kept", "late", "waits"):
        fires(house, Severity.P1, name)
    fires(house, Severity.P0)
    ends(house)
    house.pass_time(10 * MINUTE)
    house.alerts.acknowledge(1, BOB)
    house.clock.advance(55 * MINUTE)
    house.alerts.acknowledge(2, BOB)
    fires(house, Severity.P1, "young")
    found = house.read(responses.since, NOW - HOUR, house.clock.now())
    assert found == [{"severity": "P1", "target": HOUR, "in_time": 1, "late": 2, "waiting": 1}]
