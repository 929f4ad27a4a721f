"""The clockwork under a clock that stands still until it is told to move."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import select

from bot.clockwork import Clockwork, Job
from ops_core.announcements import announce
from ops_core.clock import VirtualClock
from ops_core.errors import NotFound, Unavailable
from ops_core.incidents.timeline import remember
from ops_core.rhythm import task
from ops_core.rhythm.task import Task, TaskState
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow
from ops_core.store.transaction import Store
from tests.databases import migrated
from tests.wire import ref, said, scene, until

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Works:
    """A store, a clock that stands still, and what was run."""

    def __init__(self, database: Database) -> None:
        self.clock = VirtualClock(NOON)
        self.store = Store(database, self.clock, announce, remember)
        self.runs: list[str] = []
        self.fails: Exception | None = None
        self.works: list[Clockwork] = []

    def clockwork(self, *jobs: Job) -> Clockwork:
        """A clockwork that is not started; one more is another process."""
        self.works.append(Clockwork(self.store, self.clock, {"do": self.do}, list(jobs)))
        return self.works[-1]

    def job(self, every: timedelta | None = MINUTE, cron: str = "") -> Job:
        """A job that notes that it ran."""
        return Job("look", partial(self.runs.append, "look"), every=every, cron=cron)

    def do(self, one: Task) -> None:
        """A task that fails as it was told to."""
        self.runs.append(one.subject)
        if self.fails:
            raise self.fails

    def plan(self, after: timedelta = timedelta()) -> None:
        """A task that falls due."""
        with self.store.transaction() as tx:
            task.plan(tx.session, Task(kind="do", subject="it", due_at=tx.now + after))

    def one(self) -> Task:
        """The task as it stands."""
        with self.store.read() as session:
            return session.exec(select(Task)).one()

    def tick(self, works: Clockwork) -> None:
        """Tick, and wait until what it started has been settled."""
        before = self.one().attempts
        works.tick()
        until(lambda: self.one().attempts > before and not works._running)

    def said(self) -> list[str]:
        """The templates in the outbox."""
        with self.store.read() as session:
            return [row.template for row in session.exec(select(OutboxRow))]


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    """Works on a database of their own."""
    database = Database(f"sqlite:///{shutil.copy(migrated(), tmp_path / 'tocsin.db')}")
    works = Works(database)
    yield works
    for each in works.works:
        each.stop()
    database.close()


def test_a_slot_is_run_once_by_two_processes(works: Works) -> None:
    """Whoever claims it first runs it; the next slot is another."""
    for _ in range(2):
        for _ in range(2):
            works.clockwork().fire(works.job())
        works.clock.advance(MINUTE)
    assert works.runs == ["look", "look"]


def test_a_job_that_fails_leaves_the_clockwork_alone(works: Works) -> None:
    """The error is logged; the next slot runs."""
    broken = Job("broken", lambda: 1 / 0, every=MINUTE)
    works.clockwork().fire(broken)
    works.clockwork().fire(works.job())
    assert works.runs == ["look"]


@pytest.mark.parametrize(
    ("job", "count"), [({"every": MINUTE}, 30), ({"every": None, "cron": "15 12 * * *"}, 1)]
)
def test_missed_runs_are_merged_and_said(works: Works, job: dict[str, object], count: int) -> None:
    """Half an hour down: one run, and one message with how many it stands for."""
    works.clockwork().tick()
    works.clock.advance(30 * MINUTE)
    again = works.clockwork(works.job(**job))  # type: ignore[arg-type]  # pytest's table
    again.catch_up()
    until(lambda: works.runs)
    again.catch_up()
    assert works.runs == ["look"] and works.said() == ["missed_runs"]
    with works.store.read() as session:
        row = session.exec(select(OutboxRow)).one()
    assert row.context["runs"] == [{"name": "look", "count": count}]


def test_a_short_absence_is_not_worth_a_word(works: Works) -> None:
    """A restart of a minute says nothing."""
    works.clockwork().tick()
    works.clock.advance(MINUTE)
    works.clockwork(works.job(timedelta(seconds=5))).catch_up()
    assert works.said() == [] and works.runs == []


def test_a_first_start_misses_nothing(works: Works) -> None:
    """Without a heartbeat there was no absence."""
    works.clockwork(works.job()).catch_up()
    assert works.said() == []


def test_a_task_runs_when_it_is_due_and_once(works: Works) -> None:
    """Not before, and not again, in whichever process."""
    works.plan(MINUTE)
    one, other = works.clockwork(), works.clockwork()
    one.tick()
    assert works.runs == []
    works.clock.advance(MINUTE)
    works.tick(one)
    other.tick()
    other.stop()
    assert works.runs == ["it"] and works.one().state is TaskState.DONE


@pytest.mark.parametrize("error", [Unavailable("down"), ZeroDivisionError("a fault of our own")])
def test_a_task_that_fails_is_tried_five_times_ever_later(works: Works, error: Exception) -> None:
    """After 2, 4, 8 and 16 seconds; then it is marked as failed."""
    works.plan()
    works.fails, at_work = error, works.clockwork()
    waits = []
    for _ in range(5):
        works.tick(at_work)
        waits.append((works.one().due_at - works.clock.now()).total_seconds())
        works.clock.advance(timedelta(seconds=20))
    assert waits[:4] == [2, 4, 8, 16] and works.one().state is TaskState.FAILED
    at_work.tick()
    at_work.stop()
    assert works.runs == ["it"] * 5


def test_a_task_that_recovers_is_done(works: Works) -> None:
    """The third try works."""
    works.plan()
    works.fails, at_work = Unavailable("down"), works.clockwork()
    for _ in range(2):
        works.tick(at_work)
        works.clock.advance(MINUTE)
    works.fails = None
    works.tick(at_work)
    assert works.one().state is TaskState.DONE and works.one().attempts == 3


def test_a_task_that_cannot_succeed_is_not_repeated(works: Works) -> None:
    """What it was about is gone."""
    works.plan()
    works.fails = NotFound("no such incident")
    works.tick(works.clockwork())
    assert works.one().state is TaskState.DONE and works.runs == ["it"]


def test_a_task_survives_a_restart(works: Works) -> None:
    """It was due while the process was down; the next one runs it."""
    works.plan(MINUTE)
    first = works.clockwork()
    first.start()
    first.stop()
    works.clock.advance(10 * MINUTE)
    second = works.clockwork()
    second.start()
    until(lambda: works.one().state is TaskState.DONE)
    assert works.runs == ["it"]


def test_the_reminder_of_the_response_deadline_comes_once(tmp_path: Path) -> None:
    """In the thread of the card, by name; also after a restart in the same minute."""
    clock = VirtualClock(datetime.now(UTC))
    with scene(tmp_path, clock) as stage:
        card = stage.declare(severity="P1")
        clock.advance(timedelta(minutes=61))
        told = stage.ana.wait_reply(card, "somebody takes command")
        assert f"<@{stage.ana.id}>" in said(told)
        stage.stop()
        stage.start()
        clock.advance(MINUTE)
        stage.tocsin.tools.incidents.update(int(ref(card)[4:]), "we are here", by=stage.ana.id)
        stage.ana.wait_message(card["channel"], "we are here")
        words = [said(each) for each in stage.ana.thread(card)[1:]]
        assert sum("somebody takes command" in each for each in words) == 1
        assert sum("next update" in each for each in words) == 1


def test_no_reminder_for_what_was_answered(tmp_path: Path) -> None:
    """Command was taken in time."""
    clock = VirtualClock(datetime.now(UTC))
    with scene(tmp_path, clock) as stage:
        card = stage.declare(severity="P0")
        stage.ben.press(card, "incident.take_command")
        stage.ana.wait_message(card["channel"], "playbook")
        clock.advance(timedelta(minutes=31))
        stage.ana.wait_reply(card, "next update")
        assert not any("somebody takes command" in said(each) for each in stage.ana.thread(card)[1:])
