"""The database: SQLite by default, PostgreSQL for more than one replica."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from ops_core.errors import Unavailable
from ops_core.store import engines
from ops_core.store.durable import SYNC, Disk, Durable, Sync, prepared
from ops_core.store.turn import Turn


class Database:
    """Opens short sessions on one database; `url` is SQLAlchemy's, for SQLite or PostgreSQL.

    Raises `Invalid` for an address of any other kind, or when PostgreSQL's driver is not installed. `sync`
    makes what was written to a file last.
    """

    def __init__(self, url: str, sync: Sync = SYNC) -> None:
        self.url = url
        self._disk = Disk(sync)
        self.engine = engines.make(url)
        self._alone = engines.ONE_WRITER[self.engine.dialect.name]
        self._turn = Turn()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only. Raises `Unavailable` when the database cannot be reached."""
        with told(self.url), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, undone on any error.

        One writer at a time, in all processes: what it reads stays true until it commits, so that of two
        who press a button at once one is told that the other was faster.
        """
        with told(self.url), self.turn(), Session(self.engine, expire_on_commit=False) as session:
            session.connection().exec_driver_sql(self._alone)
            yield session
            session.commit()

    def turn(self, *, first: bool = False) -> AbstractContextManager[None]:
        """Hold the turn to write. There is one writer; of our threads, those that wait sleep until it is
        their turn, where SQLite would have them ask again and again, and PostgreSQL knows nobody as urgent.
        """
        return self._turn.held(first=first)

    @contextmanager
    def durable(self) -> Iterator[Durable]:
        """A connection of one's own, whose commits last once it has settled.

        Raises `Unavailable` when the database cannot be reached.
        """
        with told(self.url), self.engine.connect() as connection:
            connection.detach()  # closed afterwards, because others have no use for its patience
            with prepared(connection, self._disk) as durable:
                yield durable

    @contextmanager
    def written(self, connection: Connection) -> Iterator[None]:
        """One transaction of `write`'s kind on a connection of one's own, for those who are waited for."""
        with told(self.url), self.turn(first=True), connection.begin():
            connection.exec_driver_sql(self._alone)
            yield

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


@contextmanager
def told(url: str) -> Iterator[None]:
    """Say which database did not answer, without its password."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable(
            f"All connections to the database {shown(url)} are in use.",
            hint="Try again in a moment; nothing was changed.",
        ) from error
    except (OperationalError, InternalError) as error:
        raise Unavailable(
            f"The database {shown(url)} did not answer: {error.orig}",
            hint="Look at `tocsin doctor`; nothing was changed.",
        ) from error


def shown(url: str) -> str:
    """An address without its password."""
    return make_url(url).render_as_string(hide_password=True)
