"""The audit log: append-only rows, each of which holds the hash of the one before."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Executable, Insert, insert
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.store import storable

AT_ONCE = 1_000
"""Entries that are in memory at a time while the chain is followed."""
LAST = "audit.last"
"""Where a session keeps the digest of the chain's last entry."""
GENESIS = "0" * 64


class AuditEntry(SQLModel, table=True):
    """Who did what to what, chained by SHA-256."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    by: str
    verb: str
    subject: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    previous: str
    digest: str


def _hash(previous: str, at: datetime, by: str, verb: str, subject: str, detail: dict[str, Any]) -> str:
    content = [previous, at.isoformat(), by, verb, subject, detail]
    return hashlib.sha256(storable.as_json(content, sort_keys=True).encode()).hexdigest()


def append(
    session: Session, *, at: datetime, by: str, verb: str, subject: str, detail: dict[str, Any]
) -> None:
    """Add an entry to the chain, within the caller's transaction: `Database.write`, which is alone.

    So the session knows the last entry, once it has been read or written.
    """
    previous = session.info.get(LAST) or _last_digest(session)
    at = at.astimezone(UTC)  # as the database gives it back, for the digest holds its text
    digest = _hash(previous, at, by, verb, subject, detail)
    entry = {"at": at, "by": by, "verb": verb, "subject": subject, "detail": detail}
    session.connection().execute(_entry(), entry | {"previous": previous, "digest": digest})
    session.info[LAST] = digest


@cache
def _entry() -> Insert:
    """Made once: to build a statement takes longer than to carry it out."""
    return insert(SQLModel.metadata.tables["audit"])


def _last_digest(session: Session) -> str:
    last = session.connection().execute(_the_last()).scalar()
    return str(last or GENESIS)


@cache
def _the_last() -> Executable:
    """Made once."""
    table = SQLModel.metadata.tables["audit"].c
    return select(table.digest).order_by(table.id.desc()).limit(1)


def first_broken(session: Session, last: int | None = None) -> AuditEntry | None:
    """The first entry that was changed, or whose predecessor was removed; None when the chain holds.

    Follows the `last` so many entries, or all; as rows, because objects would take three times as long.
    """
    before, previous = (last is not None and _before(session, last)) or (0, GENESIS)
    table = SQLModel.metadata.tables["audit"].c
    content = (table.previous, table.at, table.by, table.verb, table.subject, table.detail)
    query = select(table.id, table.digest, *content).where(table.id > before).order_by(table.id)  # type: ignore[call-overload]  # eight columns
    for number, digest, *entry in session.execute(query.execution_options(yield_per=AT_ONCE)):
        if entry[0] != previous or digest != _hash(*entry):
            return session.get(AuditEntry, number)
        previous = digest
    return None


def is_longer(session: Session, count: int) -> bool:
    """Whether there are more entries than so many."""
    return _before(session, count) is not None


def _before(session: Session, last: int) -> tuple[int | None, str] | None:
    """Number and hash of the entry before the `last` so many, if there is one."""
    query = select(AuditEntry.id, AuditEntry.digest).order_by(col(AuditEntry.id).desc())
    return session.exec(query.offset(last).limit(1)).first()


def recent(session: Session, limit: int) -> list[AuditEntry]:
    """The last entries, newest first."""
    return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)))
