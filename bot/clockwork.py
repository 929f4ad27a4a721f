"""The clockwork: fires what is due, from rows; the scheduler itself remembers nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from ops_core.clock import Clock
from ops_core.errors import OpsError
from ops_core.people import TOCSIN
from ops_core.rhythm import slot, task
from ops_core.rhythm.events import RunsMissed
from ops_core.rhythm.task import Task, TaskState
from ops_core.store.transaction import Store

log = logging.getLogger(__name__)

TICK = timedelta(milliseconds=250)
BEAT = timedelta(seconds=10)
DOWN = timedelta(minutes=2)
"""A shorter absence is not worth a word."""
TRIES = 5
KEEP_SLOTS = timedelta(days=7)
LONGEST_COUNT = 1000

Do = Callable[[Task], None]


@dataclass(frozen=True)
class Job:
    """Something that happens by the clock: every `every`, or by a cron line in a time zone.

    What may be left out after a crash is run at once, by `run`; what may not is planned as a `task`.
    With `at_start` it runs also when the process starts.
    """

    name: str
    run: Callable[[], object] | None = None
    every: timedelta | None = None
    cron: str = ""
    timezone: str = "UTC"
    task: str = ""
    at_start: bool = False

    def trigger(self) -> BaseTrigger:
        """APScheduler's trigger."""
        if self.every is not None:
            return IntervalTrigger(seconds=self.every.total_seconds())
        return CronTrigger.from_crontab(self.cron, timezone=self.timezone)

    def slots(self, after: datetime, until: datetime) -> list[datetime]:
        """The firings in (after, until], as far as they are worth counting."""
        if self.every is not None:
            count = min(int((until - after) / self.every), LONGEST_COUNT)
            return [after + self.every * number for number in range(1, count + 1)]
        trigger = self.trigger()
        found: list[datetime] = []
        moment = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
        while moment and moment <= until and len(found) < LONGEST_COUNT:
            found.append(moment)
            moment = trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))
        return found

    def slot(self, now: datetime) -> datetime:
        """The firing that this moment belongs to."""
        if self.every is None:
            return now.replace(second=0, microsecond=0)
        length = max(self.every.total_seconds(), 1e-3)
        return datetime.fromtimestamp(now.timestamp() // length * length, now.tzinfo)


class Clockwork:
    """Runs tasks that are due, and jobs by their triggers; each firing is claimed by a row."""

    def __init__(self, store: Store, clock: Clock, tasks: Mapping[str, Do], jobs: list[Job]) -> None:
        self.store = store
        self.clock = clock
        self.tasks = tasks
        self.jobs = jobs
        self._running: set[int] = set()
        self._lock = threading.Lock()
        self._beaten_at: datetime | None = None
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="task")
        self._scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "misfire_grace_time": None})

    def start(self) -> None:
        """Catch up with what was missed, then follow the clock."""
        self.catch_up()
        self._scheduler.add_job(
            self.tick,
            IntervalTrigger(seconds=TICK.total_seconds()),
            max_instances=1,
            next_run_time=datetime.now(UTC),  # what is overdue has waited for long enough
        )
        for job in self.jobs:
            self._scheduler.add_job(self.fire, job.trigger(), args=[job], max_instances=1)
            if job.at_start and job.run:
                self._pool.submit(self._guarded, job.name, job.run)
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what runs."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._pool.shutdown(wait=True)

    def tick(self) -> None:
        """Start what is due and not yet running."""
        now = self.clock.now()
        self._beat(now)
        with self.store.read() as session:
            due = [one for one in task.due(session, now) if one.kind in self.tasks]
        for one in due:
            with self._lock:
                if one.id is None or one.id in self._running:
                    continue
                self._running.add(one.id)
            self._pool.submit(self._run, one)

    def fire(self, job: Job) -> None:
        """Run a job, unless another process has claimed this firing."""
        now = self.clock.now()
        follow = Task(kind=job.task, subject="schedule", due_at=now) if job.task else None
        if slot.claim(self.store.database, job.name, job.slot(now), now, follow) and job.run:
            self._guarded(job.name, job.run)

    def catch_up(self) -> None:
        """Merge the runs that were missed while down into one each, and say so."""
        now = self.clock.now()
        with self.store.read() as session:
            pulse = session.get(slot.Heartbeat, "tocsin")
            last = {job.name: slot.last_slot(session, job.name) for job in self.jobs}
        if pulse is None or now - pulse.at < DOWN:
            return
        missed = [(job, len(job.slots(last[job.name] or pulse.at, now))) for job in self.jobs]
        runs = tuple((job.name, count) for job, count in missed if count)
        if not runs:
            return
        with self.store.transaction() as tx:
            tx.record(RunsMissed(by=TOCSIN, at=tx.now, down_since=pulse.at, runs=runs))
            slot.forget(tx.session, now - KEEP_SLOTS)
            slot.beat(tx.session, now)  # so that a crash before the first beat does not say it again
        for job, count in missed:
            if count:
                self._pool.submit(self.fire, job)

    def _run(self, one: Task) -> None:
        try:
            if not self._is_due(one):  # somebody did it between the look and now
                return
            done = self._guarded(one.kind, lambda: self.tasks[one.kind](one))
            with self.store.database.write() as session:
                kept = session.get(Task, one.id)
                if kept and kept.state is TaskState.WAITING:
                    _settle(kept, done, self.clock.now())
                    session.add(kept)
        finally:
            with self._lock:
                self._running.discard(one.id or 0)

    def _is_due(self, one: Task) -> bool:
        with self.store.read() as session:
            kept = session.get(Task, one.id)
            return kept is not None and kept.state is TaskState.WAITING and kept.due_at <= self.clock.now()

    def _guarded(self, name: str, run: Callable[[], object]) -> bool:
        """The job loop's one broad except: a job that fails must not stop the others."""
        try:
            run()
        except OpsError as error:
            log.warning("%s: %s", name, error.message)
            return not error.may_retry
        except Exception:
            log.exception("%s", name)
            return False
        return True

    def _beat(self, now: datetime) -> None:
        if self._beaten_at is None or now - self._beaten_at >= BEAT:
            self._beaten_at = now
            with self.store.database.write() as session:
                slot.beat(session, now)


def _settle(one: Task, done: bool, now: datetime) -> None:
    """Done, or once more a little later, or given up."""
    one.attempts += 1
    if done:
        one.state = TaskState.DONE
    elif one.attempts >= TRIES:
        one.state = TaskState.FAILED
    else:
        one.due_at = now + timedelta(seconds=2**one.attempts)
