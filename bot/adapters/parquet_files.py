"""Reads Parquet and CSV files, some of which may be broken or of another shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.adapters.csv_files import read_csv
from bot.adapters.parquet_times import time_span
from bot.adapters.places import Stored
from bot.adapters.unreadable import told_as_unreadable
from ops_core.checks.future import dated_ahead
from ops_core.profiles.batch import Problem
from ops_core.profiles.days import DAY

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 131_072
FRESH_SECONDS = 60.0
Span: TypeAlias = tuple[int, int]
"""The first and the last of some days since 1970."""


@dataclass(frozen=True)
class Wanted:
    """Columns to read (None: all), of which `needed` must be there.

    Row groups that end before `start` (microseconds since 1970) by the column `at` are not read, nor those
    that lie in days `without`. Unless `is_told`, nobody is told of columns that are not there.
    """

    columns: tuple[str, ...] | None
    needed: tuple[str, ...] = ()
    at: str | None = None
    start: int | None = None
    is_told: bool = True
    without: frozenset[int] = frozenset()


@dataclass
class Notes:
    """What went wrong, in whatever thread, with the days whose rows it is about."""

    seen: dict[tuple[str, str, bool], Span | None] = field(default_factory=dict)
    future: list[tuple[int, int]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def add(self, path: str, what: str, *, passing: bool = False, days: Span | None = None) -> None:
        """Note something about a file or a column, once for each."""
        with self.lock:
            known = self.seen.get((path, what, passing))
            wide = (min(known[0], days[0]), max(known[1], days[1])) if known and days else known or days
            self.seen[path, what, passing] = wide

    def ahead(self, rows: int, newest: int) -> None:
        """Note rows in the future, and the time of the newest (microseconds since 1970)."""
        with self.lock:
            self.future.append((rows, newest))

    def dated_ahead(self, column: str, now: datetime) -> list[Problem]:
        """What is to be said of them all."""
        with self.lock:
            rows, newest = sum(rows for rows, _ in self.future), [newest for _, newest in self.future]
        return [dated_ahead(column, rows, max(newest), now)] if rows else []

    def broken(self, stored: Stored, why: str, now: float, days: Span | None = None) -> None:
        """Note a file that cannot be read; one touched a moment ago may be whole the next time."""
        fresh = abs(now - stored.modified) < FRESH_SECONDS
        kind = f"cannot be read as {'Parquet' if stored.is_parquet else 'CSV'}" if stored.size else "is empty"
        told = " yet, it may still be being written" if fresh else f" ({why})" if stored.size else ""
        self.add(stored.path, f"{kind}{told}; left out", passing=fresh, days=days)

    def problems(self) -> list[Problem]:
        """One problem for each place and thing noted."""
        with self.lock:
            return [Problem(*told, days) for told, days in self.seen.items()]


def read(stored: Stored, wanted: Wanted) -> Iterator[pa.Table]:
    """A file's rows, some at a time; `Unreadable` when it is broken.

    Not memory-mapped: a file truncated meanwhile would kill the process.
    """
    if not stored.is_parquet:
        for table in read_csv(stored, wanted.columns):
            yield with_partitions(table, stored)
        return
    with told_as_unreadable(), opened(stored) as file:
        groups, columns = _chosen(file, wanted)
        yield from _batches(file, groups, columns, stored)


def row_groups(stored: Stored, wanted: Wanted) -> Iterator[RowGroup]:
    """The parts of a Parquet file that can hold wanted rows; `Unreadable` when it is broken."""
    with told_as_unreadable(), opened(stored) as file:
        groups, columns = _chosen(file, wanted)
        texts = _text_columns(file.schema_arrow, columns)
        for group in groups:
            rows = file.metadata.row_group(group).num_rows
            yield RowGroup(stored, group, rows, columns, file.schema_arrow.names, texts, file.metadata)


@dataclass(frozen=True)
class RowGroup:
    """A part of a Parquet file, which any thread can decode by itself."""

    stored: Stored
    number: int
    rows: int
    columns: list[str] | None
    names: list[str]
    texts: list[str]
    metadata: Any

    @property
    def is_small(self) -> bool:
        """Whether it is decoded in one piece."""
        return self.rows <= 2 * ROWS_AT_ONCE

    def tables(self) -> Iterator[pa.Table]:
        """Its rows, texts as dictionaries; some at a time when there are many."""
        with told_as_unreadable(), opened(self.stored, self.metadata, self.texts) as file:
            if self.is_small:
                table = file.read_row_group(self.number, columns=self.columns, use_threads=False)
                yield _sound(table, self.stored)
            else:
                yield from _batches(file, [self.number], self.columns, self.stored)


@contextmanager
def opened(stored: Stored, metadata: Any = None, texts: Sequence[str] = ()) -> Iterator[Any]:
    """A Parquet file; the columns named as texts are read as dictionaries."""
    from pyarrow import parquet  # heavy: 0.2 s

    with parquet.ParquetFile(stored.open(), metadata=metadata, read_dictionary=list(texts)) as file:
        yield file


def _batches(file: Any, groups: list[int], columns: list[str] | None, stored: Stored) -> Iterator[pa.Table]:
    import pyarrow as pa  # heavy: 0.2 s

    for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=columns):
        yield _sound(pa.Table.from_batches([batch]), stored)


def _sound(table: pa.Table, stored: Stored) -> pa.Table:
    """The table, with what the folders say of its rows."""
    table.validate(full=True)  # damaged bytes can pass for texts until somebody looks at them
    return with_partitions(table, stored)


def with_partitions(table: pa.Table, stored: Stored) -> pa.Table:
    """The table with a column for each folder that is named so (“site=A”), unless it has one."""
    import pyarrow as pa  # heavy: 0.2 s

    for name, value in stored.partitions.items():
        if name not in table.column_names:
            codes = pa.repeat(pa.scalar(0, pa.int32()), len(table))
            table = table.append_column(name, pa.DictionaryArray.from_arrays(codes, pa.array([value])))
    return table


def _chosen(file: Any, wanted: Wanted) -> tuple[list[int], list[str] | None]:
    names = file.schema_arrow.names
    columns = None if wanted.columns is None else [name for name in names if name in wanted.columns]
    return [group for group in range(file.num_row_groups) if _reaches(file, names, group, wanted)], columns


def _text_columns(schema: pa.Schema, columns: list[str] | None) -> list[str]:
    from pyarrow import types  # heavy: 0.2 s

    chosen = [each for each in schema if columns is None or each.name in columns]
    return [each.name for each in chosen if types.is_string(each.type) or types.is_large_string(each.type)]


def _reaches(file: Any, names: list[str], group: int, wanted: Wanted) -> bool:
    """False when the statistics rule out that a row group holds rows that are wanted."""
    if wanted.start is None or wanted.at not in names:
        return True
    span = time_span(file.metadata, names.index(wanted.at), group)
    if span is None:
        return True
    first, last = span
    days = range(first // DAY, last // DAY + 1)
    left = len(days) > len(wanted.without) or not wanted.without.issuperset(days)
    return left and last >= wanted.start - 1
