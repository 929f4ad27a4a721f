"""The deadlines of an incident: an answer, updates while it lasts, and the post-mortem."""

from __future__ import annotations

from datetime import datetime, timedelta

from ops_core.incidents.incident import Incident
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Transaction

RESPONSE, UPDATE, POSTMORTEM = (
    "incident.response_due",
    "incident.update_due",
    "incident.postmortem_due",
)
UPDATE_EVERY = timedelta(minutes=30)
"""Stakeholders hear something this often (seed 004, step 5)."""
POSTMORTEM_WITHIN = timedelta(hours=24)
"""The post-mortem is due a day after the resolution (seed 001, section 5)."""


def plan_response(tx: Transaction, one: Incident) -> None:
    """Somebody has to take command within the severity's response time."""
    _plan(tx, one, RESPONSE, one.opened_at + one.severity.response_time, "somebody takes command")


def plan_update(tx: Transaction, one: Incident) -> None:
    """Everybody hears how it goes."""
    _plan(tx, one, UPDATE, tx.now + UPDATE_EVERY, "next update")


def plan_postmortem(tx: Transaction, one: Incident) -> None:
    """After the resolution only the post-mortem is due."""
    task.cancel(tx.session, one.room)
    _plan(tx, one, POSTMORTEM, tx.now + POSTMORTEM_WITHIN, "post-mortem")


def _plan(tx: Transaction, one: Incident, kind: str, due_at: datetime, label: str) -> None:
    task.plan(tx.session, Task(kind=kind, subject=one.room, due_at=due_at, label=label))
