"""What we know of an Alertmanager is held against what it says: nothing missing, nothing stuck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.sources import alertmanager, proofs
from bot.sources.reconciling import Reconciliation
from bot.sources.source import Source
from ops_core.alerts.alert import Alert, AlertState
from ops_core.alerts.reconciliation import GONE
from ops_core.errors import Unavailable
from tests.ops_core.stand_ins import HOUR, MINUTE, NOW
from tests.ops_core.world import House

SOURCE = Source("am", "alertmanager", proofs.Anybody(), alertmanager.parse)


def alert(name: str, state: str = "active", starts_at: datetime = NOW - MINUTE) -> dict[str, Any]:
    """As the API of version 2 lists it."""
    return {
        "labels": {"alertname": name, "service": "churn"},
        "annotations": {"summary": f"{name} is on"},
        "startsAt": starts_at.isoformat(),
        "endsAt": (NOW + HOUR).isoformat(),
        "status": {"state": state, "silencedBy": [], "inhibitedBy": []},
        "receivers": [{"name": "tocsin"}],
    }


@dataclass
class Asked:
    """An Alertmanager that knows what the test says."""

    known: list[dict[str, Any]] = field(default_factory=list)
    since: datetime = NOW - HOUR
    meanwhile: Callable[[], object] = lambda: None
    """What happens while it is asked."""

    def alerts(self) -> Sequence[dict[str, Any]]:
        """All of them."""
        self.meanwhile()
        return self.known

    def started_at(self) -> datetime:
        """Since when it runs."""
        return self.since


@pytest.fixture
def asked() -> Asked:
    """One that knows nothing."""
    return Asked()


@pytest.fixture
def compare(house: House, asked: Asked) -> Callable[[], None]:
    """Compare once."""
    return Reconciliation(SOURCE, asked, house.store, house.intake, timedelta(minutes=5)).run


def tell(house: House, *names: str, starts_at: datetime = NOW - MINUTE) -> None:
    """What came by the webhook."""
    told = {"alerts": [alert(name, starts_at=starts_at) for name in names]}
    house.intake.take(SOURCE.understand(told, house.clock.now()))


def states(house: House) -> dict[str, AlertState]:
    """Where each alert stands."""
    return {one.name: one.state for one in house.rows(Alert)}


def test_what_was_missed_fires(house: House, asked: Asked, compare: Callable[[], None]) -> None:
    """With the start that the source names, as its webhook would have said it."""
    asked.known = [alert("Missed")]
    compare()
    tell(house, "Missed")
    assert states(house) == {"Missed": AlertState.FIRING} and len(house.rows(Alert)) == 1


def test_what_it_no_longer_knows_ends_and_says_why(
    house: House, asked: Asked, compare: Callable[[], None]
) -> None:
    """While the rest fires on."""
    tell(house, "Stuck", "Goes on")
    asked.known = [alert("Goes on")]
    compare()
    assert states(house) == {"Stuck": AlertState.RESOLVED, "Goes on": AlertState.FIRING}
    assert [one.remark for one in house.rows(Alert) if one.name == "Stuck"] == [GONE]


def test_an_alert_with_a_start_in_the_future_can_end(
    house: House, asked: Asked, compare: Callable[[], None]
) -> None:
    """The clock of its source goes ahead of ours."""
    tell(house, "Ahead", starts_at=NOW + HOUR)
    compare()
    assert states(house) == {"Ahead": AlertState.RESOLVED} and len(house.rows(Alert)) == 1


def test_comparing_twice_changes_nothing_more(
    house: House, asked: Asked, compare: Callable[[], None]
) -> None:
    """Two replicas do, at their start."""
    tell(house, "Stuck")
    asked.known = [alert("Missed")]
    compare()
    before = house.said("alerts")
    compare()
    assert house.said("alerts") == before


def test_what_is_silenced_there_neither_fires_nor_ends(
    house: House, asked: Asked, compare: Callable[[], None]
) -> None:
    """Their silence is theirs."""
    tell(house, "Known")
    asked.known = [alert("Known", "suppressed"), alert("New", "suppressed")]
    compare()
    assert states(house) == {"Known": AlertState.FIRING}


def test_one_that_was_restarted_lately_ends_nothing(
    house: House, asked: Asked, compare: Callable[[], None]
) -> None:
    """Its Prometheus will tell it again."""
    tell(house, "Forgotten")
    asked.since = NOW - timedelta(minutes=4)
    compare()
    assert states(house) == {"Forgotten": AlertState.FIRING}
    house.clock.advance(MINUTE)
    compare()
    assert states(house) == {"Forgotten": AlertState.RESOLVED}


def test_what_begins_while_it_is_asked_is_not_ended(
    house: House, asked: Asked, compare: Callable[[], None]
) -> None:
    """Its webhook was faster than its answer."""
    asked.meanwhile = lambda: tell(house, "Just now", starts_at=NOW)
    compare()
    assert states(house) == {"Just now": AlertState.FIRING}


def test_other_sources_alerts_are_left_alone(house: House, asked: Asked, compare: Callable[[], None]) -> None:
    """It does not know them."""
    other = Source("other", "alertmanager", proofs.Anybody(), alertmanager.parse)
    house.intake.take(other.understand({"alerts": [alert("Theirs")]}, NOW))
    compare()
    assert states(house) == {"Theirs": AlertState.FIRING}


def test_one_that_does_not_answer_changes_nothing(
    house: House, asked: Asked, compare: Callable[[], None]
) -> None:
    """The next comparison is soon."""
    tell(house, "Known")

    def hang() -> None:
        raise Unavailable("The Alertmanager did not answer.")

    asked.meanwhile = hang
    with pytest.raises(Unavailable):
        compare()
    assert states(house) == {"Known": AlertState.FIRING}


def test_one_odd_alert_keeps_nobody_from_being_compared(
    house: House, asked: Asked, compare: Callable[[], None]
) -> None:
    """It is kept within limits and ends as others do; what is no alert at all is left out."""
    odd = alert("Odd") | {
        "labels": {f"l{n}": "x" for n in range(70)} | {"alertname": "Odd"},
        "startsAt": "soon",
    }
    tell(house, "Stuck")
    asked.known = [odd, alert("Missed"), {"labels": "none"}]
    compare()
    compare()
    assert states(house) == {"Stuck": "resolved", "Odd": "firing", "Missed": "firing"}
    asked.known = [alert("Missed")]
    compare()
    assert states(house)["Odd"] == "resolved"
