"""An alert that was to end at a time ends then, and only then."""

from __future__ import annotations

from datetime import datetime

import pytest

from ops_core.alerts.alert import Alert, AlertState
from ops_core.alerts.endings import KIND, Endings
from ops_core.alerts.heard import Heard
from ops_core.rhythm import task
from tests.ops_core.stand_ins import HOUR, MINUTE, NOW
from tests.ops_core.world import House


def heard(ends_at: datetime | None = None) -> Heard:
    """What somebody typed."""
    return Heard("shell", {"alertname": "deploy"}, {"summary": "a deployment runs"}, NOW, ends_at)


@pytest.fixture
def endings(house: House) -> Endings:
    """Of this house."""
    return Endings(house.store, house.intake)


def take(house: House, endings: Endings, ends_at: datetime | None = None) -> None:
    """Take an alert as the way in does."""
    house.intake.take(endings.plan([heard(ends_at)]))


def run_due(house: House, endings: Endings) -> int:
    """Do what is due; how many."""
    with house.store.read() as session:
        due = [one for one in task.due(session, house.clock.now()) if one.kind == KIND]
    for one in due:
        endings.run(one)
    return len(due)


def state(house: House) -> AlertState:
    """Where the one alert stands."""
    alerts: list[Alert] = house.rows(Alert)
    return alerts[0].state


def test_an_alert_ends_at_the_time_that_was_said(house: House, endings: Endings) -> None:
    """Not a minute before."""
    take(house, endings, NOW + HOUR)
    house.clock.advance(HOUR - MINUTE)
    assert run_due(house, endings) == 0 and state(house) is AlertState.FIRING
    house.clock.advance(MINUTE)
    assert run_due(house, endings) == 1 and state(house) is AlertState.RESOLVED


def test_a_later_word_takes_the_place_of_an_end(house: House, endings: Endings) -> None:
    """Whoever says it again without an end means it."""
    take(house, endings, NOW + HOUR)
    take(house, endings)
    house.clock.advance(2 * HOUR)
    assert run_due(house, endings) == 0 and state(house) is AlertState.FIRING


def test_a_later_end_takes_the_place_of_an_earlier(house: House, endings: Endings) -> None:
    """It lasts longer than was thought."""
    take(house, endings, NOW + HOUR)
    take(house, endings, NOW + 3 * HOUR)
    house.clock.advance(2 * HOUR)
    assert run_due(house, endings) == 0
    house.clock.advance(HOUR)
    assert run_due(house, endings) == 1 and state(house) is AlertState.RESOLVED


def test_what_is_over_already_needs_no_end(house: House, endings: Endings) -> None:
    """The task finds nothing to do, and makes no alert of it."""
    take(house, endings, NOW + HOUR)
    house.clock.advance(HOUR)
    house.intake.take([heard(NOW + MINUTE)])
    assert run_due(house, endings) == 1 and state(house) is AlertState.RESOLVED


def test_an_end_in_the_past_is_left_as_it_is(house: House, endings: Endings) -> None:
    """It is the intake's to say what it means."""
    assert endings.plan([heard(NOW)]) == [heard(NOW)]
