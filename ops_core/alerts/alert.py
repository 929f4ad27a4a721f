"""The alert: findings of one model that need a person, from firing to resolved."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.checks.finding import Finding
from ops_core.errors import Invalid, NotFound
from ops_core.severity import Severity
from ops_core.store.columns import words


class AlertState(StrEnum):
    """Alertmanager's states, and that somebody has seen it."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Alert(SQLModel, table=True):
    """One alert a model at a time: its findings are kept together, so that one fault is one card."""

    __tablename__ = "alert"

    id: int | None = Field(default=None, primary_key=True)
    model: str = Field(index=True)
    version: str | None = None
    title: str
    severity: Severity = Field(sa_type=words(Severity))
    state: AlertState = Field(default=AlertState.FIRING, index=True, sa_type=words(AlertState))
    since: datetime
    fired_at: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    quiet_runs: int = 0
    told: bool = False
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    incident_id: int | None = Field(default=None, foreign_key="incident.id")
    chart_id: int | None = None

    @property
    def number(self) -> int:
        """The id of a saved alert."""
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
    def headline(self) -> Finding:
        """The finding that the card leads with."""
        return Finding.from_json(self.findings[0])


class Silence(SQLModel, table=True):
    """Stated, timed permission not to be told about a model."""

    __tablename__ = "silence"

    id: int | None = Field(default=None, primary_key=True)
    model: str = Field(index=True)
    starts_at: datetime
    ends_at: datetime
    by: str
    reason: str = ""


def get_alert(session: Session, number: int) -> Alert:
    """The alert with this number. Raises `NotFound`."""
    alert = session.get(Alert, number)
    if alert is None:
        raise NotFound(f"There is no alert A-{number}.", hint="`/ops alerts` shows those that fire.")
    return alert


def active(session: Session, model: str | None = None) -> list[Alert]:
    """The alerts that are not resolved, worst and oldest first."""
    query = select(Alert).where(Alert.state != AlertState.RESOLVED)
    if model is not None:
        query = query.where(Alert.model == model)
    return sorted(session.exec(query), key=lambda alert: (alert.severity, alert.fired_at))


def silence_of(session: Session, model: str, now: datetime) -> Silence | None:
    """The silence that holds for a model at a moment, the longest if there are several."""
    query = (
        select(Silence)
        .where(Silence.model == model, Silence.starts_at <= now, Silence.ends_at > now)
        .order_by(col(Silence.ends_at).desc())
    )
    return session.exec(query).first()
