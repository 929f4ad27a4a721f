"""The audit log shows when somebody has touched it."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from ops_core.store import audit
from ops_core.store.audit import GENESIS, AuditEntry
from tests.ops_core.world import ANN, House


def tampered(house: House, statement: str) -> int | None:
    """The first broken entry after a change by hand."""
    with house.database.write() as session:
        session.execute(text(statement))
    broken = house.read(audit.first_broken)
    return broken.id if broken else None


def test_an_honest_log_holds(walked: House) -> None:
    """Each entry carries the digest of the one before, the first one none."""
    entries = walked.rows(AuditEntry)
    assert walked.read(audit.first_broken) is None and len(entries) > 15
    assert [one.previous for one in entries] == [GENESIS, *(one.digest for one in entries[:-1])]


@pytest.mark.parametrize(
    "change",
    [
        "by = 'U0EVE'",
        "verb = 'nothing'",
        "subject = 'incident:9'",
        "detail = '{}'",
        "at = '2020-01-01'",
        "digest = 'x'",
    ],
)
def test_a_changed_entry_is_found(walked: House, change: str) -> None:
    """Whichever field it is."""
    second = walked.rows(AuditEntry)[1].id
    assert tampered(walked, f"UPDATE audit SET {change} WHERE id = {second}") == second  # noqa: S608  # a constant


def test_a_removed_entry_is_found(walked: House) -> None:
    """The one behind it has lost its predecessor."""
    entries = walked.rows(AuditEntry)
    assert tampered(walked, f"DELETE FROM audit WHERE id = {entries[4].id}") == entries[5].id  # noqa: S608  # a constant


def test_of_a_long_log_the_last_entries_are_followed(walked: House) -> None:
    """Back to the one before them, whose digest the first of them names."""
    fifth_last = walked.rows(AuditEntry)[-5].id
    assert tampered(walked, f"UPDATE audit SET verb = 'x' WHERE id = {fifth_last}") == fifth_last  # noqa: S608  # a constant
    for last, expected in ((5, fifth_last), (4, None), (1_000, fifth_last)):
        found = walked.read(audit.first_broken, last)
        assert (found and found.id) == expected


def test_the_time_zone_of_the_writer_does_not_break_the_chain(house: House) -> None:
    """The database gives times back in UTC."""
    at = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=2)))
    with house.database.write() as session:
        audit.append(session, at=at, by=ANN, verb="x.y", subject="x:1", detail={"ü": [1, 2.5, None]})
    assert house.read(audit.first_broken) is None


def test_every_act_of_a_walk_is_audited_in_order(walked: House) -> None:
    """By a verb of the form noun.verb."""
    verbs = [one.verb for one in walked.rows(AuditEntry)]
    acts = ["alert.fire", "incident.declare", "incident.take_command", "rollback.propose", "rollback.approve"]
    acts += ["rollback.apply", "rollback.verify", "incident.contain", "incident.resolve", "incident.close"]
    assert [verb for verb in verbs if verb in acts] == acts


def test_the_latest_come_first(walked: House) -> None:
    """As many as asked for."""
    assert [one.verb for one in walked.read(audit.recent, 2)] == ["incident.close", "incident.postmortem"]
