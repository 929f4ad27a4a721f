"""Runs checks on files: predictions, labels that come later, and the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from bot.adapters.parquet_columns import as_classes, as_feature, as_numbers, as_parts, as_times
from bot.adapters.parquet_days import (
    begins_after,
    day_fingerprints,
    days_of,
    newest_file,
    reference_fingerprint,
)
from bot.adapters.parquet_files import Notes, RowGroup, Span, Wanted
from bot.adapters.parquet_keys import Labels, hashed
from bot.adapters.parquet_shelf import Place, read_place
from bot.adapters.unreadable import Unreadable
from ops_core.checks.run import performance_series, run_checks
from ops_core.checks.watch import CheckPlan, Watched
from ops_core.clock import CLOCKS_APART
from ops_core.profiles.batch import Block, Deferred, Reading
from ops_core.profiles.columns import Coded
from ops_core.profiles.days import DAY
from ops_core.profiles.profile import microseconds

if TYPE_CHECKING:
    import pyarrow as pa

    from ops_core.store.profiles import StoredProfiles

Part: TypeAlias = "pa.Table | RowGroup"


def run_checks_on_files(plan: dict[str, Any], database: str | None = None) -> list[dict[str, Any]]:
    """Findings as JSON of a plan as JSON; for a worker process, which keeps what it read of small files.

    With the address of a `database`, the reference and closed days are counted once and kept there.
    """
    shelf = None if database is None else shelf_at(database)
    found = run_checks(CheckPlan.from_json(plan), ParquetSource(), shelf)
    return [finding.to_json() for finding in found]


@lru_cache(maxsize=1)
def shelf_at(database: str) -> StoredProfiles:
    """The one shelf of a database in this process."""
    # heavy: SQLAlchemy, 0.3 s
    from ops_core.store.database import Database
    from ops_core.store.profiles import StoredProfiles

    return StoredProfiles(Database(database))


def performance_series_on_files(
    plan: dict[str, Any], metric: str = "f1", bins: int = 60
) -> list[dict[str, Any]]:
    """A metric over the plan's window: {at, version, value, n, low, high} per stretch of time."""
    return performance_series(CheckPlan.from_json(plan), ParquetSource(), metric, bins)


class ParquetSource:
    """Rows of a model under watch, from Parquet or CSV files; times without a zone are taken as UTC."""

    def reference(self, plan: CheckPlan) -> Reading:
        """All rows of the reference, labels beside them; of a large one, a fair sample comes first."""
        reading = Reading(f"reference {plan.watched.reference}")
        reading.batches = self._reference(plan, reading)
        return reading

    def served(
        self, plan: CheckPlan, features: Sequence[str] | None, without: frozenset[int] = frozenset()
    ) -> Reading:
        """The rows that may be in the window, labels joined by key; the newest label of a key counts.

        What can only hold rows of the days `without` (since 1970, UTC) is not read.
        """
        reading = Reading(f"predictions {plan.watched.predictions}")
        reading.batches = self._served(plan, features, without, reading)
        return reading

    def reference_fingerprint(self, plan: CheckPlan) -> str | None:
        """Of the files of the reference; None when there is none."""
        return reference_fingerprint(plan.watched.reference)

    def days(self, plan: CheckPlan) -> Mapping[int, str]:
        """Days that have ended, each with a fingerprint of the files that hold its rows and labels."""
        return day_fingerprints(plan)

    def begins_inside(self, plan: CheckPlan) -> bool:
        """Whether each file of predictions says that its first row lies in the window."""
        return begins_after(plan.watched.predictions, plan.watched.at_column, microseconds(plan.window_start))

    def _reference(self, plan: CheckPlan, reading: Reading) -> Iterator[Deferred]:
        notes = Notes()
        reading.noted.append(notes.problems)
        place = Place(plan.watched.reference, "reference", None, plan.now.timestamp())
        parts = _fair(read_place(place, _of_reference(plan.watched), notes))
        yield from _deferred(parts, Rows(plan.watched, None, notes, plan.now.timestamp()))

    def _served(
        self, plan: CheckPlan, features: Sequence[str] | None, without: frozenset[int], reading: Reading
    ) -> Iterator[Deferred]:
        watched, notes = plan.watched, Notes()
        reading.noted += [notes.problems, lambda: notes.dated_ahead(watched.at_column, plan.now)]
        _note_age(plan, notes)
        labels = None if watched.labels is None else self._labels(plan, watched.labels, reading)
        roles = watched.role_columns - (set() if labels is None else {watched.label_column})
        wanted = Wanted(
            None if features is None else (*sorted(roles), *features, *watched.split_columns.values()),
            needed=(watched.at_column,),
            at=watched.at_column,
            start=microseconds(plan.window_start),
            without=without,
        )
        parts = read_place(_place(plan, watched.predictions, "prediction"), wanted, notes)
        latest = microseconds(plan.now + CLOCKS_APART)
        yield from _deferred(parts, Rows(watched, labels, notes, plan.now.timestamp(), latest))

    def _labels(self, plan: CheckPlan, where: str, reading: Reading) -> Labels:
        watched, notes = plan.watched, Notes()
        needed = (watched.key_column, watched.label_column)
        wanted = Wanted((*needed, watched.at_column), needed=needed)
        parts = read_place(_place(plan, where, "label"), wanted, notes)
        rows = Rows(watched, None, notes, plan.now.timestamp())
        labels = Labels([table for part in parts for table in rows.tables(part)], watched)
        # Of no days: labels are read anew each time.
        reading.problems += [replace(problem, days=None) for problem in notes.problems()]
        return labels


