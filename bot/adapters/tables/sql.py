"""SQLite and PostgreSQL as warehouses: one connection that only reads, with a time limit."""

from __future__ import annotations

import sqlite3
import time
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.compiler import compiles

from bot.adapters.tables.address import Address
from bot.adapters.tables.dialects import Dialect, Kind, Postgres, Sqlite
from bot.adapters.tables.warehouse import Unanswered
from ops_core.errors import Invalid
from ops_core.profiles.profile import microseconds

PATIENCE = timedelta(seconds=30)
"""How long one query may take."""
COPY = "tocsin_window"
STEPS = 10_000
"""Of SQLite's machine, between two looks at the clock."""
KINDS = {
    **dict.fromkeys(("int2", "int4", "int8"), Kind.WHOLE),
    **dict.fromkeys(("float4", "float8", "numeric"), Kind.NUMBER),
    **dict.fromkeys(("date", "timestamp", "timestamptz"), Kind.TIME),
    "bool": Kind.TRUTH,
    "uuid": Kind.TEXT,
}
"""Of PostgreSQL's types; others of its categories string and enumeration are texts."""


class SqlWarehouse:
    """A connection of SQLAlchemy to SQLite or PostgreSQL."""

    def __init__(self, address: Address, patience: timedelta = PATIENCE) -> None:
        self.patience = patience
        self.is_sqlite = self.is_near = address.scheme == "sqlite"
        self.dialect: Dialect = Sqlite(self._register) if self.is_sqlite else Postgres()
        self.shown = address.shown.partition("#")[0]
        self._deadline = 0.0
        self._engine = self._sqlite(address) if self.is_sqlite else self._postgres(address)
        self._connection: sa.Connection | None = None

    def columns(self, address: Address) -> Mapping[str, Kind]:
        """By asking for no rows: so views and queries are told as well as tables."""
        inner = sa.text(address.query).columns() if address.query is not None else None
        schema, table = (None, "") if inner is not None else address.table
        asked = sa.select(sa.text("*")).select_from(
            inner.subquery("asked") if inner is not None else sa.table(table, schema=schema)
        )
        with self._asking() as connection:
            cursor = connection.execute(asked.limit(0)).cursor
            described: list[Any] = list(cursor.description or ()) if cursor is not None else []
            if self.is_sqlite:
                return {str(column[0]): Kind.ANY for column in described}
            oids = {int(column[1]) for column in described}
            types = sa.table(
                "pg_type", *map(sa.column, ("oid", "typname", "typcategory")), schema="pg_catalog"
            )
            query = sa.select(*types.c).where(sa.cast(types.c.oid, sa.BigInteger).in_(oids))
            kinds = {int(oid): _kind(name, category) for oid, name, category in connection.execute(query)}
        return {str(column[0]): kinds.get(int(column[1]), Kind.OTHER) for column in described}

    def rows(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """All rows of a small answer."""
        with self._asking() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def stream(self, query: sa.Select[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Through a cursor on the server, where there is one."""
        with self._asking() as connection:
            answer = connection.execution_options(yield_per=size).execute(query)
            for part in answer.partitions():
                yield [tuple(row) for row in part]
                self._deadline = time.monotonic() + self.patience.total_seconds()

    def copied(self, query: sa.Select[Any]) -> str | None:
        """In SQLite, where a text must be read as a time for each row of each query."""
        if not self.is_sqlite:
            return None
        with self._asking() as connection:
            connection.execute(_CopyAs(COPY, query))
        return COPY

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    @contextmanager
    def _asking(self) -> Iterator[sa.Connection]:
        self._deadline = time.monotonic() + self.patience.total_seconds()
        try:
            if self._connection is None:
                # One snapshot for all queries of a run, so that their numbers agree.
                self._connection = self._engine.connect()
                if self.is_sqlite:
                    self._connection.exec_driver_sql("BEGIN")
            yield self._connection
        except SQLAlchemyError as error:
            if self._connection is not None and not self.is_sqlite:
                self._connection.rollback()  # else PostgreSQL refuses all further queries
            raise Unanswered(self._told(error)) from error

    def _told(self, error: SQLAlchemyError) -> str:
        cause = error.orig if isinstance(error, DBAPIError) else error
        why = (str(cause).strip().splitlines() or [type(error).__name__])[0][:200]
        if why == "interrupted" or "statement timeout" in why:
            return f"did not answer within {self.patience.total_seconds():g} s; the query was stopped"
        return why

    def _sqlite(self, address: Address) -> sa.Engine:
        path = _url(address).database or ""
        return sa.create_engine("sqlite://", creator=partial(self._open, path), poolclass=sa.NullPool)

    def _open(self, path: str) -> sqlite3.Connection:
        """For reading only: a file that is not there is not made."""
        uri = f"file:{quote(path)}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        connection.create_function("tocsin_micros", 1, _micros, deterministic=True)
        connection.set_progress_handler(lambda: int(time.monotonic() > self._deadline), STEPS)
        return connection

    def _register(self, name: str, edges: Sequence[float]) -> None:
        with self._asking() as connection:
            raw: Any = connection.connection.driver_connection
            raw.create_function(name, 1, partial(bisect_right, edges), deterministic=True)

    def _postgres(self, address: Address) -> sa.Engine:
        limit = f"{int(self.patience.total_seconds() * 1000)}ms"
        try:
            engine = sa.create_engine(
                _url(address).set(drivername="postgresql+psycopg"),
                poolclass=sa.NullPool,
                isolation_level="REPEATABLE READ",
                connect_args={"connect_timeout": 5, "application_name": "tocsin"},
                execution_options={"postgresql_readonly": True, "compiled_cache": None},
            )
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise Invalid(
                f"{address.shown} needs PostgreSQL's driver.",
                hint="Install it: pip install 'tocsin[postgres]'.",
            ) from error
        sa.event.listen(engine, "connect", partial(_prepare, limit=limit))
        return engine


def _url(address: Address) -> URL:
    """SQLAlchemy's form of the address. Raises `Invalid`."""
    try:
        return make_url(address.url)
    except ArgumentError as error:
        raise Invalid(
            f"{address.shown} is no address of a database.", hint="sqlite:///file.db#table, say."
        ) from error


class _CopyAs(sa.Executable, sa.ClauseElement):
    inherit_cache = False

    def __init__(self, name: str, query: sa.Select[Any]) -> None:
        self.name = name
        self.query = query


@compiles(_CopyAs)
def _copy_as(element: _CopyAs, compiler: Any, **options: Any) -> str:
    return f"CREATE TEMP TABLE {element.name} AS {compiler.process(element.query, **options)}"


def _prepare(connection: Any, _record: Any, *, limit: str) -> None:
    connection.execute(
        "SELECT set_config('statement_timeout', %s, false), set_config('timezone', 'UTC', false)", (limit,)
    )
    connection.commit()


def _kind(name: str, category: str) -> Kind:
    return KINDS.get(name, Kind.TEXT if category in ("S", "E") else Kind.OTHER)


def _micros(value: object) -> int | None:
    """Microseconds since 1970 of a time as SQLite keeps it: an ISO 8601 text, or a whole number of them."""
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return microseconds(at if at.tzinfo else at.replace(tzinfo=UTC))
