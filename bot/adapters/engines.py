"""Which source reads a model's rows: files, or a database in which they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.adapters.note import Note
from bot.adapters.parquet import ParquetSource, shelf_at
from bot.adapters.tables.address import SQL, Address, is_table
from ops_core.checks.concept import errors
from ops_core.checks.kept import reference_of
from ops_core.checks.profiled import Source
from ops_core.checks.run import run_checks
from ops_core.checks.told import telling
from ops_core.checks.watch import CheckPlan, Watched
from ops_core.profiles.batch import Reading

if TYPE_CHECKING:
    from bot.adapters.tables.source import TableSource
    from bot.adapters.tables.warehouse import Warehouse


def run_checks_where_rows_lie(
    plan: dict[str, Any], database: str | None = None, note: str | None = None
) -> list[dict[str, Any]]:
    """Findings as JSON of a plan as JSON; for a worker process, which keeps what it read of small files.

    With the address of a `database`, what was counted in files is kept there. Progress is noted in the file
    `note`.
    """
    found = CheckPlan.from_json(plan)
    shelf = None if database is None else shelf_at(database)
    source = source_of(found.watched)
    told = source if note is None else telling(source, Note(Path(note)))
    return [finding.to_json() for finding in run_checks(found, told, shelf)]


def usual_errors_where_rows_lie(plan: dict[str, Any], database: str | None = None) -> tuple[int, int] | None:
    """Wrong and labelled answers of a model's reference; None where it has no labels, or numbers for them."""
    found = CheckPlan.from_json(plan)
    if found.watched.task != "classification":
        return None  # what is an error of a number only the one who pushes knows
    shelf = None if database is None else shelf_at(database)
    told = errors(reference_of(found, source_of(found.watched), shelf).course)
    rows = int(told.rows.sum())
    return (int(told.errors.sum()), rows) if rows else None


def source_of(watched: Watched) -> Source:
    """The source for a model's places, which may be of different kinds; an engine reads all of them."""
    if watched.engine is not None:
        return table_source(watched)
    if is_table(watched.predictions):
        reference = table_source(watched) if is_table(watched.reference) else ParquetSource()
        return CountedElsewhere(reference, table_source(watched))
    return (
        Elsewhere(table_source(watched), ParquetSource()) if is_table(watched.reference) else ParquetSource()
    )


def table_source(watched: Watched) -> TableSource:
    """The source of tables: each in its own database, or all in the model's engine."""
    from bot.adapters.tables.source import TableSource  # heavy: SQLAlchemy, 0.2 s, which files do not need

    if watched.engine is not None:
        return TableSource(partial(_engine, watched.engine), Address.within)
    return TableSource(open_warehouse)


def open_warehouse(address: Address) -> Warehouse:
    """The database of an address, for reading only. Raises `Invalid` when its driver is not installed."""
    if address.scheme not in SQL:
        return _engine(address.url, address)
    from bot.adapters.tables.sql import SqlWarehouse  # heavy: the same

    return SqlWarehouse(address)


def _engine(name: str, _address: Address) -> Warehouse:
    from bot.adapters.tables.ibis_warehouse import connected  # heavy: the same

    return connected(name)


class Elsewhere:
    """The reference from one source, what is served from another."""

    def __init__(self, reference: Source, served: Source) -> None:
        self._reference = reference
        self._served = served

    def reference(self, plan: CheckPlan) -> Reading:
        """The rows that count as normal."""
        return self._reference.reference(plan)

    def served(self, plan: CheckPlan, features: Sequence[str] | None) -> Reading:
        """The rows of the window."""
        return self._served.served(plan, features)


class CountedElsewhere(Elsewhere):
    """The same, where what is served is counted where it lives."""

    def __init__(self, reference: Source, tables: TableSource) -> None:
        super().__init__(reference, tables)
        self.count = tables.count
