"""The ledger of alias moves: append-only, so that "what was serving at 02:14?" has an answer."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from sqlmodel import Field, Session, SQLModel, col, select

OUTSIDE = "somebody outside Tocsin"
"""Who moved an alias that we only saw to have moved."""


class AliasMove(SQLModel, table=True):
    """An alias was pointed at a version: by us, or by somebody else and seen by us."""

    __tablename__ = "alias_move"

    id: int | None = Field(default=None, primary_key=True)
    model: str = Field(index=True)
    alias: str
    from_version: str | None = None
    to_version: str
    at: datetime
    by: str
    why: str = ""


class VersionAlarm(SQLModel, table=True):
    """A version that was seen to break a limit; it is no place to go back to."""

    __tablename__ = "version_alarm"

    model: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    at: datetime
    why: str


def moves(session: Session, model: str, *, since: datetime | None = None) -> list[AliasMove]:
    """A model's alias moves, oldest first; those at or after `since`, if given."""
    query = select(AliasMove).where(AliasMove.model == model).order_by(col(AliasMove.at), col(AliasMove.id))
    if since is not None:
        query = query.where(AliasMove.at >= since)
    return list(session.exec(query))


def last_move(session: Session, model: str, alias: str) -> AliasMove | None:
    """Where the alias was last seen to go."""
    return next((one for one in reversed(moves(session, model)) if one.alias == alias), None)


def observe(session: Session, move: AliasMove) -> bool:
    """Add a move unless the ledger already ends there; False when it does."""
    last = last_move(session, move.model, move.alias)
    if last and last.to_version == move.to_version:
        return False
    move.from_version = move.from_version or (last.to_version if last else None)
    session.add(move)
    session.flush()
    return True


def raise_alarm(session: Session, alarm: VersionAlarm) -> None:
    """Remember that a version broke a limit; the first time counts."""
    if session.get(VersionAlarm, (alarm.model, alarm.version)) is None:
        session.add(alarm)


def spans(session: Session, model: str, alias: str) -> list[tuple[AliasMove, datetime | None]]:
    """Each move with the time until which its version served; None for the one that serves now."""
    line = [one for one in moves(session, model) if one.alias == alias]
    return [(one, after.at) for one, after in pairwise(line)] + [(one, None) for one in line[-1:]]


def again_since(session: Session, model: str, alias: str, version: str) -> datetime | None:
    """Since when a version serves that served before: its earlier rows say nothing about now."""
    times = [one.at for one, _ in spans(session, model, alias) if one.to_version == version]
    return times[-1] if len(times) > 1 else None


def alarmed_versions(session: Session, model: str) -> dict[str, str]:
    """The versions that broke a limit, with what they broke."""
    query = select(VersionAlarm).where(VersionAlarm.model == model)
    return {one.version: one.why for one in session.exec(query)}
