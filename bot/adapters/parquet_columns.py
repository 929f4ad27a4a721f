"""Turns Arrow columns of whatever type into the few kinds of columns that profiles count."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from ops_core.profiles.batch import Column, Counts, Floats, Texts

if TYPE_CHECKING:
    import pyarrow as pa


def as_feature(column: pa.ChunkedArray) -> Column | None:
    """Numbers (booleans and times too) or texts; None for types that cannot be counted."""
    from pyarrow import types  # heavy: 0.2 s

    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return as_texts(column)
    return as_numbers(column)


def as_numbers(column: pa.ChunkedArray) -> Floats | None:
    """float64 with NaN for nulls; times as microseconds; None when the type is no number."""
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import compute, types  # heavy: 0.2 s

    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_temporal(column.type) and not types.is_duration(column.type):
        column = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    try:
        values = compute.cast(column, pa.float64(), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return np.asarray(values.to_numpy(), dtype=np.float64)


def as_texts(column: pa.ChunkedArray) -> Texts:
    """Object array of texts with None for nulls; whole numbers are written without a point."""
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import types  # heavy: 0.2 s

    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_floating(column.type):
        with suppress(pa.ArrowInvalid):
            column = column.cast(pa.int64())
    return np.asarray(column.cast(pa.string()).to_numpy(zero_copy_only=False), dtype=object)


def as_parts(column: pa.ChunkedArray) -> Texts | None:
    """Texts; None for types that are not written as such."""
    import pyarrow as pa  # heavy: 0.2 s

    try:
        return as_texts(column)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def as_classes(column: pa.ChunkedArray, positive: int | str) -> Column:
    """Classes as texts where the positive one is a text, else as numbers where they can be read so."""
    if isinstance(positive, str):
        return as_texts(column)
    numbers = as_numbers(column)
    return as_texts(column) if numbers is None else numbers


def as_times(table: pa.Table, name: str) -> tuple[Counts, int]:
    """Microseconds since 1970, and for how many rows they could not be told (these get a time before all).

    Times without a zone and texts without an offset are UTC. A missing column is told for no row.
    """
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import compute, types  # heavy: 0.2 s

    never = np.iinfo(np.int64).min // 1000
    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=np.int64), 0
    column = table[name]
    try:
        if types.is_string(column.type) or types.is_large_string(column.type):
            column = column.cast(pa.timestamp("us", "UTC"))
        values = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return np.full(table.num_rows, never, dtype=np.int64), table.num_rows
    filled = compute.fill_null(values, never).to_numpy()
    return np.asarray(filled, dtype=np.int64), values.null_count
