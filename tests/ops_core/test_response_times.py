"""Response times: warned of before they are missed, and told afterwards (seed 004)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ops_core.incidents import responses
from ops_core.severity import Severity
from ops_core.store.outbox import OutboxRow
from tests.ops_core.stand_ins import HOUR, MINUTE, NOW
from tests.ops_core.world import BOB, House


def warnings(house: House) -> list[OutboxRow]:
    """The reminders that say what is still to come."""
    rows: list[OutboxRow] = [row for row in house.rows(OutboxRow) if row.template == "reminder"]
    return [row for row in rows if not row.context["deadline"]["overdue"]]


@pytest.mark.parametrize(
    ("severity", "minutes"),
    [(Severity.P0, 12), (Severity.P1, 48), (Severity.P2, 192), (Severity.P3, 1152)],
)
def test_the_warning_comes_at_four_fifths(house: House, severity: Severity, minutes: int) -> None:
    """In the thread of the card, with what to do."""
    one = house.declare(severity=severity)
    house.pass_time(timedelta(minutes=minutes, seconds=-1))
    assert warnings(house) == []
    house.pass_time(timedelta(seconds=1))
    assert [row.thread_of for row in warnings(house)] == [one.card]


def test_nobody_is_warned_of_what_was_answered_or_missed(house: House) -> None:
    """After an answer there is nothing to warn of; after the deadline the reminder says it."""
    answered = house.declare(severity=Severity.P0)
    house.incidents.take_command(answered.number, BOB)
    house.declare(severity=Severity.P0)
    house.pass_time(20 * MINUTE)
    assert warnings(house) == []


def test_the_summary_tells_what_was_kept(house: House) -> None:
    """In time, too late, and not yet."""
    kept, late, _waits = (house.declare(severity=one) for one in (Severity.P1, Severity.P0, Severity.P3))
    house.clock.advance(30 * MINUTE)
    for one in (kept, late):
        house.incidents.take_command(one.number, BOB)
    found = house.read(responses.since, NOW - HOUR, house.clock.now())
    assert [each["in_time"] for each in found] == [True, False, None]
    assert [each["took"] for each in found] == [30 * MINUTE, 30 * MINUTE, None]
