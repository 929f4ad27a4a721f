"""Finds and reads Parquet files, some of which may be missing, broken or of another shape."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from glob import glob
from typing import TYPE_CHECKING, Any

from ops_core.profiles.batch import Problem

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 131_072
CLOCK_SLACK_SECONDS = 2.0
FRESH_SECONDS = 60.0
MOST_STALE_FILES = 2000


@dataclass(frozen=True)
class Stored:
    """A file as it was when it was listed."""

    modified_ns: int
    path: str
    size: int

    @property
    def modified(self) -> float:
        """Seconds since 1970."""
        return self.modified_ns / 1e9


@dataclass(frozen=True)
class Wanted:
    """Columns to read (None: all), of which `needed` must be there.

    Row groups that end before `start` (microseconds since 1970) by the column `at` are not read.
    """

    columns: tuple[str, ...] | None
    needed: tuple[str, ...] = ()
    at: str | None = None
    start: int | None = None


@dataclass
class Notes:
    """What went wrong, with the files to which it happened told together."""

    seen: dict[tuple[str, bool], list[str]] = field(default_factory=dict)

    def add(self, path: str, what: str, *, passing: bool = False) -> None:
        """Note something about a file or a column."""
        self.seen.setdefault((what, passing), []).append(path)

    def broken(self, stored: Stored, why: str, now: float) -> None:
        """Note a file that cannot be read; one touched a moment ago may be whole the next time."""
        fresh = abs(now - stored.modified) < FRESH_SECONDS
        kind = "cannot be read as Parquet" if stored.size else "is empty"
        told = " yet, it may still be being written" if fresh else f" ({why})" if stored.size else ""
        self.add(stored.path, f"{kind}{told}; left out", passing=fresh)

    def problems(self) -> list[Problem]:
        """One problem for each thing noted."""
        return [Problem(_together(paths), what, passing) for (what, passing), paths in self.seen.items()]


def _together(paths: Sequence[str]) -> str:
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more files"


def list_files(place: str) -> list[Stored]:
    """The files of a file, directory (all below it) or glob, oldest first, without hidden and `_` ones."""
    if os.path.isdir(place):  # noqa: PTH112 - os.walk is three times as fast as Path.rglob on many files
        paths = [os.path.join(at, name) for at, _, names in os.walk(place) for name in names]  # noqa: PTH118 - same
    else:
        paths = glob(place, recursive=True)  # noqa: PTH207 - the pattern may be absolute, which Path.glob refuses
    return sorted(filter(None, map(_stored, paths)), key=lambda stored: (stored.modified_ns, stored.path))


def _stored(path: str) -> Stored | None:
    name = path.rpartition(os.sep)[2]
    if name.startswith((".", "_")) or not name.endswith((".parquet", ".pq")):
        return None
    try:
        status = os.stat(path)  # noqa: PTH116 - called for thousands of files
    except OSError:  # it vanished between the listing and now: compacted or renamed
        return None
    return Stored(status.st_mtime_ns, path, status.st_size)


def recent(files: Sequence[Stored], start: float) -> list[Stored]:
    """The files that can hold rows after `start`, seconds since 1970: rows are written after they happened.

    Only while files still come: when the newest is older than `start`, the files' clock may not be ours, and
    the newest `MOST_STALE_FILES` are all read.
    """
    if not files or files[-1].modified < start:
        return list(files[-MOST_STALE_FILES:])
    return [each for each in files if each.modified >= start - CLOCK_SLACK_SECONDS]


def read(stored: Stored, wanted: Wanted) -> Iterator[pa.Table]:
    """A file's rows, some at a time; `Unreadable` when it is no whole Parquet file.

    Not memory-mapped: a file truncated meanwhile would kill the process.
    """
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import parquet  # heavy: 0.2 s

    try:
        with parquet.ParquetFile(stored.path) as file:
            names = file.schema_arrow.names
            columns = None if wanted.columns is None else [name for name in names if name in wanted.columns]
            groups = [group for group in range(file.num_row_groups) if _reaches(file, names, group, wanted)]
            for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=columns):
                table = pa.Table.from_batches([batch])
                table.validate(full=True)  # damaged bytes can pass for texts until somebody looks at them
                yield table
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable((str(error).splitlines() or [type(error).__name__])[0][:120]) from error


class Unreadable(Exception):
    """A file that is no whole Parquet file; the text says why, in one line."""


def _reaches(file: Any, names: list[str], group: int, wanted: Wanted) -> bool:
    """False when the statistics rule out that a row group holds rows after the start."""
    if wanted.start is None or wanted.at not in names:
        return True
    statistics = file.metadata.row_group(group).column(names.index(wanted.at)).statistics
    latest = statistics.max if statistics is not None and statistics.has_min_max else None
    if latest is None or getattr(latest, "tzinfo", None) is None:
        return True
    return bool(latest.timestamp() * 1e6 >= wanted.start - 1)
