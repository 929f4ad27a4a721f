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
NEAR = "incident.response_near"
WARN_AT_RATIO = 0.8
"""The share of the response time after which the deadline is warned of, before it is missed."""
UPDATE_EVERY = timedelta(minutes=30)
"""Stakeholders hear something this often (seed 004, step 5)."""
POSTMORTEM_WITHIN = timedelta(hours=24)
"""The post-mortem is due a day after the resolution (seed 001, section 5)."""


def plan_first(tx: Transaction, one: Incident) -> None:
    """The deadlines of an incident that has just been declared, and so has none yet."""
    task.plan_new(tx.session, [_near(one), _response(one), _update(tx, one)])


def plan_response(tx: Transaction, one: Incident) -> None:
    """Somebody has to take command within the severity's response time."""
    task.plan(tx.session, _near(one))
    task.plan(tx.session, _response(one))


def answered(tx: Transaction, one: Incident) -> None:
    """Somebody has responded: that deadline is met."""
    task.cancel(tx.session, one.room, RESPONSE, NEAR)


def response_due(one: Incident) -> datetime:
    """When somebody has to have responded (seed 004: 15 minutes, 1, 4 or 24 hours)."""
    return one.opened_at + one.severity.response_time


def plan_update(tx: Transaction, one: Incident) -> None:
    """Everybody hears how it goes."""
    task.plan(tx.session, _update(tx, one))


def plan_postmortem(tx: Transaction, one: Incident) -> None:
    """After the resolution only the post-mortem is due."""
    task.cancel(tx.session, one.room)
    task.plan(tx.session, _deadline(one, POSTMORTEM, tx.now + POSTMORTEM_WITHIN, "post-mortem"))


def _response(one: Incident) -> Task:
    return _deadline(one, RESPONSE, response_due(one), "somebody takes command")


def _near(one: Incident) -> Task:
    """The warning before; without a label, since the deadline itself is what cards show."""
    return _deadline(one, NEAR, one.opened_at + WARN_AT_RATIO * one.severity.response_time, "")


def _update(tx: Transaction, one: Incident) -> Task:
    return _deadline(one, UPDATE, tx.now + UPDATE_EVERY, "next update")


def _deadline(one: Incident, kind: str, due_at: datetime, label: str) -> Task:
    return Task(kind=kind, subject=one.room, due_at=due_at, label=label)
