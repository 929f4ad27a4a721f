"""Bringing the schema up to date at start, one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import ProgrammingError

from ops_core.errors import Conflict, Unavailable
from ops_core.store.database import Database, shown, told

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0009"
"""The newest step that this program knows; a test holds it equal to the last file."""
_LOCK = 7_076_002


def migrate(database: Database) -> None:
    """Run the migrations that are missing, all or none.

    Raises `Conflict` when the schema is newer than the program, `Unavailable` when the
    database cannot be reached.
    """
    with told(database.url):
        if _revision(database) == HEAD:
            return
        try:
            with _alone(database) as connection:
                _upgrade(connection)
        except ProgrammingError as error:  # SQLite's is an OperationalError, which is told already
            raise Unavailable(
                f"The schema of {shown(database.url)} could not be made: {error.orig}",
                hint="Give Tocsin a database, or a schema, of its own; nothing was changed.",
                may_retry=False,
            ) from error


def _revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    # heavy: 0.2 s, and not needed when the schema is up to date
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = None
    if inspect(connection).has_table("alembic_version"):
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in known:
        raise Conflict(
            f"The database has schema {found}, which is newer than this program's {HEAD}.",
            hint="Start the newer Tocsin again, or restore the backup from before the upgrade.",
        )
    command.upgrade(config, "head")


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """Hold the lock that lets one process migrate: advisory on PostgreSQL, a file beside SQLite's."""
    path = database.engine.url.database
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "postgresql":
            for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
                connection.execute(text(f"SET LOCAL {limit} = 0"))  # a large table takes its time
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield connection
        elif path and path != ":memory:":
            with Path(f"{path}.migrate").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                # The driver begins no transaction of its own, and half a schema could not be started from.
                connection.execute(text("BEGIN IMMEDIATE"))
                yield connection
        else:
            yield connection
