"""Keeping what is known of schedules that other systems hold."""

from __future__ import annotations

from ops_core.errors import OpsError
from ops_core.oncall import events, fetched
from ops_core.oncall.handovers import Handovers
from ops_core.oncall.roster import Roster
from ops_core.people import TOCSIN
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store

FETCH = "oncall.fetch"


class Fetching:
    """Asks each source now and then; while it is away the last known turns are used, and it is said once."""

    def __init__(self, store: Store, roster: Roster, handovers: Handovers) -> None:
        self.store = store
        self.roster = roster
        self.handovers = handovers

    def plan_all(self) -> None:
        """Ask every source as soon as the clock ticks."""
        with self.store.transaction() as tx:
            for name in self.roster.sources:
                task.plan(tx.session, Task(kind=FETCH, subject=f"fetching:{name}", due_at=tx.now))

    def fetch_due(self, due: Task) -> None:
        """Ask the source that a task names, unless the settings have it no more."""
        name = due.subject.partition(":")[2]
        if name in self.roster.sources:
            self.fetch(name)

    def fetch(self, schedule: str) -> None:
        """Ask for the turns from a day ago to two weeks ahead, outside any transaction, and keep them."""
        now = self.store.clock.now()
        try:
            turns = self.roster.sources[schedule].turns(now - fetched.BEHIND, now + fetched.AHEAD)
        except OpsError as error:
            self._failed(schedule, f"{error.message} {error.hint}".strip())
            return
        with self.store.transaction() as tx:
            fetched.keep(tx.session, schedule, turns, tx.now)
            self.handovers.plan(tx.session, schedule, tx.now)

    def _failed(self, schedule: str, why: str) -> None:
        with self.store.transaction() as tx:
            if fetched.note_failure(tx.session, schedule, why):
                tx.record(events.ScheduleTroubled(by=TOCSIN, at=tx.now, schedule=schedule, why=why))