def _note_age(plan: CheckPlan, notes: Notes) -> None:
    """Says when the newest file of the reference is older than it may be."""
    limit, newest = plan.watched.reference_max_age, newest_file(plan.watched.reference)
    if limit is None or newest is None:
        return
    age = plan.now.timestamp() - newest.modified
    if age > limit.total_seconds():
        told = f"is {age / 86_400:.1f} days old, its limit is {limit / timedelta(days=1):.1f} days"
        notes.add(f"reference {plan.watched.reference}", told)


def _of_reference(watched: Watched) -> Wanted:
    """Every column, unless the features are named."""
    if watched.features is None:
        return Wanted(None)
    parts = (*watched.split_columns.values(), *watched.measures.values())
    return Wanted((*sorted(watched.role_columns), *watched.features, *parts), is_told=False)


def _place(plan: CheckPlan, where: str, what: str) -> Place:
    return Place(where, what, plan.window_start.timestamp(), plan.now.timestamp())


def _fair(parts: Iterable[Part]) -> Iterator[Part]:
    """The same parts in an order any beginning of which is spread evenly over all (van der Corput's)."""
    every = list(parts)
    width = max(1, (len(every) - 1).bit_length())
    return (every[at] for at in sorted(range(len(every)), key=lambda at: f"{at:0{width}b}"[::-1]))


def _deferred(parts: Iterable[Part], rows: Rows) -> Iterator[Deferred]:
    for part in parts:
        if isinstance(part, RowGroup) and part.is_small:
            yield rows.later(part)
        else:
            yield from map(rows.block, rows.tables(part))


@dataclass(frozen=True)
class Rows:
    """Makes blocks of a model's tables; what cannot be used is noted and left out.

    Rows later than `latest` (microseconds since 1970) are told of: somebody's clock is wrong.
    """

    watched: Watched
    labels: Labels | None
    notes: Notes
    now: float
    latest: int | None = None

    def later(self, group: RowGroup) -> Callable[[], Block | None]:
        """Decodes a row group when it is called; None when it cannot be read."""
        return lambda: next(map(self.block, self.tables(group)), None)

    def tables(self, part: Part) -> Iterator[pa.Table]:
        """The part's tables; a broken file is noted."""
        if not isinstance(part, RowGroup):
            yield part
            return
        try:
            yield from part.tables()
        except Unreadable as error:
            days = days_of(part.stored, self.watched.at_column)
            self.notes.broken(part.stored, str(error), self.now, days)

    def block(self, table: pa.Table) -> Block:
        """The rows of a table."""
        watched, names = self.watched, set(table.column_names)
        at, unplaced = as_times(table, watched.at_column)
        days = (int(at.min()) // DAY, int(at.max()) // DAY) if len(at) else None
        if unplaced:
            self.notes.add(
                f"column {watched.at_column}", "some rows have no usable time; left out", days=days
            )
        if self.latest is not None and len(at) and at.max() > self.latest:
            self.notes.ahead(int(np.count_nonzero(at > self.latest)), int(at.max()))
        version, score, prediction = watched.version_column, watched.score_column, watched.prediction_column
        keys = hashed(table[watched.key_column]) if watched.key_column in names else None
        told = as_parts(table[version]) if version in names else None
        return Block(
            at=at,
            version=Coded(np.full(len(at), -1, dtype=np.int32), ()) if told is None else told,
            prediction=as_classes(table[prediction], watched.positive_label) if prediction in names else None,
            features=dict(self._features(table, days)),
            score=as_numbers(table[score]) if score in names else None,
            label=self.labels.of(keys)
            if self.labels is not None and keys is not None
            else as_classes(table[watched.label_column], watched.positive_label)
            if self.labels is None and watched.label_column in names
            else None,
            splits=dict(self._splits(table, days)),
            keys=keys,
        )

    def _features(self, table: pa.Table, days: Span | None) -> Iterator[tuple[str, Any]]:
        watched = self.watched
        wanted = None if watched.features is None else {*watched.features, *watched.measures.values()}
        for name in table.column_names:
            if name not in watched.role_columns and (wanted is None or name in wanted):
                column = as_feature(table[name])
                if column is None:
                    kind = table.schema.field(name).type
                    self.notes.add(f"column {name}", f"has the type {kind}, which is not counted", days=days)
                else:
                    yield name, column

    def _splits(self, table: pa.Table, days: Span | None) -> Iterator[tuple[str, Coded]]:
        for name, column in self.watched.split_columns.items():
            if column in table.column_names:
                texts = as_parts(table[column])
                if texts is None:
                    kind = table[column].type
                    why = f"cannot be a {name}: it has the type {kind}"
                    self.notes.add(f"column {column}", why, days=days)
                else:
                    yield name, texts
