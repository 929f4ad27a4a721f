"""Turns that another system keeps: fetched now and then, the last known ones used while it is away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel

from ops_core.oncall.turn import Turn

AHEAD = timedelta(days=14)
"""How far ahead turns are fetched: with the other system away this long, nobody is known any more."""
BEHIND = timedelta(days=1)
FRESH = timedelta(minutes=30)
"""Older knowledge is said to be old."""


class TurnSource(Protocol):
    """A calendar, or the schedule of another on-call system."""

    def turns(self, start: datetime, end: datetime) -> list[Turn]:
        """Who is on call between two moments, by key. Raises `OpsError` when it cannot be told."""
        ...


class FetchedTurns(SQLModel, table=True):
    """What a schedule's source last said, and what went wrong since."""

    __tablename__ = "fetched_turns"

    schedule: str = Field(primary_key=True)
    fetched_at: datetime | None = None
    turns: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    error: str = ""

    def known(self) -> list[Turn]:
        """The turns, in order."""
        return [_from_json(one) for one in self.turns]

    def age(self, now: datetime) -> timedelta | None:
        """How old what is known is, if that is worth a word; None while it is fresh."""
        if self.fetched_at is None or now - self.fetched_at <= FRESH:
            return None
        return now - self.fetched_at


def keep(session: Session, schedule: str, turns: list[Turn], now: datetime) -> None:
    """Note what the source says."""
    ordered = sorted(turns, key=lambda turn: turn.starts_at)
    row = FetchedTurns(schedule=schedule, fetched_at=now, turns=[_to_json(turn) for turn in ordered])
    session.merge(row)


def note_failure(session: Session, schedule: str, why: str) -> bool:
    """Note that the source could not be asked; True when that is new."""
    row = session.get(FetchedTurns, schedule) or FetchedTurns(schedule=schedule)
    new, row.error = not row.error, why
    session.add(row)
    return new


def _to_json(turn: Turn) -> dict[str, Any]:
    return {
        "person": turn.person,
        "starts_at": turn.starts_at.isoformat(),
        "ends_at": turn.ends_at.isoformat(),
    }


def _from_json(row: dict[str, Any]) -> Turn:
    starts_at, ends_at = (datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at"))
    return Turn(str(row["person"]), starts_at, ends_at)
