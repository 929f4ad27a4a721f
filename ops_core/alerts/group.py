"""The alert group: what people call an alert, one card, from firing to resolved."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.alerts.alert import OURS, Alert, AlertState, worst_of
from ops_core.checks.finding import Finding
from ops_core.errors import Invalid, NotFound
from ops_core.severity import Severity
from ops_core.store.columns import words


class Outcome(StrEnum):
    """What was said of a group, and why nothing was."""

    WAITING = "waiting"
    TOLD = "told"
    DIGESTED = "digested"
    """A storm: it stands in the digest instead of on a card of its own."""
    HUSHED = "hushed"
    """Every alert of it has its own reason not to be told."""
    FLAPPING = "flapping"
    """It came back so often that its earlier card stays open."""


class AlertGroup(SQLModel, table=True):
    """Alerts that share the labels by which they are grouped. People name it `A-<n>`."""

    __tablename__ = "alert_group"
    __table_args__ = (
        # As a query writes it: SQLite uses a partial index only for the very words of its condition.
        Index(
            "ix_alert_group_dirty", "dirty", sqlite_where=text("dirty = 1"), postgresql_where=text("dirty")
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(index=True)
    open_key: str | None = Field(default=None, unique=True)
    """The key while it is not resolved: of one key, one group is open."""
    source: str
    labels: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    model: str | None = Field(default=None, index=True)
    version: str | None = None
    title: str = ""
    severity: Severity = Field(sa_type=words(Severity))
    state: AlertState = Field(default=AlertState.FIRING, index=True, sa_type=words(AlertState))
    since: datetime
    fired_at: datetime = Field(index=True)
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    outcome: Outcome = Field(default=Outcome.WAITING, sa_type=words(Outcome))
    told_at: datetime | None = Field(default=None, index=True)
    dirty: bool = False
    """Something was heard that the pipeline has not looked at yet."""
    shape: str = ""
    flaps: int = 0
    settles_at: datetime | None = None
    rooms: list[str] = Field(default_factory=list, sa_type=JSON)
    people: list[str] = Field(default_factory=list, sa_type=JSON)
    policies: list[str] = Field(default_factory=list, sa_type=JSON)
    digest_id: int | None = Field(default=None, index=True)
    incident_id: int | None = Field(default=None, foreign_key="incident.id")
    chart_id: int | None = None

    @property
    def number(self) -> int:
        """The id of a saved group."""
        if self.id is None:
            raise Invalid("The alert has not been saved yet.")
        return self.id

    @property
    def ref(self) -> str:
        """How people name it."""
        return f"A-{self.number}"

    @property
    def card(self) -> str:
        """The subject of its one card."""
        return f"alert:{self.number}"

    @property
    def cards(self) -> list[tuple[str, str]]:
        """The rooms in which it has a card, each with the card's subject."""
        others = [(room, f"{self.card}:{room}") for room in self.rooms[1:]]
        return [(self.rooms[0] if self.rooms else "alerts", self.card), *others]

    @property
    def is_ours(self) -> bool:
        """Whether our own checks found it."""
        return self.source == OURS

    @property
    def was_told(self) -> bool:
        """Whether people have heard of it."""
        return self.told_at is not None


class AlertDigest(SQLModel, table=True):
    """One message for the many groups of a storm."""

    __tablename__ = "alert_digest"

    id: int | None = Field(default=None, primary_key=True)
    opened_at: datetime
    last_at: datetime

    @property
    def subject(self) -> str:
        """The subject of its one message."""
        return f"digest:{self.id}"


def get_group(session: Session, number: int) -> AlertGroup:
    """The group with this number. Raises `NotFound`."""
    group = session.get(AlertGroup, number)
    if group is None:
        raise NotFound(f"There is no alert A-{number}.", hint="`/ops alerts` shows those that fire.")
    return group


def is_open() -> ColumnElement[bool]:
    """The condition that a group is not over: it has a key. For IS NOT NULL, SQLite reads all groups."""
    return col(AlertGroup.open_key) > ""


def active(session: Session, model: str | None = None) -> list[AlertGroup]:
    """The groups that are not resolved and of which people were told, worst and oldest first."""
    query = select(AlertGroup).where(is_open())
    if model is not None:
        query = query.where(AlertGroup.model == model)
    return sorted(session.exec(query), key=lambda group: (group.severity, group.fired_at))


def lead(session: Session, group: AlertGroup) -> Alert | None:
    """The alert that the card leads with."""
    return next(iter(worst_of(session, group.number, None, 1)), None)


def findings(session: Session, group: AlertGroup) -> list[Finding]:
    """Our own checks' findings in a group: those that alarm, or, when it is over, those that did."""
    state = None if group.state is AlertState.RESOLVED else AlertState.FIRING
    rows = worst_of(session, group.number, state, 100)
    return [Finding.from_json(row.finding) for row in rows if row.finding]


def headline(session: Session, group: AlertGroup) -> str:
    """One sentence about a group."""
    first = lead(session, group)
    return (first.summary if first else "") or group.title


def as_values(group: AlertGroup) -> dict[str, Any]:
    """What every message about a group may need."""
    return {
        "id": group.number,
        "ref": group.ref,
        "title": group.title,
        "severity": {"code": group.severity.value, "label": group.severity.label},
        "model": group.model,
        "since": group.since,
    }
