"""A transaction is one: the change, the timeline, the audit and the words, or none of it."""

from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from ops_core.errors import Unavailable
from ops_core.incidents.incident import Incident, Responder
from ops_core.incidents.kinds import IncidentType
from ops_core.incidents.timeline import TimelineEntry
from ops_core.rhythm import events
from ops_core.severity import Severity
from ops_core.store.audit import AuditEntry
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow
from ops_core.store.transaction import Transaction
from tests.ops_core.stand_ins import NOW
from tests.ops_core.world import ANN, House


class Dropped(Exception):
    """The power went out."""


def test_nothing_remains_of_a_transaction_that_failed(house: House) -> None:
    """Not a row in any table."""

    def half_done() -> None:
        with house.store.transaction() as tx:
            _half(tx)
            raise Dropped

    with pytest.raises(Dropped):
        half_done()
    tables: list[type[SQLModel]] = [Incident, AuditEntry, OutboxRow, TimelineEntry]
    assert [house.rows(table) for table in tables] == [[], [], [], []]


def _half(tx: Transaction) -> None:
    one = Incident(title="x", type=IncidentType.SECURITY, severity=Severity.P1, opened_by=ANN, opened_at=NOW)
    tx.session.add(one)
    tx.session.flush()
    tx.record(events.RunsMissed(by=ANN, at=NOW, down_since=NOW, runs=()))


def test_the_sender_is_woken_after_the_commit_only(house: House) -> None:
    """What it finds then is there."""
    woken: list[int] = []
    house.store.wake = lambda _rooms: woken.append(len(house.rows(OutboxRow)))
    with pytest.raises(Dropped), house.store.transaction():
        raise Dropped
    house.declare()
    assert len(woken) == 1 and woken[0] > 0


def test_the_audit_and_the_timeline_have_the_same_time(house: House) -> None:
    """That of the transaction."""
    house.declare()
    assert [row.at for row in (*house.rows(AuditEntry), *house.rows(TimelineEntry))] == [NOW, NOW]


def test_two_databases_do_not_mix(house: House, migrated: Path) -> None:
    """Each has its own rows."""
    house.declare()
    other = Database(f"sqlite:///{migrated}")
    assert House(other).rows(Incident) == []
    other.close()


def test_a_database_that_cannot_be_reached_is_said_without_its_password(tmp_path: Path) -> None:
    """And that it may help to try again."""
    database = Database(f"sqlite:///{tmp_path}/nowhere/tocsin.db")
    with pytest.raises(Unavailable, match="did not answer") as refusal, database.write():
        pass
    assert refusal.value.may_retry and "tocsin doctor" in refusal.value.hint


def test_a_foreign_key_is_held(house: House) -> None:
    """SQLite must be told to."""
    with pytest.raises(IntegrityError), house.database.write() as session:
        session.add(Responder(incident_id=999, person=ANN, joined_at=NOW))
