"""The alert: one firing, as its source told it, from the first word to the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import JSON, Executable, Index, Integer, bindparam, text
from sqlmodel import Field, Session, SQLModel, col, func, select

from ops_core.checks.finding import Finding
from ops_core.severity import Severity
from ops_core.store.columns import words

OURS = "tocsin"
"""The source of our own checks' findings."""


class AlertState(StrEnum):
    """Alertmanager's states, and that somebody has seen it, which is said of a group."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Reason(StrEnum):
    """Why people are told of an alert, or why not; `/ops alerts why` says it."""

    TOLD = "told"
    INHIBITED = "inhibited"
    SILENCED = "silenced"
    QUIET_HOURS = "quiet hours"
    MAINTENANCE = "maintenance"
    NEVER_FIRED = "never fired"
    """It was over before it was heard to fire."""


class Alert(SQLModel, table=True):
    """One deduplicated firing. Written by the intake alone, many rows a statement."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_group_and_state", "group_id", "state", "reason", "severity"),
        Index(
            "ix_alert_fingerprint_firing",
            "fingerprint",
            sqlite_where=text("state = 'firing'"),
            postgresql_where=text("state = 'firing'"),
        ),
        Index(
            "ix_alert_inhibits_firing",
            "inhibits",
            sqlite_where=text("inhibits AND state = 'firing'"),
            postgresql_where=text("inhibits AND state = 'firing'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    firing: str = Field(unique=True)
    """What makes it this firing and no other; see `firing`."""
    fingerprint: str
    group_id: int = Field(foreign_key="alert_group.id")
    source: str
    name: str
    labels: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    annotations: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    severity: Severity = Field(sa_type=words(Severity))
    state: AlertState = Field(sa_type=words(AlertState))
    starts_at: datetime
    ends_at: datetime | None = None
    heard_at: datetime
    last_heard_at: datetime
    rank: int = 0
    """Its place on the card, the lowest first."""
    shape: str = ""
    """What a person would call a change: another verdict or version, not another digit."""
    reason: Reason = Field(default=Reason.TOLD, sa_type=words(Reason))
    reason_detail: str = ""
    hushed_until: datetime | None = None
    inhibits: bool = False
    quiet_runs: int = 0
    remark: str = ""
    """What we changed in what the source said, such as a start in 1970."""
    url: str = ""
    finding: dict[str, Any] | None = Field(default=None, sa_type=JSON)

    @property
    def summary(self) -> str:
        """What it is about, in the source's own words."""
        if self.finding:
            return Finding.from_json(self.finding).explanation
        told = self.annotations.get("summary") or self.annotations.get("message") or ""
        return told or self.annotations.get("description", "")

    def is_hushed(self, now: datetime) -> bool:
        """Whether there is a reason not to tell of it, and it still holds."""
        if self.reason is Reason.TOLD:
            return False
        return self.hushed_until is None or self.hushed_until > now


def audible(now: datetime) -> Any:
    """The condition that people are to be told of an alert."""
    return (col(Alert.reason) == Reason.TOLD) | (col(Alert.hushed_until) <= now)


def worst_of(session: Session, group: int, state: AlertState | None, limit: int) -> list[Alert]:
    """The alerts of a group, those that lead first: firing before resolved, told before hushed."""
    asked = {"group": group, "limit": limit} | ({} if state is None else {"state": state})
    return list(session.exec(_worst(of_a_state=state is not None), params=asked))


@cache
def _worst(*, of_a_state: bool) -> Any:
    """Made once: to build a statement takes longer than to carry it out."""
    query = select(Alert).where(col(Alert.group_id) == bindparam("group"))
    if of_a_state:
        query = query.where(col(Alert.state) == bindparam("state", type_=words(AlertState)))
    order = (
        col(Alert.state),
        col(Alert.reason) != Reason.TOLD,
        col(Alert.rank),
        col(Alert.name),
        col(Alert.id),
    )
    return query.order_by(*order).limit(bindparam("limit", type_=Integer))


@dataclass(frozen=True)
class Sum:
    """What a group amounts to: how many alerts by state and reason, and the worst that fires and is told."""

    many: Mapping[tuple[AlertState, Reason], int]
    severity: Severity | None


def sum_of(session: Session, group: int) -> Sum:
    """What a group amounts to."""
    found = session.execute(_counting(), {"group": group}).all()
    many = {(AlertState(state), Reason(reason)): count for state, reason, count, _ in found}
    told = (AlertState.FIRING, Reason.TOLD)
    return Sum(
        many, next((Severity(worst) for state, reason, _, worst in found if (state, reason) == told), None)
    )


@cache
def _counting() -> Executable:
    columns = (col(Alert.state), col(Alert.reason))
    counted = select(*columns, func.count(), func.min(col(Alert.severity)))
    return counted.where(col(Alert.group_id) == bindparam("group")).group_by(*columns)


def names_at(session: Session, group: int, graver_than: Severity) -> dict[str, datetime]:
    """What fires audibly at a severity above a limit, by name, with when the first of its name was heard."""
    grave = [one for one in Severity if one < graver_than]
    of = (Alert.group_id == group, col(Alert.severity).in_(grave))
    names = select(Alert.name).where(*of, Alert.state == AlertState.FIRING, Alert.reason == Reason.TOLD)
    first = select(Alert.name, func.min(Alert.heard_at)).where(*of, col(Alert.name).in_(names))
    return dict(session.exec(first.group_by(col(Alert.name))).all())


def firing_in(session: Session, groups: Sequence[int]) -> list[Alert]:
    """The alerts of these groups that fire."""
    query = select(Alert).where(col(Alert.group_id).in_(groups), Alert.state == AlertState.FIRING)
    return list(session.exec(query.order_by(col(Alert.id))))
