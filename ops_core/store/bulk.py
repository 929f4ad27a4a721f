"""Writing many rows with one statement and little work for each, where thousands come a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Connection, Enum, Table
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from ops_core.store import storable

Convert = Callable[[Any], Any]


def insert_new(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]], unique: str) -> None:
    """Insert rows that all have the same columns; one whose `unique` column is taken changes nothing.

    All rows are one parameter of one statement, which the database takes apart: a statement a row would give
    up the interpreter to other threads at every row, and wait each time to have it back. A column that is the
    same in all of them is a parameter of its own.
    """
    if not rows:
        return
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    same = tuple(name for name, values in columns.items() if values.count(values[0]) == len(values))
    varying = tuple(name for name in columns if name not in same)
    statement, converts = _prepared(connection.dialect.name, table, varying, same, unique)
    told = [_converted(columns[name], convert) for name, convert in zip(varying, converts, strict=False)]
    constants = [
        _converted(columns[name][:1], convert)[0]
        for name, convert in zip(same, converts[len(varying) :], strict=True)
    ]
    every: list[Any] = list(zip(*told, strict=True)) if told else [[] for _ in rows]
    connection.exec_driver_sql(statement, (*constants, storable.as_json(every)))


def _converted(values: list[Any], convert: Convert | None) -> list[Any]:
    return values if convert is None else [convert(value) for value in values]


@lru_cache(maxsize=256)
def _prepared(
    dialect: str, table: str, varying: tuple[str, ...], same: tuple[str, ...], unique: str
) -> tuple[str, tuple[Convert | None, ...]]:
    known: Table = SQLModel.metadata.tables[table]
    names = (*same, *varying)
    each = [_value(dialect, known, name, place) for place, name in enumerate(varying)]
    values = ", ".join([*(_constant(dialect, known, name) for name in same), *each])
    elements = (
        "json_array_elements(CAST(%s AS json)) AS each(value)"
        if dialect == "postgresql"
        else "json_each(?) AS each"
    )
    into = f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {elements}"  # noqa: S608 - our own names
    # WHERE, because SQLite would otherwise read ON as the condition of a join.
    statement = f"{into} WHERE true ON CONFLICT ({unique}) DO NOTHING"
    return statement, tuple(_convert(dialect, known, name) for name in (*varying, *same))


def _constant(dialect: str, table: Table, name: str) -> str:
    """How the database reads a value that all rows have."""
    return f"CAST(%s AS {_kind(table, name)})" if dialect == "postgresql" else "?"


def _value(dialect: str, table: Table, name: str, place: int) -> str:
    """How the database reads one column out of a row."""
    if dialect == "postgresql":
        return f"CAST(each.value ->> {place} AS {_kind(table, name)})"
    return f"json_extract(each.value, '$[{place}]')"


def _kind(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]  # SQLAlchemy's


def _convert(dialect: str, table: Table, name: str) -> Convert | None:
    """What JSON, or a parameter, cannot hold as it is."""
    kind = table.c[name].type
    if isinstance(kind, Enum):
        return {member: member.value for member in kind.enum_class or ()}.__getitem__
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
