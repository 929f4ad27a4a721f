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


def plan_first(tx: Transaction, one: Incident) -> None:
    """The deadlines of an incident that has just been declared, and so has none yet."""
    task.plan_new(tx.session, [_response(one), _update(tx, one)])


def plan_response(tx: Transaction, one: Incident) -> None:
    """Somebody has to take command within the severity's response time."""
    task.plan(tx.session, _response(one))


def plan_update(tx: Transaction, one: Incident) -> None:
    """Everybody hears how it goes."""
    task.plan(tx.session, _update(tx, one))


def plan_postmortem(tx: Transaction, one: Incident) -> None:
    """After the resolution only the post-mortem is due."""
    task.cancel(tx.session, one.room)
    task.plan(tx.session, _deadline(one, POSTMORTEM, tx.now + POSTMORTEM_WITHIN, "post-mortem"))


def _response(one: Incident) -> Task:
    return _deadline(one, RESPONSE, one.opened_at + one.severity.response_time, "somebody takes command")


def _update(tx: Transaction, one: Incident) -> Task:
    return _deadline(one, UPDATE, tx.now + UPDATE_EVERY, "next update")


def _deadline(one: Incident, kind: str, due_at: datetime, label: str) -> Task:
    return Task(kind=kind, subject=one.room, due_at=due_at, label=label)
