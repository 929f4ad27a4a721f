"""Covers: somebody takes over for a while; the one agreed on last counts."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.errors import Conflict, NotFound


class Cover(SQLModel, table=True):
    """`person`, a key or a Slack user id, is on call for a schedule in [`starts_at`, `ends_at`)."""

    __tablename__ = "cover"

    id: int | None = Field(default=None, primary_key=True)
    schedule: str = Field(index=True)
    person: str
    starts_at: datetime
    ends_at: datetime
    by: str
    made_at: datetime
    lifted_at: datetime | None = None

    @property
    def ref(self) -> str:
        """How people name it."""
        return f"C-{self.id}"


def holding(session: Session, schedule: str, at: datetime) -> Cover | None:
    """The cover that holds at a moment."""
    found = [one for one in between(session, schedule, at, at) if one.starts_at <= at < one.ends_at]
    return found[-1] if found else None


def between(session: Session, schedule: str, start: datetime, end: datetime) -> list[Cover]:
    """The covers that touch [`start`, `end`], the one that counts most last."""
    return list(session.exec(_between(), params={"schedule": schedule, "start": start, "end": end}))


@cache
def _between() -> Any:
    """Made once: to build a statement takes longer than to carry it out."""
    query = select(Cover).where(
        col(Cover.schedule) == bindparam("schedule"),
        col(Cover.starts_at) <= bindparam("end"),
        col(Cover.ends_at) >= bindparam("start"),
        col(Cover.lifted_at).is_(None),
    )
    return query.order_by(col(Cover.id))


def get_coming(session: Session, number: int, now: datetime) -> Cover:
    """A cover that holds or is to come. Raises `NotFound`, or `Conflict` when it is over."""
    found = session.get(Cover, number)
    if found is None:
        raise NotFound(f"There is no cover C-{number}.", hint="`/ops oncall list` shows those to come.")
    if found.lifted_at or found.ends_at <= now:
        raise Conflict(f"{found.ref} is over already.")
    return found


def coming(session: Session, now: datetime) -> list[Cover]:
    """All covers that hold or are to come, soonest first."""
    query = select(Cover).where(Cover.ends_at > now, col(Cover.lifted_at).is_(None))
    return list(session.exec(query.order_by(col(Cover.starts_at))))
