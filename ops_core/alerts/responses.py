"""Response times of alerts without an incident: from the first word to the acknowledgement (seed 004).

The deadlines are rows; what they find when they fall due decides whether anything is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ops_core.alerts import events
from ops_core.alerts.alert import AlertState, sum_of
from ops_core.alerts.group import AlertGroup, get_group
from ops_core.incidents.deadlines import WARN_AT_RATIO
from ops_core.people import TOCSIN
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.severity import Severity
from ops_core.store.transaction import Store, Transaction

NEAR, DUE = "alert.response_near", "alert.response_due"
SINCE = "since"
"""In the detail of a deadline: when the time began to run."""
OnCall = Callable[[str | None, Severity], Sequence[str]]


def plan(session: Session, group: AlertGroup, since: datetime, *, first: bool = False) -> None:
    """Have the time of response watched that runs since a moment; a plan of before is replaced."""
    span = group.severity.response_time
    detail = {SINCE: since.isoformat()}
    planned = [
        Task(kind=NEAR, subject=group.card, due_at=since + WARN_AT_RATIO * span, detail=detail),
        Task(kind=DUE, subject=group.card, due_at=since + span, detail=detail),
    ]
    if not first:
        task.cancel(session, group.card, NEAR, DUE)
    task.plan_new(session, planned)


def answered(session: Session, group: AlertGroup) -> None:
    """Somebody has it, or it is over: nothing is awaited any more."""
    task.cancel(session, group.card, NEAR, DUE)


class AlertResponses:
    """Warns before the time of response is over, and says when it is. `on_call` names whom to ping."""

    def __init__(self, store: Store, on_call: OnCall) -> None:
        self.store = store
        self.on_call = on_call

    def warn(self, due: Task) -> None:
        """Four fifths of the time are over."""
        self._tell(due, overdue=False)

    def remind(self, due: Task) -> None:
        """All of it is."""
        self._tell(due, overdue=True)

    def _tell(self, due: Task, *, overdue: bool) -> None:
        with self.store.transaction() as tx:
            if not task.finish(tx.session, due):
                return
            group = get_group(tx.session, int(due.subject.partition(":")[2]))
            ends_at = datetime.fromisoformat(due.detail[SINCE]) + group.severity.response_time
            if _waits(tx.session, group) and overdue == (tx.now >= ends_at):
                others = self._others(tx, group, due.kind)
                tx.record(self._event(tx, group, ends_at, others, overdue=overdue))

    def _event(
        self, tx: Transaction, group: AlertGroup, ends_at: datetime, others: Sequence[str], *, overdue: bool
    ) -> events.ResponseAwaited:
        return events.ResponseAwaited(
            by=TOCSIN,
            at=tx.now,
            group=group.number,
            due_at=ends_at,
            overdue=overdue,
            who=tuple(dict.fromkeys(self.on_call(group.model, group.severity))),
            others=tuple(others),
        )

    def _others(self, tx: Transaction, group: AlertGroup, kind: str) -> list[str]:
        """The alerts of the same storm that are as late: they are told of together."""
        if group.digest_id is None:
            return []
        same = select(AlertGroup).where(AlertGroup.digest_id == group.digest_id, AlertGroup.id != group.id)
        late = {one.subject: one for one in task.due(tx.session, tx.now) if one.kind == kind}
        found = [one for one in tx.session.exec(same) if one.card in late]
        for one in found:
            task.finish(tx.session, late[one.card])
        return [one.ref for one in found if _waits(tx.session, one)]


def _waits(session: Session, group: AlertGroup) -> bool:
    """Whether somebody is still to say that they have it."""
    seen_to = group.acknowledged_at is not None or group.incident_id is not None
    if group.state is not AlertState.FIRING or seen_to:
        return False
    return sum_of(session, group.number).severity is not None


def since(session: Session, start: datetime, now: datetime) -> list[dict[str, Any]]:
    """How many alerts, told since a time and without an incident, were acknowledged in time, by severity.

    What ended by itself within the time needed no answer and is left out.
    """
    query = select(AlertGroup).where(col(AlertGroup.told_at) >= start, col(AlertGroup.incident_id).is_(None))
    counts: dict[Severity, dict[str, int]] = {}
    for group in session.exec(query):
        how = _how(group, now)
        if how:
            of = counts.setdefault(group.severity, {"in_time": 0, "late": 0, "waiting": 0})
            of[how] += 1
    return [
        {"severity": severity.value, "target": severity.response_time} | counts[severity]
        for severity in sorted(counts)
    ]


def _how(group: AlertGroup, now: datetime) -> str:
    begun = group.told_at or group.fired_at
    ends_at = begun + group.severity.response_time
    if group.acknowledged_at is not None:
        return "in_time" if group.acknowledged_at <= ends_at else "late"
    over_at = group.resolved_at or now
    if over_at > ends_at:
        return "late"
    return "" if group.resolved_at else "waiting"
