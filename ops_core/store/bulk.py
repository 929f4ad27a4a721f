"""Writing many rows with one prepared statement and little work for each, where thousands come a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Connection, Table
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from ops_core.store import storable

Convert = Callable[[Any], Any]


def insert_new(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]], unique: str) -> None:
    """Insert rows that all have the same columns; one whose `unique` column is taken changes nothing."""
    if not rows:
        return
    names = tuple(rows[0])
    statement, converts = _prepared(connection.dialect.name, table, names, unique)
    pairs = list(zip(names, converts, strict=True))
    values = [tuple(convert(row[name]) for name, convert in pairs) for row in rows]
    connection.exec_driver_sql(statement, values)


@lru_cache(maxsize=64)
def _prepared(
    dialect: str, table: str, names: tuple[str, ...], unique: str
) -> tuple[str, tuple[Convert, ...]]:
    known: Table = SQLModel.metadata.tables[table]
    place = "%s" if dialect == "postgresql" else "?"
    columns, places = ", ".join(names), ", ".join([place] * len(names))
    into = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
    return f"{into} ON CONFLICT ({unique}) DO NOTHING", tuple(
        _convert(dialect, known, name) for name in names
    )


def _convert(dialect: str, table: Table, name: str) -> Convert:
    kind = table.c[name].type
    if isinstance(kind, JSON):
        return storable.as_json
    if isinstance(kind, UTCDateTime):
        return _utc if dialect == "postgresql" else _utc_text
    return _plain


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _utc(value: datetime | None) -> datetime | None:
    return value.astimezone(UTC) if value else None


@lru_cache(maxsize=4096)
def _utc_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if value else None
