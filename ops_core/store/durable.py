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
_HINT = "Look at the disk of the database, then send it again."


class Disk:
    """Syncs, by `sync`, and remembers when that failed.

    The system tells a failure once, and takes what it could not write for written. So nothing that is added
    to a log afterwards can be trusted, until the log was emptied into the database's file.
    """

    def __init__(self, sync: Sync) -> None:
        self._sync = sync
        self.is_trusted = True

    def settle(self, log: BinaryIO) -> None:
        """Make what was written last. Raises `Unavailable`."""
        if not self.is_trusted:
            raise Unavailable("The disk did not take what was written a moment ago.", hint=_HINT)
        try:
            self._sync(log.fileno())
        except OSError as error:
            self.is_trusted = False
            said = f"The disk did not take what was written: {error.strerror}."
            raise Unavailable(said, hint=_HINT) from error

    def mend(self, connection: Connection) -> None:
        """Empty the log, and begin it anew. Raises `Unavailable` while somebody reads from it."""
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise Unavailable("The database's log cannot be begun anew yet.", hint=_HINT)
        connection.commit()
        self.is_trusted = True


class Durable:
    """`connection` belongs to one thread; `settle` may be called by another while that one goes on.

    PostgreSQL syncs its log at each commit, and SQLite does with `synchronous=FULL`. But nobody can use
    SQLite's connection while it waits for the disk. So it commits with `NORMAL`, which leaves out just that,
    and the log, which holds every commit, is synced here (sqlite.org/pragma.html#pragma_synchronous).
    """

    def __init__(self, connection: Connection, log: BinaryIO | None, disk: Disk) -> None:
        self.connection = connection
        self._log = log
        self._disk = disk

    @property
    def is_trusted(self) -> bool:
        """Whether what is committed on it can still be made to last; if not, take another."""
        return self._disk.is_trusted

    @property
    def waits(self) -> bool:
        """Whether a commit does not last before `settle` has returned."""
        return self._log is not None

    def settle(self) -> None:
        """Return when all that was committed before lasts. Raises `Unavailable` when it may not."""
        if self._log is not None:
            self._disk.settle(self._log)


@contextmanager
def prepared(connection: Connection, disk: Disk) -> Iterator[Durable]:
    """Make commits on a connection of one's own last. Raises `Unavailable` when the disk does not."""
    kind = connection.dialect.name
    with ExitStack() as stack:
        log = stack.enter_context(_log_of(connection)) if kind == "sqlite" else None
        statements = engines.DURABLE[kind] if kind != "sqlite" or log else engines.WITHOUT_LOG
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()
        if not disk.is_trusted:
            disk.mend(connection)
        yield Durable(connection, log, disk)


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
