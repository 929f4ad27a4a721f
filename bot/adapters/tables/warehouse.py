"""A database that counts for us: what it must be able to do, and what may go wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import sqlalchemy as sa

from bot.adapters.tables.address import Address
from bot.adapters.tables.dialects import Dialect, Kind


class Unanswered(Exception):
    """The database did not answer a query; the text says why, in one line, without a password."""


class Warehouse(Protocol):
    """Runs queries that only read. Everything raises `Unanswered` when it cannot.

    One that `is_near` works in this process, row by row, so that reading its rows is quicker than counting.
    """

    dialect: Dialect
    is_near: bool

    def columns(self, address: Address) -> Mapping[str, Kind]:
        """What the columns of a table or query hold."""
        ...

    def rows(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """All rows of an answer that is known to be small."""
        ...

    def stream(self, query: sa.Select[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a large answer, so many at a time."""
        ...

    def copied(self, query: sa.Select[Any]) -> str | None:
        """The name of a temporary table with the answer, which ends with the connection.

        None where queries are better asked of the table itself.
        """
        ...

    def close(self) -> None:
        """End the connection."""
        ...


def relation(address: Address, columns: Mapping[str, Kind], name: str) -> sa.FromClause:
    """The table or query as something to select from; names are quoted by the compiler."""
    named: list[sa.ColumnClause[Any]] = [sa.column(column) for column in columns]
    if address.query is not None:
        return sa.text(address.query).columns(*named).subquery(name)
    schema, table = address.table
    return sa.table(table, *named, schema=schema).alias(name)
