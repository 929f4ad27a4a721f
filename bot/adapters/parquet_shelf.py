"""Keeps the rows of many small files between runs: live traffic leaves files that never change again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.adapters.parquet_days import days_of
from bot.adapters.parquet_files import Notes, RowGroup, Span, Wanted, read, row_groups
from bot.adapters.places import Stored, Unlistable, list_files, recent
from bot.adapters.unreadable import Unreadable
from ops_core.profiles.batch import lacks

if TYPE_CHECKING:
    import pyarrow as pa

SMALL_FILE = 65_536
MOST_BYTES = 32_000_000


@dataclass
class Shelf:
    """The small files of one place that were read: rows by shape, and why broken ones are broken."""

    files: set[Stored] = field(default_factory=set)
    broken: dict[Stored, str] = field(default_factory=dict)
    shapes: dict[Any, tuple[pa.Table, list[Stored]]] = field(default_factory=dict)

    def refresh(self, files: Sequence[Stored], listed: Iterable[Stored], wanted: Wanted) -> None:
        """Reads what is new; starts over when a file was changed or removed, or too much is kept in vain."""
        kept = sum(table.nbytes for table, _ in self.shapes.values())
        if kept > MOST_BYTES or len(self.files) > 2 * len(files) + 1000 or not self.files <= set(listed):
            self.files, self.broken, self.shapes = set(), {}, {}
        fresh: dict[Any, list[tuple[pa.Table, Stored]]] = {}
        for stored in files:
            if stored not in self.files:
                self.files.add(stored)
                self._read(stored, wanted, fresh)
        for shape, tables in fresh.items():
            self._put(shape, tables)

    def _read(self, stored: Stored, wanted: Wanted, fresh: dict[Any, list[tuple[pa.Table, Stored]]]) -> None:
        try:
            for table in read(stored, Wanted(wanted.columns)):
                fresh.setdefault(tuple(table.schema), []).append((table, stored))
        except Unreadable as error:
            self.broken[stored] = str(error)

    def _put(self, shape: Any, tables: Sequence[tuple[pa.Table, Stored]]) -> None:
        import pyarrow as pa  # heavy: 0.2 s

        before, files = self.shapes.get(shape, (None, []))
        every = (
            [table for table, _ in tables] if before is None else [before, *(table for table, _ in tables)]
        )
        joined = pa.concat_tables(every).unify_dictionaries().combine_chunks()
        self.shapes[shape] = (joined, files + [stored for _, stored in tables])


@lru_cache(maxsize=32)
def shelf(place: str, columns: tuple[str, ...] | None) -> Shelf:
    """The one shelf of a place and its columns in this process."""
    return Shelf()


@dataclass(frozen=True)
class Place:
    """Where files lie, what a sentence calls them, and since when they matter (seconds since 1970)."""

    where: str
    what: str
    start: float | None
    now: float

    def files(self, notes: Notes) -> tuple[list[Stored], list[Stored]]:
        """All files that lie there, and those that can hold rows after the start."""
        try:
            listed = list_files(self.where)
        except Unlistable as error:
            notes.add(self.where, str(error))
            return [], []
        if not listed:
            notes.add(self.where, f"there are no {self.what} files")
        return listed, listed if self.start is None else recent(listed, self.start)


def read_place(place: Place, wanted: Wanted, notes: Notes) -> Iterator[pa.Table | RowGroup]:
    """The rows of the files that can hold some after the start; broken files are noted.

    Small files come as tables of many rows, CSV as tables, large Parquet files as row groups, to be decoded
    by whoever has time. A table has the columns that its files have; files without a needed column are noted
    and left out.
    """
    listed, files = place.files(notes)
    small = [stored for stored in files if stored.size <= SMALL_FILE]
    kept = shelf(place.where, wanted.columns)
    kept.refresh(small, listed, wanted)
    chosen = set(small)
    for stored, why in kept.broken.items():
        if stored in chosen:
            notes.broken(stored, why, place.now)
    for table, members in kept.shapes.values():
        here = [stored for stored in members if stored in chosen]
        if here and usable(table.column_names, here, wanted, notes):
            yield table
    for stored in files:
        if stored.size > SMALL_FILE:
            yield from _large(stored, wanted, notes, place.now)


def _large(stored: Stored, wanted: Wanted, notes: Notes, now: float) -> Iterator[pa.Table | RowGroup]:
    try:
        if stored.is_parquet:
            groups = list(row_groups(stored, wanted))
            days = None if wanted.at is None else days_of(stored, wanted.at)
            if groups and usable([*groups[0].names, *stored.partitions], [stored], wanted, notes, days):
                yield from groups
            return
        for number, table in enumerate(read(stored, wanted)):
            if number == 0 and not usable(table.column_names, [stored], wanted, notes):
                return
            yield table
    except Unreadable as error:
        notes.broken(stored, str(error), now)


def usable(
    names: Iterable[str], files: Sequence[Stored], wanted: Wanted, notes: Notes, days: Span | None = None
) -> bool:
    """Whether the needed columns are there; what is missing is noted for each file."""
    there = set(names)
    lost = [name for name in wanted.needed if name not in there]
    for stored in files:
        if lost:
            notes.add(stored.path, f"{lacks(*lost)}; left out", days=days)
        elif wanted.is_told:
            for name in sorted(set(wanted.columns or ()) - there):
                notes.add(stored.path, lacks(name), days=days)
    return not lost
