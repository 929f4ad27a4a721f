"""A connection whose commits last: they are on the disk as soon as it says so, many after one wait for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from ops_core.errors import Unavailable
from ops_core.store import engines

Sync = Callable[[int], None]
"""Makes what was written to a file, given by its descriptor, last."""
SYNC: Sync = getattr(os, "fdatasync", os.fsync)


class Durable:
    """`connection` belongs to one thread; `settle` may be called by another while that one goes on.

    PostgreSQL syncs its log at each commit, and SQLite does with `synchronous=FULL`. But nobody can use
    SQLite's connection while it waits for the disk. So it commits with `NORMAL`, which leaves out just that,
    and the log, which holds every commit, is synced here (sqlite.org/pragma.html#pragma_synchronous).
    """

    def __init__(self, connection: Connection, log: BinaryIO | None, sync: Sync) -> None:
        self.connection = connection
        self._log = log
        self._sync = sync

    @property
    def waits(self) -> bool:
        """Whether a commit does not last before `settle` has returned."""
        return self._log is not None

    def settle(self) -> None:
        """Return when all that was committed before lasts. Raises `Unavailable` when it may not."""
        if self._log is None:
            return
        try:
            self._sync(self._log.fileno())
        except OSError as error:
            raise Unavailable(
                f"The disk did not take what was written: {error.strerror}.",
                hint="Look at the disk of the database, then send it again.",
            ) from error


@contextmanager
def prepared(connection: Connection, sync: Sync) -> Iterator[Durable]:
    """Make commits on a connection of one's own last."""
    kind = connection.dialect.name
    with ExitStack() as stack:
        log = stack.enter_context(_log_of(connection)) if kind == "sqlite" else None
        statements = engines.DURABLE[kind] if kind != "sqlite" or log else engines.WITHOUT_LOG
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()
        yield Durable(connection, log, sync)


@contextmanager
def _log_of(connection: Connection) -> Iterator[BinaryIO | None]:
    """SQLite's write-ahead log, which is there while somebody is connected; None where it cannot keep one.

    To close the file does no harm: SQLite holds its locks on others.
    """
    connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1")  # it opens the log
    files = {name: file for _, name, file in connection.exec_driver_sql("PRAGMA database_list")}
    path = Path(f"{files['main']}-wal")
    try:
        log = path.open("rb")
    except OSError:
        yield None
        return
    with log:
        yield log
