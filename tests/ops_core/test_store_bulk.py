"""Rows that are written together are read back as they were, from both databases."""

from datetime import datetime, timedelta, timezone
from typing import Any

from ops_core.alerts.alert import Alert, AlertState
from ops_core.alerts.group import AlertGroup
from ops_core.alerts.heard import Heard
from ops_core.severity import Severity
from ops_core.store import bulk
from tests.ops_core.stand_ins import MINUTE, NOW
from tests.ops_core.world import House

FOREIGN = 'a "quoted" \\u0000 \\\\ back\nslash, größer, 🔔, $[0] and \'; DROP TABLE alert; --'


def take(house: House, **told: Any) -> Alert:
    """The row of one alert."""
    house.intake.take([Heard("prometheus", told.pop("labels", {"alertname": "Odd"}), **told)])
    alert: Alert = house.rows(Alert)[-1]
    return alert


def test_foreign_words_are_kept_to_the_letter(house: House) -> None:
    """Whatever means something to JSON, to SQL or to a path within JSON."""
    alert = take(house, labels={"alertname": FOREIGN}, annotations={FOREIGN: FOREIGN}, starts_at=NOW)
    assert alert.name == FOREIGN and alert.labels == {"alertname": FOREIGN}
    assert alert.annotations == {FOREIGN: FOREIGN}


def test_times_are_kept_in_utc(house: House) -> None:
    """To the microsecond, whatever the zone of the session or of the source."""
    began = (NOW - MINUTE + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=9)))
    alert = take(house, annotations={}, starts_at=began)
    assert (alert.starts_at, alert.heard_at, alert.ends_at) == (began, NOW, None)
    assert isinstance(alert.starts_at, datetime) and alert.starts_at.utcoffset() == timedelta()


def test_every_kind_of_column_keeps_its_type(house: House) -> None:
    """Words of an enumeration, truth values, numbers, JSON, and nothing at all."""
    alert = take(house, annotations={}, starts_at=NOW, severity=Severity.P1)
    assert alert.severity is Severity.P1 and alert.state is AlertState.FIRING
    assert (alert.inhibits, alert.quiet_runs, alert.finding, alert.hushed_until) == (False, 0, None, None)
    (group,) = house.rows(AlertGroup)
    assert (group.labels, group.rooms, group.model) == ({"alertname": "Odd"}, ["alerts"], None)


def test_a_row_whose_key_is_taken_changes_nothing(house: House) -> None:
    """The others of the same statement are written."""
    take(house, annotations={}, starts_at=NOW)
    (group,) = house.rows(AlertGroup)
    new = group.model_dump(exclude={"id"}) | {"open_key": "another"}
    with house.store.database.write() as session:
        rows = [new, new | {"open_key": group.open_key, "title": "lost"}]
        bulk.insert_new(session.connection(), "alert_group", rows, "open_key")
    assert sorted(row.title for row in house.rows(AlertGroup)) == [group.title, group.title]


def test_what_differs_between_rows_and_what_does_not_are_kept_alike(house: House) -> None:
    """Rows of one statement: each of them reads as if it had been written alone."""
    worst = Heard("prometheus", {"alertname": FOREIGN}, {"summary": FOREIGN}, NOW - MINUTE, None, Severity.P0)
    other = Heard("prometheus", {"alertname": "Odd"}, {}, NOW, NOW, Severity.P1, url="https://example.test/")
    house.intake.take([worst, other])
    first, second = house.rows(Alert)
    assert (first.severity, first.state, first.ends_at) == (Severity.P0, AlertState.FIRING, None)
    assert (first.name, first.annotations) == (FOREIGN, {"summary": FOREIGN})
    assert (second.severity, second.state, second.ends_at) == (Severity.P1, AlertState.RESOLVED, NOW)
    assert (second.starts_at, second.url, second.annotations) == (NOW, "https://example.test/", {})
    assert (first.heard_at, second.heard_at, first.inhibits, second.finding) == (NOW, NOW, False, None)
