"""Tocsin's own database: reachable, of our schema, unbroken, and nothing stuck in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, inspect, text
from sqlalchemy.engine import make_url
from sqlmodel import Session, col, select

from bot.doctor.answer import Answer, Untold, failed, ok, warning
from bot.doctor.patient import Patient
from ops_core.store import audit
from ops_core.store.database import Database
from ops_core.store.migrate import HEAD, MIGRATIONS
from ops_core.store.outbox import Delivery, OutboxRow


def database(patient: Patient) -> Answer:
    """It answers, and its schema is one that we know."""
    file = _missing_file(patient.database_url)
    if file is not None:
        return _to_be_made(file)
    where = make_url(patient.database_url).render_as_string(hide_password=True)
    with _reading(patient) as session:
        found = _revision(session)
    if found == HEAD:
        return ok(f"{where}, schema {HEAD}")
    if found is None or list(MIGRATIONS.glob(f"versions/{found}_*.py")):
        return ok(f"{where}, schema {found or 'not made yet'}; `tocsin run` upgrades it to {HEAD}")
    return failed(
        f"{where} has schema {found}, which is newer than this program's {HEAD}",
        "Install the newer Tocsin again, or restore the backup from before the upgrade.",
    )


def audit_log(patient: Patient) -> Answer:
    """The chain of hashes is whole."""
    with _filled(patient) as session:
        broken = audit.first_broken(session)
        count = session.exec(select(func.count()).select_from(audit.AuditEntry)).one()
    if broken is None:
        return ok(f"{count} entries, unbroken")
    return failed(
        f"entry {broken.id} ({broken.verb}) was changed, or one before it removed",
        "Compare with a backup, and find out who can write to the database.",
    )


def outbox_rows(patient: Patient) -> Answer:
    """Nothing was given up."""
    with _filled(patient) as session:
        waiting = _count(session, Delivery.WAITING)
        dead = _count(session, Delivery.DEAD)
        last = session.exec(
            select(OutboxRow.error)
            .where(OutboxRow.state == Delivery.DEAD)
            .order_by(col(OutboxRow.id).desc())
            .limit(1)
        ).first()
    if dead:
        return warning(
            f"{dead} given up, {waiting} waiting; the last because: {last}",
            "Mend the cause; `/ops doctor` in Slack lists them, `/ops resend all` sends them again.",
        )
    return ok(f"{waiting} waiting, none given up")


def _count(session: Session, state: Delivery) -> int:
    return session.exec(select(func.count()).where(OutboxRow.state == state)).one()


def _missing_file(url: str) -> Path | None:
    """The file of an SQLite database that is not there yet; opening it would make it."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return None
    file = Path(address.database)
    return None if file.exists() else file


def _to_be_made(file: Path) -> Answer:
    if not os.access(file.parent, os.W_OK):
        return failed(f"{file.parent} is missing or cannot be written", "Make it, or change `database`.")
    return ok(f"{file} is not there yet; `tocsin run` makes it")


def _revision(session: Session) -> str | None:
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _reading(patient: Patient) -> Iterator[Session]:
    opened = Database(patient.database_url)
    try:
        with opened.read() as session:
            yield session
    finally:
        opened.close()


@contextmanager
def _filled(patient: Patient) -> Iterator[Session]:
    """A session on a database of our schema; `Untold` when it is not."""
    if _missing_file(patient.database_url) is not None:
        raise Untold("there is no database yet")
    with _reading(patient) as session:
        if _revision(session) != HEAD:
            raise Untold("the database has another schema")
        yield session
