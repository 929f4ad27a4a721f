"""The daily summary: the state of every model on one screen, from rows alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from ops_core.alerts import responses as alert_responses
from ops_core.alerts.group import AlertGroup
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.overall import overall, together
from ops_core.checks.watch import Watched
from ops_core.incidents import incident, responses
from ops_core.incidents.card import brief
from ops_core.people import TOCSIN
from ops_core.remediation import ledger
from ops_core.rhythm import checkups, task
from ops_core.rhythm.events import SummaryDue
from ops_core.rhythm.task import Task, TaskState
from ops_core.store.transaction import Store, Transaction

DAY = timedelta(days=1)


class Summaries:
    """Writes the summary and has it posted."""

    def __init__(self, store: Store, models: Mapping[str, Watched], room: str) -> None:
        self.store = store
        self.models = models
        self.room = room

    def post(self, by: str = TOCSIN, room: str | None = None) -> None:
        """Post the summary into a room, or into the one that the settings name."""
        with self.store.transaction() as tx:
            self._record(tx, by, room or self.room)

    def post_due(self, due: Task) -> None:
        """Post the one that the schedule planned."""
        with self.store.transaction() as tx:
            if task.finish(tx.session, due):
                self._record(tx, TOCSIN, self.room)

    def values(self, session: Session, now: datetime) -> dict[str, Any]:
        """The values of the message."""
        open_ones = incident.open_ones(session)
        found = checkups.latest(session)
        return {
            "date": f"{now:%A, %d %B %Y}",
            "models": [_model(session, watched, found) for watched in self.models.values()],
            "incidents": [brief(session, one) for one in open_ones],
            "alerts": len(session.exec(select(AlertGroup.id).where(AlertGroup.fired_at >= now - DAY)).all()),
            "deadlines": _deadlines(session, now),
            "responses": responses.since(session, now - DAY, now),
            "alert_responses": alert_responses.since(session, now - DAY, now),
            "alias_moves": _moves(session, self.models, now),
            "no_data": [_unseen(some) for some in together(found) if some[0].verdict is Verdict.NO_DATA],
            "errors": [f"{one.model}: {one.said}" for one in checkups.troubles(session)],
        }

    def _record(self, tx: Transaction, by: str, room: str) -> None:
        summary = self.values(tx.session, tx.now)
        tx.record(SummaryDue(by=by, at=tx.now, room=room, summary=summary))


def _model(session: Session, watched: Watched, found: list[Finding]) -> dict[str, Any]:
    mine = [one for one in found if one.model == watched.name]
    move = ledger.last_move(session, watched.name, watched.alias)
    alarming = [one.explanation for one in mine if one.verdict.is_alarming]
    performance = [one.explanation for one in mine if one.signal in ("f1", "accuracy")]
    return {
        "name": watched.name,
        "version": move.to_version if move else None,
        "verdict": overall(mine).value,
        "lines": (alarming or performance)[:4],
    }


def _deadlines(session: Session, now: datetime) -> list[dict[str, Any]]:
    query = select(Task).where(Task.state == TaskState.WAITING, Task.label != "")
    rows = [
        row for row in session.exec(query.order_by(col(Task.due_at))) if row.subject.startswith("incident:")
    ]
    return [
        {
            "label": row.label,
            "at": row.due_at,
            "overdue": row.due_at <= now,
            "incident_ref": f"INC-{row.subject.partition(':')[2]}",
        }
        for row in rows
    ]


def _moves(session: Session, models: Mapping[str, Watched], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "model": move.model,
            "alias": move.alias,
            "from_version": move.from_version,
            "to_version": move.to_version,
            "by": move.by,
            "at": move.at,
        }
        for name in models
        for move in ledger.moves(session, name, since=now - DAY)
        if move.from_version
    ]


def _unseen(some: Sequence[Finding]) -> dict[str, Any]:
    first = some[0]
    return {"check": ", ".join(each.check for each in some), "model": first.model, "since": first.since}
