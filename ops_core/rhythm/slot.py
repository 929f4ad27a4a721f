"""Slots: each firing of a scheduled job is claimed by a row, so that it happens once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.database import Database


class Slot(SQLModel, table=True):
    """One firing of one job."""

    __tablename__ = "slot"

    job: str = Field(primary_key=True)
    at: datetime = Field(primary_key=True)
    claimed_at: datetime


class Heartbeat(SQLModel, table=True):
    """When the process was last known to be alive, to tell how long it was down."""

    __tablename__ = "heartbeat"

    name: str = Field(primary_key=True)
    at: datetime


def claim(database: Database, job: str, at: datetime, now: datetime, follow: Task | None = None) -> bool:
    """Take a firing, and plan the task that follows from it; False when another process has it."""
    try:
        with database.write() as session:
            session.add(Slot(job=job, at=at, claimed_at=now))
            session.flush()
            if follow is not None:
                task.plan(session, follow)
    except IntegrityError:
        return False
    return True


def last_slot(session: Session, job: str) -> datetime | None:
    """The last firing of a job, if it ever fired."""
    query = select(Slot.at).where(Slot.job == job).order_by(col(Slot.at).desc()).limit(1)
    return session.exec(query).first()


def beat(session: Session, now: datetime, name: str = "tocsin") -> datetime | None:
    """Note that the process is alive; returns when it last was."""
    pulse = session.get(Heartbeat, name)
    before = pulse.at if pulse else None
    session.merge(Heartbeat(name=name, at=now))
    return before


def forget(session: Session, before: datetime) -> None:
    """Drop claims older than a time, but for the last of each job."""
    for job in session.exec(select(Slot.job).distinct()):
        last = last_slot(session, job)
        old = select(Slot).where(Slot.job == job, Slot.at < before, Slot.at != last)
        for slot in session.exec(old):
            session.delete(slot)
