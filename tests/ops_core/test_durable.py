"""What was taken is answered once it lasts, and the disk keeps nobody from writing the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from threading import Event

import pytest

from ops_core.alerts.alert import Alert
from ops_core.errors import Invalid, Unavailable
from ops_core.store.database import Database
from ops_core.store.migrate import migrate
from tests.ops_core.test_intake import heard
from tests.ops_core.world import House
from tests.wire import until


@contextmanager
def house_on(path: Path, sync: Callable[[int], None]) -> Iterator[House]:
    """A house whose intake is at work, on a disk that syncs like this."""
    database = Database(f"sqlite:///{path}", sync)
    migrate(database)
    house = House(database)
    house.intake.start()
    try:
        yield house
    finally:
        house.intake.stop()
        database.close()


def test_the_next_are_written_while_the_disk_is_waited_for(tmp_path: Path) -> None:
    """Nobody is answered or told before; those written meanwhile share the next wait."""
    begun, go, waits = Event(), Event(), list[int]()

    def slow(descriptor: int) -> None:
        waits.append(descriptor)
        begun.set()
        assert go.wait(20)

    with house_on(tmp_path / "t.db", slow) as house:
        answers = [house.intake.submit([heard("First")])]
        assert begun.wait(20)
        answers += [house.intake.submit([heard(f"Next{number}")]) for number in range(3)]
        until(lambda: len(house.rows(Alert)) == 4)
        assert not any(answer.done() for answer in answers) and house.said() == []
        go.set()
        assert [answer.result(20).new for answer in answers] == [1] * 4
        until(lambda: len(house.said()) == 4)
    assert len(waits) < 4


def test_what_is_synced_holds_what_was_committed(tmp_path: Path) -> None:
    """The file that is made to last is the log, and the alert stands in it."""
    synced: list[bytes] = []

    def note(descriptor: int) -> None:
        synced.append(os.pread(descriptor, os.fstat(descriptor).st_size, 0))

    with house_on(tmp_path / "t.db", note) as house:
        house.intake.take([heard("HoldsThis")])
    assert b"HoldsThis" in synced[-1]


@pytest.mark.parametrize("started", [True, False])
def test_a_disk_that_fails_is_said(tmp_path: Path, *, started: bool) -> None:
    """The sender tries again, and is answered when the disk is well and the log was begun anew: what a
    failing disk did not take it says once, and nothing that follows it in a log can be read again."""
    failing, sizes = [True], list[int]()

    def broken(descriptor: int) -> None:
        sizes.append(os.fstat(descriptor).st_size)
        if failing:
            raise OSError(ENOSPC, "No space left on device")

    with house_on(tmp_path / "t.db", broken) as house:
        if not started:
            house.intake.stop()
        with pytest.raises(Unavailable, match="No space left on device"):
            house.intake.take([heard()])
        failing.clear()
        assert house.intake.take([heard()]).heard == 1
        assert len(house.rows(Alert)) == 1
    assert sizes[1] < sizes[0]


def test_a_fault_with_one_leaves_no_other_without_an_answer(tmp_path: Path) -> None:
    """Of those that waited for the disk together."""
    begun, go, woken = Event(), Event(), list[int]()

    def slow(_descriptor: int) -> None:
        begun.set()
        assert go.wait(20)

    def wake(groups: set[int], _pages: set[int]) -> None:
        woken.extend(groups)
        if len(woken) < 4:
            raise KeyError("a fault of our own")

    with house_on(tmp_path / "t.db", slow) as house:
        house.intake.wake = wake
        answers = [house.intake.submit([heard("First")])]
        assert begun.wait(20)
        answers += [house.intake.submit([heard(f"Next{number}")]) for number in range(3)]
        until(lambda: len(house.rows(Alert)) == 4)
        go.set()
        assert [answer.result(20).new for answer in answers] == [1] * 4
    assert len(woken) == 4


def test_words_that_cannot_be_kept_take_no_others_with_them(tmp_path: Path) -> None:
    """Of one transaction: the others are written once more without them, and answered when that lasts."""
    begun, go = Event(), Event()

    def slow(_descriptor: int) -> None:
        begun.set()
        assert go.wait(20)

    with house_on(tmp_path / "t.db", slow) as house:
        with house.database.engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER refuse BEFORE INSERT ON alert WHEN NEW.name = 'Bad'"
                " BEGIN SELECT RAISE(ABORT, 'not this one'); END"
            )
        with house.database.turn():
            first = house.intake.submit([heard("First")])
            good, bad = house.intake.submit([heard("Good")]), house.intake.submit([heard("Bad")])
        assert begun.wait(20)
        with pytest.raises(Invalid, match="cannot be kept"):
            bad.result(20)
        until(lambda: len(house.rows(Alert)) == 2)
        assert not first.done() and not good.done()
        go.set()
        assert (first.result(20).new, good.result(20).new) == (1, 1)


def test_where_there_is_no_log_the_database_syncs_itself() -> None:
    """SQLite in memory, or on a file system that cannot share memory."""
    database = Database("sqlite://")
    with database.durable() as durable:
        assert not durable.waits
        assert durable.connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    database.close()


def test_postgresql_has_synced_when_it_has_committed(database: Database) -> None:
    """Only SQLite's log is ours to sync."""
    with database.durable() as durable:
        assert durable.waits == (database.engine.dialect.name == "sqlite")
        durable.settle()
