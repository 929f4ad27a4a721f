"""Tenth stage: whether a group is over, and stays so; one that flaps must first be quiet for a while."""

from __future__ import annotations

from ops_core.alerts import events
from ops_core.alerts.alert import AlertState
from ops_core.alerts.group import Outcome
from ops_core.alerts.telling import Telling
from ops_core.people import TOCSIN
from ops_core.rhythm import task
from ops_core.rhythm.task import Task

SETTLE = "alert.settle"
"""The task that looks whether a group that flapped has stayed quiet."""


def settle(telling: Telling) -> None:
    """Resolve a group of which nothing fires; it is told only if people heard of it, or should have."""
    group, tx = telling.group, telling.tx
    if telling.firing:
        return
    if group.settles_at is not None and group.settles_at > tx.now:
        group.outcome = Outcome.FLAPPING
        task.plan(tx.session, Task(kind=SETTLE, subject=group.card, due_at=group.settles_at))
        return
    group.state, group.resolved_at, group.open_key = AlertState.RESOLVED, tx.now, None
    if group.was_told or telling.heard_firing:
        resolved = events.GroupResolved(
            by=TOCSIN, at=tx.now, group=group.number, in_incident=group.incident_id
        )
        telling.events.append(resolved)
    else:
        group.outcome = Outcome.HUSHED
