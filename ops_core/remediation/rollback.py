"""The rollback: a proposal, who agreed to it, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.errors import Invalid, NotFound
from ops_core.store.columns import words


class RollbackState(StrEnum):
    """The road of a rollback."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    APPLYING = "applying"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    """Applied, but the proof failed or did not come in time."""
    FAILED = "failed"
    """Not applied: the world is as it was."""
    UNDOING = "undoing"
    UNDONE = "undone"


BUSY = (RollbackState.APPLYING, RollbackState.VERIFYING, RollbackState.UNDOING)


class Rollback(SQLModel, table=True):
    """Return a model to an earlier version."""

    __tablename__ = "rollback"

    id: int | None = Field(default=None, primary_key=True)
    model: str = Field(index=True)
    alias: str
    from_version: str
    to_version: str
    why: list[str] = Field(default_factory=list, sa_type=JSON)
    preview: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    check: str | None = None
    incident_id: int | None = Field(default=None, foreign_key="incident.id")
    room: str
    needs_approval: bool
    requested_by: str
    requested_at: datetime
    approved_by: str | None = None
    state: RollbackState = Field(default=RollbackState.PROPOSED, sa_type=words(RollbackState))
    applied_at: datetime | None = None
    finished_at: datetime | None = None
    proofs: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    trouble: str = ""

    @property
    def number(self) -> int:
        """The id of a saved rollback."""
        if self.id is None:
            raise Invalid("The rollback has not been saved yet.")
        return self.id

    @property
    def ref(self) -> str:
        """How people name it."""
        return f"R-{self.number}"

    @property
    def card(self) -> str:
        """The subject of its message, and of its tasks."""
        return f"rollback:{self.number}"


def get_rollback(session: Session, number: int) -> Rollback:
    """The rollback with this number. Raises `NotFound`."""
    rollback = session.get(Rollback, number)
    if rollback is None:
        raise NotFound(f"There is no rollback R-{number}.", hint="`/model rollback` proposes one.")
    return rollback


def in_progress(session: Session, model: str) -> Rollback | None:
    """The rollback of a model that is changing the world right now."""
    query = select(Rollback).where(Rollback.model == model, col(Rollback.state).in_(BUSY))
    return session.exec(query).first()


def is_moving(session: Session, model: str) -> bool:
    """Whether a rollback is moving the alias of a model, and has not written that into the ledger yet."""
    busy = in_progress(session, model)
    return busy is not None and busy.state in (RollbackState.APPLYING, RollbackState.UNDOING)


def proposed_alike(session: Session, one: Rollback, since: datetime) -> Rollback | None:
    """A proposal of the same in the same room, made since a time and not decided yet."""
    query = select(Rollback).where(
        Rollback.model == one.model,
        Rollback.from_version == one.from_version,
        Rollback.to_version == one.to_version,
        Rollback.room == one.room,
        Rollback.state == RollbackState.PROPOSED,
        Rollback.requested_at >= since,
    )
    return session.exec(query).first()


def of_incident(session: Session, incident_id: int) -> list[Rollback]:
    """An incident's rollbacks, oldest first."""
    query = select(Rollback).where(Rollback.incident_id == incident_id).order_by(col(Rollback.id))
    return list(session.exec(query))
