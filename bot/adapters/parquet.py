"""Runs checks on Parquet files: predictions, labels that come later, and the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.adapters.parquet_columns import (
    as_classes,
    as_feature,
    as_numbers,
    as_parts,
    as_texts,
    as_times,
)
from bot.adapters.parquet_files import Notes, Wanted
from bot.adapters.parquet_shelf import Place, read_place
from ops_core.checks.run import performance_series, run_checks
from ops_core.checks.watch import CheckPlan, Watched
from ops_core.profiles.batch import Batch, Column, Reading, Texts
from ops_core.profiles.profile import microseconds

if TYPE_CHECKING:
    import pyarrow as pa


def run_checks_on_files(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Findings as JSON of a plan as JSON; for a worker process, which keeps what it read of small files."""
    return [finding.to_json() for finding in run_checks(CheckPlan.from_json(plan), ParquetSource())]


def performance_series_on_files(
    plan: dict[str, Any], metric: str = "f1", bins: int = 60
) -> list[dict[str, Any]]:
    """A metric over the plan's window: {at, version, value, n, low, high} per stretch of time."""
    return performance_series(CheckPlan.from_json(plan), ParquetSource(), metric, bins)


class ParquetSource:
    """Rows of a model under watch, from Parquet files; times without a zone are taken as UTC."""

    def reference(self, plan: CheckPlan) -> Reading:
        """All rows of the reference, labels beside them."""
        reading = Reading(f"reference {plan.watched.reference}")
        reading.batches = self._reference(plan, reading)
        return reading

    def served(self, plan: CheckPlan, features: Sequence[str] | None) -> Reading:
        """The rows that may be in the window, labels joined by key; the newest label of a key counts."""
        reading = Reading(f"predictions {plan.watched.predictions}")
        reading.batches = self._served(plan, features, reading)
        return reading

    def _reference(self, plan: CheckPlan, reading: Reading) -> Iterator[Batch]:
        watched, notes = plan.watched, Notes()
        place = Place(watched.reference, "reference", None, plan.now.timestamp())
        for table in read_place(place, Wanted(None), notes):
            yield _batch(table, watched, None, notes)
        reading.problems += notes.problems()

    def _served(self, plan: CheckPlan, features: Sequence[str] | None, reading: Reading) -> Iterator[Batch]:
        watched, notes = plan.watched, Notes()
        labels = None if watched.labels is None else self._labels(plan, watched.labels, reading)
        roles = watched.role_columns - (set() if labels is None else {watched.label_column})
        wanted = Wanted(
            None if features is None else (*sorted(roles), *features, *watched.split_columns.values()),
            needed=(watched.at_column,),
            at=watched.at_column,
            start=microseconds(plan.window_start),
        )
        for table in read_place(_place(plan, watched.predictions, "prediction"), wanted, notes):
            yield _batch(table, watched, labels, notes)
        reading.problems += notes.problems()

    def _labels(self, plan: CheckPlan, where: str, reading: Reading) -> Labels:
        watched, notes = plan.watched, Notes()
        needed = (watched.key_column, watched.label_column)
        wanted = Wanted((*needed, watched.at_column), needed=needed)
        labels = Labels(list(read_place(_place(plan, where, "label"), wanted, notes)), watched)
        reading.problems += notes.problems()
        return labels


def _place(plan: CheckPlan, where: str, what: str) -> Place:
    return Place(where, what, plan.window_start.timestamp(), plan.now.timestamp())


class Labels:
    """Labels by key."""

    def __init__(self, tables: Sequence[pa.Table], watched: Watched) -> None:
        import pyarrow as pa  # heavy: 0.2 s

        keys = [pa.array(as_texts(table[watched.key_column]), pa.string()) for table in tables]
        times = [as_times(table, watched.at_column)[0] for table in tables]
        labels = [as_classes(table[watched.label_column], watched.positive_label) for table in tables]
        self._keys = pa.chunked_array(keys, pa.string()).combine_chunks()
        self._labels: Column = _stacked(labels)
        if len(self._keys):
            # Newest first, because a lookup finds the first of equal keys: a corrected label wins.
            order = np.argsort(-np.concatenate(times), kind="stable")
            self._keys, self._labels = self._keys.take(pa.array(order)), self._labels[order]

    def of(self, keys: pa.ChunkedArray) -> Column:
        """The label of each key, missing where there is none."""
        import pyarrow as pa  # heavy: 0.2 s
        from pyarrow import compute  # heavy: 0.2 s

        texts = pa.array(as_texts(keys), pa.string())
        positions = compute.index_in(texts, value_set=self._keys).fill_null(-1).to_numpy(zero_copy_only=False)
        missing = np.array([None], dtype=object) if self._labels.dtype == object else np.array([np.nan])
        found: Column = np.concatenate([self._labels, missing])[positions]
        return found


def _stacked(columns: Sequence[Column]) -> Column:
    if any(column.dtype == object for column in columns):
        return np.concatenate([column.astype(object) for column in columns])
    return np.concatenate([np.zeros(0), *columns])


def _batch(table: pa.Table, watched: Watched, labels: Labels | None, notes: Notes) -> Batch:
    """A batch of a table's rows; columns that cannot be used are noted and left out."""
    at, unplaced = as_times(table, watched.at_column)
    if unplaced:
        notes.add(f"column {watched.at_column}", "some rows have no usable time; left out")
    features = {}
    for name in table.column_names:
        if name in watched.role_columns or (watched.features is not None and name not in watched.features):
            continue
        column = as_feature(table[name])
        if column is None:
            notes.add(f"column {name}", f"has the type {table.schema.field(name).type}, which is not counted")
        else:
            features[name] = column
    names = set(table.column_names)
    version, score, key = watched.version_column, watched.score_column, watched.key_column
    prediction, label = watched.prediction_column, watched.label_column
    return Batch(
        at=at,
        version=as_texts(table[version]) if version in names else np.full(len(at), "", dtype=object),
        prediction=as_classes(table[prediction], watched.positive_label)
        if prediction in names
        else np.full(len(at), np.nan),
        features=features,
        score=as_numbers(table[score]) if score in names else None,
        label=labels.of(table[key])
        if labels is not None and key in names
        else as_classes(table[label], watched.positive_label)
        if labels is None and label in names
        else None,
        splits=_splits(table, watched, notes),
    )


def _splits(table: pa.Table, watched: Watched, notes: Notes) -> dict[str, Texts]:
    found = {}
    for name, column in watched.split_columns.items():
        if column in table.column_names:
            texts = as_parts(table[column])
            if texts is None:
                notes.add(f"column {column}", f"cannot be a {name}: it has the type {table[column].type}")
            else:
                found[name] = texts
    return found
