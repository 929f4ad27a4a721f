"""Writing many rows with one statement and little work for each, where thousands come a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Connection, Table
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from ops_core.store import storable

Convert = Callable[[Any], Any]


def insert_new(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]], unique: str) -> None:
    """Insert rows that all have the same columns; one whose `unique` column is taken changes nothing.

    All rows are one parameter of one statement, which the database takes apart: a statement a row would give
    up the interpreter to other threads at every row, and wait each time to have it back.
    """
    if not rows:
        return
    names = tuple(rows[0])
    statement, converts = _prepared(connection.dialect.name, table, names, unique)
    columns = [_converted([row[name] for row in rows], convert) for name, convert in converts]
    told = storable.as_json(list(zip(*columns, strict=True)))
    connection.exec_driver_sql(statement, (told,))


def _converted(values: list[Any], convert: Convert | None) -> list[Any]:
    return values if convert is None else [convert(value) for value in values]


@lru_cache(maxsize=64)
def _prepared(
    dialect: str, table: str, names: tuple[str, ...], unique: str
) -> tuple[str, tuple[tuple[str, Convert | None], ...]]:
    known: Table = SQLModel.metadata.tables[table]
    values = ", ".join(_value(dialect, known, name, place) for place, name in enumerate(names))
    elements = (
        "json_array_elements(CAST(%s AS json)) AS each(value)"
        if dialect == "postgresql"
        else "json_each(?) AS each"
    )
    into = f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {elements}"  # noqa: S608 - our own names
    # WHERE, because SQLite would otherwise read ON as the condition of a join.
    statement = f"{into} WHERE true ON CONFLICT ({unique}) DO NOTHING"
    return statement, tuple((name, _convert(dialect, known, name)) for name in names)


def _value(dialect: str, table: Table, name: str, place: int) -> str:
    """How the database reads one column out of a row."""
    if dialect == "postgresql":
        kind = table.c[name].type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy's
        return f"CAST(each.value ->> {place} AS {kind})"
    return f"json_extract(each.value, '$[{place}]')"


def _convert(dialect: str, table: Table, name: str) -> Convert | None:
    """What JSON cannot hold as it is. Words of an enumeration are texts, and stay as they are."""
    kind = table.c[name].type
    if isinstance(kind, JSON):
        return _json
    if isinstance(kind, UTCDateTime):
        return _utc_iso if dialect == "postgresql" else _utc_text
    return None


def _json(value: Any) -> str:
    return "null" if value is None else storable.as_json(value)


@lru_cache(maxsize=4096)
def _utc_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it for SQLite."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if value else None


def _utc_iso(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat() if value else None
