"""The weekly review and the monthly audit: every check of every model over a longer window, in one post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ops_core.alerts.group import AlertGroup
from ops_core.checks.cadence import Cadence
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.overall import overall
from ops_core.checks.watch import Watched
from ops_core.errors import Invalid, OpsError
from ops_core.incidents.incident import Incident
from ops_core.people import TOCSIN
from ops_core.remediation import ledger
from ops_core.rhythm import task
from ops_core.rhythm.events import ReviewDue
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store, Transaction
from ops_core.world import World

TITLES = {Cadence.WEEKLY: "Weekly review", Cadence.MONTHLY: "Monthly audit"}
MOST_LINES = 4
Judged = tuple[str, list[Finding], str]
"""A model, what its checks found, and why they could not be run, if so."""


class Reviews:
    """Judges all models over the window of a cadence (7 or 28 days) and posts what was found.

    A review rings for nothing: whoever reads it decides. Its checks are all of a model's, whatever their own
    cadence (seed 001, "Weekly Operations" and "Monthly Operations"; seed 003, "Weekly Analysis").
    """

    def __init__(self, store: Store, world: World, room: str) -> None:
        self.store = store
        self.world = world
        self.room = room

    def post(self, named: str, by: str = TOCSIN, room: str | None = None) -> None:
        """Post a review now. Raises `Invalid` for a name that is neither weekly nor monthly."""
        cadence = _cadence(named or Cadence.WEEKLY.value)
        judged = self._judged(cadence)
        with self.store.transaction() as tx:
            self._record(tx, cadence, judged, by, room or self.room)

    def post_due(self, due: Task) -> None:
        """Post the one that the schedule planned: a task of kind `review.<cadence>`."""
        cadence = _cadence(due.kind.partition(".")[2])
        judged = self._judged(cadence)
        with self.store.transaction() as tx:
            if task.finish(tx.session, due):
                self._record(tx, cadence, judged, TOCSIN, self.room)

    def _judged(self, cadence: Cadence) -> list[Judged]:
        return [self._look(watched, cadence) for watched in self.world.models.values()]

    def _look(self, watched: Watched, cadence: Cadence) -> Judged:
        try:
            live = self.world.registry.live(watched.name, watched.alias)
            found = self.world.judge.judge(watched, version=live.version, window=cadence.window)
        except OpsError as error:
            return watched.name, [], error.message
        return watched.name, found, ""

    def _record(self, tx: Transaction, cadence: Cadence, judged: list[Judged], by: str, room: str) -> None:
        start = tx.now - (cadence.window or tx.now - tx.now)
        review = {
            "title": TITLES[cadence],
            "start": start,
            "end": tx.now,
            "models": [_model(tx.session, *each, start) for each in judged],
            "incidents": _count(tx.session, Incident, start),
            "alerts": _count(tx.session, AlertGroup, start),
        }
        tx.record(ReviewDue(by=by, at=tx.now, room=room, review=review))


def _cadence(named: str) -> Cadence:
    found = next((each for each in TITLES if each.value == named.strip().lower()), None)
    if found is None:
        raise Invalid(f"There is no review called “{named}”.", hint="`weekly` or `monthly`.")
    return found


def _model(
    session: Session, name: str, found: Sequence[Finding], error: str, start: datetime
) -> dict[str, Any]:
    ranked = sorted(found, key=lambda each: -each.verdict.rank)
    alarming = [each.explanation for each in ranked if each.verdict.is_alarming]
    usual = [each.explanation for each in ranked if each.check in ("performance.f1", "performance.rmse")]
    counts = Counter(each.verdict for each in found)
    return {
        "name": name,
        "version": next((each.version for each in found if each.version), None),
        "verdict": overall(found).value,
        "counts": [[verdict.value, counts[verdict]] for verdict in reversed(Verdict) if counts[verdict]],
        "lines": (alarming or usual)[:MOST_LINES],
        "more": max(0, len(alarming) - MOST_LINES),
        "moves": sum(1 for move in ledger.moves(session, name, since=start) if move.from_version),
        "error": error or None,
    }


def _count(session: Session, kind: type[Incident] | type[AlertGroup], start: datetime) -> int:
    opened = Incident.opened_at if kind is Incident else AlertGroup.fired_at
    return len(session.exec(select(kind.id).where(col(opened) >= start)).all())
