"""How a connection to each kind of database is prepared: the only place that knows what sets them apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import create_engine

from ops_core.errors import Invalid
from ops_core.store import storable

ONE_WRITER: Mapping[str, str] = {
    # A deferred one that reads first fails at once when somebody else writes, in spite of the timeout.
    "sqlite": "BEGIN IMMEDIATE",
    # The lock of all writers, held until the transaction ends.
    "postgresql": "SELECT pg_advisory_xact_lock(7076000)",
}
"""What a writer says first, by dialect."""
DURABLE: Mapping[str, tuple[str, ...]] = {
    # Alerts of a storm belong all over its indexes, whose pages stay in memory: 64 MB of them.
    "sqlite": ("PRAGMA cache_size=-65536",),
    # It syncs every commit. But it keeps the plans that it made while a table was small, and then reads the
    # whole table for each batch of a storm.
    "postgresql": ("SET enable_seqscan = off",),
}
"""What a connection says first on which many rows are written that must last, by dialect."""
WITHOUT_LOG = ("PRAGMA synchronous=FULL", *DURABLE["sqlite"])
"""The same for SQLite where it cannot keep a write-ahead log: then it has to sync each commit itself."""
PREPARED = (
    "journal_mode=WAL",
    "wal_autocheckpoint=16000",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=15000",
)
"""What each connection to SQLite is told. The log may grow to 64 MB before its pages are written where they
belong: in a storm the same ones change again and again, and a commit had to wait for them each time."""
PATIENCE = {
    "lock_timeout": "15s",
    "statement_timeout": "30s",
    # A replica that froze within a transaction must not hold up the others for longer.
    "idle_in_transaction_session_timeout": "10s",
}
"""PostgreSQL's time limits for our sessions."""


def make(url: str) -> Engine:
    """An engine whose connections are prepared for us; nothing is connected yet.

    Raises `Invalid` for an address of another kind, or when PostgreSQL's driver is not installed.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    try:
        return _postgres(address)
    except ModuleNotFoundError as error:
        raise Invalid(
            f"The database is PostgreSQL, but its driver {error.name} is not installed.",
            hint="Install it: pip install 'tocsin[postgres]'.",
        ) from error


def _address(url: str) -> URL:
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError as error:
        raise Invalid("The address of the database cannot be read.", hint=_HINT) from error
    if address.get_backend_name() not in ONE_WRITER:
        raise Invalid(f"Tocsin cannot keep its rows in {address.get_backend_name()}.", hint=_HINT)
    return address


def _sqlite(address: URL) -> Engine:
    engine = create_engine(
        address,
        connect_args={"check_same_thread": False, "timeout": 15},
        json_serializer=storable.as_json,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead log, foreign keys, patience; and we begin transactions ourselves."""
    connection.isolation_level = None
    for pragma in PREPARED:
        connection.execute(f"PRAGMA {pragma}")


def _postgres(address: URL) -> Engine:
    patience = {"connect_timeout": "5", "tcp_user_timeout": "15000", "application_name": "tocsin"}
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={name: value for name, value in patience.items() if name not in address.query},
        pool_pre_ping=True,  # it may have been restarted since
        pool_size=10,
        max_overflow=20,
        pool_timeout=15,
        json_serializer=storable.as_json,
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(connection: Any, _record: Any) -> None:
    """Time limits, and text that it can hold.

    The limits are statements, because poolers such as PgBouncer refuse them as options of the connection.
    """
    from psycopg.types.string import StrDumperUnknown  # of the extra `postgres`, which SQLite does not need

    class Storable(StrDumperUnknown):
        """Text without what PostgreSQL refuses."""

        def dump(self, obj: str) -> Any:
            """Its bytes."""
            return super().dump(storable.text(obj))

    connection.adapters.register_dumper(str, Storable)
    settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in PATIENCE.items())
    connection.execute(f"SELECT {settings}")
    connection.commit()


_HINT = "Use sqlite:///tocsin.db or postgresql://user:password@host/name."
