"""The audit log: append-only rows, each of which holds the hash of the one before."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.store import storable

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

    def computed(self) -> str:
        """The hash that this entry must carry."""
        content = [self.previous, self.at.isoformat(), self.by, self.verb, self.subject, self.detail]
        return hashlib.sha256(storable.as_json(content, sort_keys=True).encode()).hexdigest()


def append(
    session: Session, *, at: datetime, by: str, verb: str, subject: str, detail: dict[str, Any]
) -> AuditEntry:
    """Add an entry to the chain, within the caller's transaction: `Database.write`, which is alone.

    So the session knows the last entry, once it has been read or written.
    """
    previous = session.info.get(LAST) or _last_digest(session)
    entry = AuditEntry(
        at=at.astimezone(UTC),  # as the database gives it back, for the digest holds its text
        by=by,
        verb=verb,
        subject=subject,
        detail=detail,
        previous=previous,
        digest="",
    )
    entry.digest = entry.computed()
    session.add(entry)
    session.flush()
    session.info[LAST] = entry.digest
    return entry


def _last_digest(session: Session) -> str:
    last = session.exec(select(AuditEntry.digest).order_by(col(AuditEntry.id).desc()).limit(1)).first()
    return last or GENESIS


def first_broken(session: Session) -> AuditEntry | None:
    """The first entry that was changed, or whose predecessor was removed; None when the chain holds."""
    previous = GENESIS
    for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.id))):
        if entry.previous != previous or entry.digest != entry.computed():
            return entry
        previous = entry.digest
    return None


def recent(session: Session, limit: int) -> list[AuditEntry]:
    """The last entries, newest first."""
    return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)))
