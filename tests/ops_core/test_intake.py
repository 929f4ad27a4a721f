"""What sources say is taken in once, grouped, and told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ops_core.alerts.alert import Alert, AlertState, Reason
from ops_core.alerts.group import AlertGroup, Outcome, get_group
from ops_core.alerts.heard import Heard
from ops_core.alerts.intake import Taken
from ops_core.alerts.reconciliation import GONE
from ops_core.severity import Severity
from ops_core.store.outbox import OutboxRow
from tests.ops_core.stand_ins import HOUR, MINUTE, NOW
from tests.ops_core.world import ANN, House
from tests.wire import until


def heard(name: str = "DiskFull", **other: Any) -> Heard:
    """What a monitor says of a host's disk."""
    labels = {"alertname": name, "service": "ranker", "instance": "gpu-1"} | other.pop("labels", {})
    told = {"source": "prometheus", "labels": labels, "annotations": {"summary": "the disk is full"}}
    return Heard(**told | {"starts_at": NOW - MINUTE, "severity": Severity.P1} | other)


def states(house: House) -> list[AlertState]:
    """Where each alert stands."""
    return [alert.state for alert in house.rows(Alert)]


def test_a_new_alert_is_a_group_with_a_card(house: House) -> None:
    """With the source's words."""
    assert house.intake.take([heard()]) == Taken(1, 1, 0)
    (group,) = house.rows(AlertGroup)
    assert (group.title, group.severity) == ("ranker: the disk is full", Severity.P1)
    assert (group.since, group.fired_at) == (NOW - MINUTE, NOW)
    assert house.said("alerts") == ["post alert:1"]


def test_the_same_again_changes_nothing(house: House) -> None:
    """A source repeats its whole group each time."""
    for _ in range(3):
        house.intake.take([heard(), heard()])
    assert len(house.rows(Alert)) == 1 and house.said("alerts") == ["post alert:1"]


def test_alerts_with_the_same_group_labels_share_a_card(house: House) -> None:
    """Whatever else tells them apart."""
    house.intake.take([heard(labels={"instance": f"gpu-{number}"}) for number in range(30)])
    assert len(house.rows(Alert)) == 30 and house.said("alerts") == ["post alert:1"]


def test_the_end_of_all_resolves_the_card(house: House) -> None:
    """The end of one changes it."""
    both = [heard(), heard(labels={"instance": "gpu-2"})]
    house.intake.take(both)
    house.intake.take([both[0]._replace(ends_at=NOW)])
    assert house.read(get_group, 1).state is AlertState.FIRING
    assert house.intake.take([both[1]._replace(ends_at=NOW)]) == Taken(1, 0, 1)
    assert house.read(get_group, 1).state is AlertState.RESOLVED
    assert house.said("alerts") == ["post alert:1", "edit alert:1", "edit alert:1"]


def test_what_fires_and_ends_in_one_breath_is_told_once(house: House) -> None:
    """As over; otherwise nobody would ever know."""
    house.intake.take([heard(), heard(ends_at=NOW)])
    assert house.read(get_group, 1).state is AlertState.RESOLVED
    assert house.said("alerts") == ["post alert:1"]


def test_an_end_without_a_beginning_is_kept_and_not_told(house: House) -> None:
    """With the reason; the beginning that comes late changes nothing."""
    house.intake.take([heard(ends_at=NOW)])
    house.intake.take([heard()])
    (alert,) = house.rows(Alert)
    assert (alert.state, alert.reason) == (AlertState.RESOLVED, Reason.NEVER_FIRED)
    assert house.rows(OutboxRow) == [] and house.read(get_group, 1).outcome is Outcome.HUSHED


def test_an_end_that_names_another_start_ends_what_fires(house: House) -> None:
    """Not every source remembers when it began; what ended before it began is another firing."""
    house.intake.take([heard()])
    house.intake.take([heard(starts_at=NOW - HOUR, ends_at=NOW - HOUR)])
    assert states(house) == [AlertState.FIRING, AlertState.RESOLVED]
    house.intake.take([heard(starts_at=NOW, ends_at=NOW)])
    assert states(house) == [AlertState.RESOLVED] * 2


@pytest.mark.parametrize("year", [1, 1970, 2019, 2099])
def test_a_clock_that_cannot_be_right_is_corrected_and_said(house: House, year: int) -> None:
    """And the repetition is known again."""
    for _ in range(2):
        house.intake.take([heard(starts_at=datetime(year, 1, 1, tzinfo=UTC))])
    (alert,) = house.rows(Alert)
    assert alert.starts_at == NOW and str(year) in alert.remark


def test_an_end_in_the_future_is_none(house: House) -> None:
    """Alertmanager means: over then, unless it says so again."""
    house.intake.take([heard(ends_at=NOW + HOUR)])
    assert states(house) == [AlertState.FIRING]


def test_endless_and_unstorable_words_are_cut_and_cleaned(house: House) -> None:
    """Two that differ only behind the cut are still two."""
    endless = "x" * 10_000
    house.intake.take([heard(labels={"job": endless + end, "n\0": "\0\ud800é"}) for end in "ab"])
    first, second = house.rows(Alert)
    assert first.fingerprint != second.fingerprint
    assert len(first.labels["job"]) == 1000 and first.labels["n"] == "?é"


