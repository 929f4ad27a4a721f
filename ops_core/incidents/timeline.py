"""The timeline: who, what, when. Entries are only ever added; milestones are set once."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.alerts.group import AlertGroup, headline
from ops_core.events import Event
from ops_core.people import TOCSIN
from ops_core.store.columns import words


class Milestone(StrEnum):
    """The recorded times from which the response metrics come."""

    ONSET = "onset"
    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    CLOSED = "closed"


class TimelineEntry(SQLModel, table=True):
    """One thing that happened."""

    __tablename__ = "timeline_entry"

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    at: datetime
    actor: str
    text: str


class MilestoneReached(SQLModel, table=True):
    """When an incident reached a milestone."""

    __tablename__ = "milestone"

    incident_id: int = Field(foreign_key="incident.id", primary_key=True)
    name: Milestone = Field(primary_key=True, sa_type=words(Milestone))
    at: datetime


def remember(event: Event, session: Session) -> None:
    """Keep an event that belongs to an incident and has something to say."""
    if event.incident_id is not None and event.said:
        session.add(
            TimelineEntry(incident_id=event.incident_id, at=event.at, actor=event.by, text=event.said)
        )


def look_back(session: Session, incident_id: int, alert: AlertGroup) -> None:
    """What its alert knows of the time before the incident was declared."""
    fired = f"alert {alert.ref} fired: {headline(session, alert)}"
    known = [(alert.fired_at, TOCSIN, fired)]
    if alert.acknowledged_at and alert.acknowledged_by:
        known.append((alert.acknowledged_at, alert.acknowledged_by, f"acknowledged alert {alert.ref}"))
    for at, actor, text in known:
        session.add(TimelineEntry(incident_id=incident_id, at=at, actor=actor, text=text))


def entries(session: Session, incident_id: int) -> list[TimelineEntry]:
    """The timeline in the order of time."""
    query = (
        select(TimelineEntry)
        .where(TimelineEntry.incident_id == incident_id)
        .order_by(col(TimelineEntry.at), col(TimelineEntry.id))
    )
    return list(session.exec(query))


def reach(session: Session, incident_id: int, name: Milestone, at: datetime) -> bool:
    """Set a milestone; False when it was reached before, which leaves the first time standing."""
    if session.get(MilestoneReached, (incident_id, name)):
        return False
    session.add(MilestoneReached(incident_id=incident_id, name=name, at=at))
    session.flush()
    return True


def milestones(session: Session, incident_id: int) -> dict[Milestone, datetime]:
    """The milestones that were reached, with their times."""
    query = select(MilestoneReached).where(MilestoneReached.incident_id == incident_id)
    return {one.name: one.at for one in session.exec(query)}


def response_metrics(reached: dict[Milestone, datetime]) -> dict[str, timedelta | None]:
    """Times to detect, acknowledge, contain and resolve (seed 004, "Metrics"), None where not recorded.

    Detection counts from the onset; the others count from the detection.
    """

    def between(start: Milestone, end: Milestone) -> timedelta | None:
        if start not in reached or end not in reached:
            return None
        return max(reached[end] - reached[start], timedelta())

    return {
        "detection": between(Milestone.ONSET, Milestone.DETECTED),
        "response": between(Milestone.DETECTED, Milestone.ACKNOWLEDGED),
        "containment": between(Milestone.DETECTED, Milestone.CONTAINED),
        "resolution": between(Milestone.DETECTED, Milestone.RESOLVED),
    }
