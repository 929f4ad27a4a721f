"""Response times: how soon somebody was there, against what the severity allows (seed 004)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ops_core.incidents.deadlines import response_due
from ops_core.incidents.incident import Incident
from ops_core.incidents.timeline import Milestone, milestones


def since(session: Session, start: datetime, now: datetime) -> list[dict[str, Any]]:
    """The incidents opened since a time: how long the response took, and whether that was in time.

    `took` is None while nobody has responded, and `in_time` while there is still time.
    """
    opened = select(Incident).where(Incident.opened_at >= start).order_by(col(Incident.id))
    return [_response(session, one, now) for one in session.exec(opened)]


def _response(session: Session, one: Incident, now: datetime) -> dict[str, Any]:
    answered = milestones(session, one.number).get(Milestone.ACKNOWLEDGED)
    due_at = response_due(one)
    in_time = answered <= due_at if answered else (False if now > due_at else None)
    took = max(answered, one.opened_at) - one.opened_at if answered else None
    return {
        "ref": one.ref,
        "severity": one.severity.value,
        "took": took,
        "target": one.severity.response_time,
        "in_time": in_time,
    }