def test_a_group_is_as_bad_as_its_worst_alert(house: House) -> None:
    """Also when it comes later."""
    house.intake.take([heard(severity=Severity.P3)])
    house.intake.take([heard(severity=Severity.P0, labels={"instance": "gpu-2"})])
    assert house.read(get_group, 1).severity is Severity.P0


def test_an_alert_that_gets_worse_is_told(house: House) -> None:
    """On its card."""
    house.intake.take([heard(severity=Severity.P2)])
    house.intake.take([heard(severity=Severity.P1)])
    assert house.said("alerts") == ["post alert:1", "edit alert:1"]
    assert house.rows(Alert)[0].severity is Severity.P1


def test_many_at_once_share_transactions_and_lose_nothing(house: House) -> None:
    """Each request has its own answer."""
    house.intake.start()
    requests = [[heard(f"n{number % 4}", labels={"instance": f"{number}"})] for number in range(200)]
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(house.intake.take, requests))
    house.intake.stop()
    assert taken == [Taken(1, 1, 0)] * 200
    assert len(house.rows(Alert)) == 200 and len(house.rows(AlertGroup)) == 4


def test_what_was_not_told_before_a_crash_is_told_after_it(house: House) -> None:
    """The mark is on the row."""
    house.intake.wake = lambda _groups, _pages: None
    house.intake.take([heard()])
    assert house.said() == []
    assert house.groups.work_all() == 1
    assert house.said() == ["post alert:1"] and house.groups.work_all() == 0


def test_a_group_that_comes_back_too_often_keeps_its_card(house: House) -> None:
    """It stays open until it has been quiet for a while."""
    come_and_go(house, 5, 15 * MINUTE)
    assert house.said().count("post alert:4") == 1 and "post alert:5" not in house.said()
    assert house.read(get_group, 4).outcome is Outcome.FLAPPING
    house.pass_time(timedelta(minutes=10))
    assert house.read(get_group, 4).state is AlertState.RESOLVED


def come_and_go(house: House, times: int, every: timedelta) -> None:
    """One alert that is over as soon as it fires."""
    for _ in range(times):
        at = house.clock.now()
        house.intake.take([heard(starts_at=at)])
        house.intake.take([heard(starts_at=at, ends_at=at)])
        house.clock.advance(every)


def test_what_comes_back_at_once_goes_on_on_its_card(house: House) -> None:
    """From its first return; it fires there again, and is told to be over again."""
    come_and_go(house, 2, MINUTE)
    house.intake.take([heard(starts_at=house.clock.now())])
    group = house.read(get_group, 1)
    assert (group.state, group.resolved_at, group.flaps) == (AlertState.FIRING, None, 2)
    assert [said for said in house.said() if said.startswith("post alert:")] == ["post alert:1"]


def test_what_comes_back_after_its_incident_has_a_card_of_its_own(house: House) -> None:
    """And needs somebody anew."""
    house.intake.take([heard()])
    house.declare(alert_group_id=1)
    house.incidents.resolve(1, by=ANN)
    house.intake.take([heard(ends_at=NOW)])
    house.clock.advance(MINUTE)
    house.intake.take([heard(starts_at=house.clock.now())])
    assert house.read(get_group, 2).state is AlertState.FIRING


@pytest.mark.parametrize(("later", "state"), [(MINUTE, "resolved"), (2 * HOUR, "firing")])
def test_an_old_word_does_not_ring_again(house: House, later: timedelta, state: str) -> None:
    """A request that was tried again, after its alert was over; who insists much later is believed."""
    house.intake.take([heard()])
    house.intake.take([heard(ends_at=NOW)])
    house.clock.advance(later)
    house.intake.take([heard()])
    assert [alert.state for alert in house.rows(Alert)] == [state]


@pytest.mark.parametrize("why", ["asked", "gone"])
def test_the_same_firing_may_come_back(house: House, why: str) -> None:
    """Its source lost it for a while: it says so when it is asked, or we had ended it ourselves."""
    end = heard(ends_at=NOW, remark=GONE if why == "gone" else "")
    for word in (heard(), end, heard(anew=why == "asked")):
        house.intake.take([word])
    assert states(house) == [AlertState.FIRING]


def test_a_batch_costs_no_more_in_a_table_that_has_just_grown(untouched: House) -> None:
    """PostgreSQL knows nothing of it until it is analysed, and keeps the plans that it made before."""
    house = untouched
    inserted, read = _table_statistics(house)
    house.intake.wake = lambda _groups, _pages: None  # who tells of them reads them
    house.intake.start()
    for batch in range(20):
        house.intake.take([heard(labels={"instance": f"{batch}-{number}"}) for number in range(40)])
    house.intake.stop()
    until(lambda: _table_statistics(house)[0] - inserted == 800)  # they are told when a connection ends
    assert _table_statistics(house)[1] - read < 800


def _table_statistics(house: House) -> tuple[int, int]:
    """How many alerts were ever inserted, and how many were read."""
    asked = text(
        "SELECT n_tup_ins, seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'alert'"
    )
    with house.store.read() as session:
        inserted, read = session.connection().execute(asked).one()
    return int(inserted), int(read)
