"""The incident: one coordinated response and where it stands."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.errors import Conflict, Invalid, NotFound
from ops_core.incidents.kinds import IncidentType
from ops_core.severity import Severity
from ops_core.store.columns import words


class Phase(StrEnum):
    """The walk, in order (seed 000)."""

    DETECT = "detect"
    NOTIFY = "notify"
    DIAGNOSE = "diagnose"
    RESOLVE = "resolve"
    DOCUMENT = "document"


class Incident(SQLModel, table=True):
    """A declared incident. Rows are changed only by the use cases of this package."""

    __tablename__ = "incident"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    type: IncidentType = Field(sa_type=words(IncidentType))
    severity: Severity = Field(sa_type=words(Severity))
    model: str | None = None
    version: str | None = None
    impact: str = ""
    phase: Phase = Field(default=Phase.NOTIFY, sa_type=words(Phase))
    commander: str | None = None
    opened_by: str
    opened_at: datetime
    resolved_at: datetime | None = None
    postmortem_at: datetime | None = None
    closed_at: datetime | None = None
    root_cause: str = ""
    resolution: str = ""
    alert_group_id: int | None = Field(default=None, index=True)

    @property
    def number(self) -> int:
        """The id of a saved incident."""
        if self.id is None:
            raise Invalid("The incident has not been saved yet.")
        return self.id

    @property
    def ref(self) -> str:
        """How people name it."""
        return f"INC-{self.number}"

    @property
    def room(self) -> str:
        """Its room in the outbox."""
        return f"incident:{self.number}"

    @property
    def card(self) -> str:
        """The subject of its one card."""
        return f"incident:{self.number}:card"

    @property
    def checklist(self) -> str:
        """The subject of its playbook's message."""
        return f"incident:{self.number}:checklist"

    @property
    def announcement(self) -> str:
        """The subject of its one line in the channel of all incidents."""
        return f"incident:{self.number}:announcement"

    @property
    def channel_name(self) -> str:
        """`inc-<n>-<slug>`, by Slack's rules for names and at most 80 characters."""
        return f"inc-{self.number}-{slug(self.title)}"[:80].rstrip("-")

    @property
    def status(self) -> str:
        """`open`, `resolved` or `closed`."""
        if self.closed_at:
            return "closed"
        return "resolved" if self.resolved_at else "open"


class Responder(SQLModel, table=True):
    """Somebody who joined."""

    __tablename__ = "responder"

    incident_id: int = Field(foreign_key="incident.id", primary_key=True)
    person: str = Field(primary_key=True)
    joined_at: datetime


def slug(title: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 40 characters, never empty."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "incident"


def is_over(session: Session, number: int | None) -> bool:
    """Whether nobody is at work on it any more: it is resolved, or there never was one."""
    return number is None or get(session, number).resolved_at is not None


def get(session: Session, number: int) -> Incident:
    """The incident with this number. Raises `NotFound` with what there is."""
    incident = session.get(Incident, number)
    if incident is None:
        raise NotFound(f"There is no INC-{number}.", hint="`/incident list` shows those that are open.")
    return incident


def get_open(session: Session, number: int) -> Incident:
    """The same, unless it has been closed. Raises `NotFound` or `Conflict`."""
    incident = get(session, number)
    if incident.closed_at:
        raise Conflict(f"{incident.ref} is closed.", hint="Declare a new incident if it is happening again.")
    return incident


def open_ones(session: Session) -> list[Incident]:
    """All incidents that are not closed, worst and oldest first."""
    query = select(Incident).where(col(Incident.closed_at).is_(None))
    return sorted(session.exec(query), key=lambda one: (one.severity, one.opened_at))


def responders(session: Session, number: int) -> list[str]:
    """Who joined, in the order in which they did."""
    query = select(Responder).where(Responder.incident_id == number).order_by(col(Responder.joined_at))
    return [one.person for one in session.exec(query)]


def join(session: Session, number: int, person: str, now: datetime) -> bool:
    """Note that a person joined; False when they had before."""
    if session.get(Responder, (number, person)):
        return False
    session.add(Responder(incident_id=number, person=person, joined_at=now))
    session.flush()
    return True
