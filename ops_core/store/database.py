"""The database: SQLite by default, PostgreSQL for more than one replica."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, create_engine

from ops_core.errors import Unavailable


class Database:
    """Opens short sessions on one database; `url` is SQLAlchemy's."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only. Raises `Unavailable` when the database cannot be reached."""
        with told(self.url), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, undone on any error.

        A writer on SQLite begins IMMEDIATE: a deferred one that reads first fails at once when
        somebody else is writing, in spite of the busy timeout.
        """
        with told(self.url), Session(self.engine, expire_on_commit=False) as session:
            if self.engine.dialect.name == "sqlite":
                session.execute(text("BEGIN IMMEDIATE"))
            yield session
            session.commit()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


@contextmanager
def told(url: str) -> Iterator[None]:
    """Say which database did not answer, without its password."""
    try:
        yield
    except OperationalError as error:
        raise Unavailable(
            f"The database {make_url(url).render_as_string(hide_password=True)} did not answer: {error.orig}",
            hint="Look at `tocsin doctor`; nothing was changed.",
        ) from error


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead log, foreign keys, patience; and we begin transactions ourselves."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")
