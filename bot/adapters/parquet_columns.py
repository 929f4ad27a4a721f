"""Turns Arrow columns of whatever type into the few kinds of columns that profiles count."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ops_core.profiles.columns import NULL_WORDS, Coded, Counted, Counts, Numbers

if TYPE_CHECKING:
    import pyarrow as pa

NEVER = int(np.iinfo(np.int64).min) // 1000
"""A time before all, of rows whose time cannot be told."""


def as_feature(column: pa.ChunkedArray) -> Counted | None:
    """Numbers (booleans and times too) or texts; None for types that cannot be counted."""
    return as_texts(column) if is_text(column.type) else as_numbers(column)


def is_text(kind: pa.DataType) -> bool:
    """Texts, in a dictionary or not."""
    from pyarrow import types  # heavy: 0.2 s

    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def as_numbers(column: pa.ChunkedArray) -> Numbers | None:
    """Numbers where they lie; times as microseconds; None when the type is no number."""
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import compute, types  # heavy: 0.2 s

    kind = column.type
    try:
        if types.is_dictionary(kind):
            column = _decoded(column, pa.float64())
        elif types.is_temporal(kind) and not types.is_duration(kind):
            column = compute.cast(column, pa.timestamp("us"), safe=False).cast(pa.int64())
        elif types.is_boolean(kind):
            column = compute.cast(column, pa.int8())
        elif not (types.is_floating(kind) or types.is_integer(kind)) or types.is_float16(kind):
            column = compute.cast(column, pa.float64(), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return _lying(_one(column))


def _decoded(column: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """A dictionary's values, cast before they are repeated."""
    from pyarrow import compute  # heavy: 0.2 s

    whole = _one(column)
    return compute.cast(whole.dictionary, kind, safe=False).take(whole.indices)


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column in one piece, copied only when it is in several."""
    import pyarrow as pa  # heavy: 0.2 s

    if isinstance(column, pa.Array):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    whole = column.unify_dictionaries().combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def _lying(array: pa.Array) -> Numbers:
    """The array's numbers without a copy. Arrow's own ways import pandas where that is installed: 0.2 s."""
    validity, data = array.buffers()
    kind = np.dtype(array.type.to_pandas_dtype())
    if data is None or not len(array):
        return Numbers(np.zeros(len(array), dtype=kind), _bits(validity, array) if array.null_count else None)
    values = np.frombuffer(data, dtype=kind, count=array.offset + len(array))[array.offset :]
    return Numbers(values, _bits(validity, array) if array.null_count else None)


def _without_nulls(array: pa.Array, instead: int) -> NDArray[Any]:
    """The array's numbers, with a number of the same type in the place of nulls."""
    numbers = _lying(array)
    if numbers.valid is None:
        return numbers.values
    return np.where(numbers.valid, numbers.values, numbers.values.dtype.type(instead))


def _bits(validity: Any, array: pa.Array) -> NDArray[np.bool_]:
    """Which values are there, from Arrow's bitmap."""
    if validity is None:
        return np.zeros(len(array), dtype=bool)
    packed = np.frombuffer(validity, dtype=np.uint8)
    bits = np.unpackbits(packed, count=array.offset + len(array), bitorder="little")
    return bits[array.offset :].view(bool)


def as_texts(column: pa.ChunkedArray) -> Coded:
    """Texts by their place in a dictionary; whole numbers are written without a point."""
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import types  # heavy: 0.2 s

    whole = _one(column)
    if not types.is_dictionary(whole.type):
        if types.is_string_view(whole.type):
            whole = whole.cast(pa.string())
        whole = whole.dictionary_encode()
    values = whole.dictionary
    if types.is_floating(values.type):
        with suppress(pa.ArrowInvalid):
            values = values.cast(pa.int64())
    texts = values.cast(pa.string()).to_pylist()
    found = _without_nulls(whole.indices.cast(pa.int32()), -1)
    gone = [text is None or text in NULL_WORDS for text in texts]
    if any(gone):  # a dictionary may hold a null of its own
        found = np.append(np.where(gone, -1, np.arange(len(texts))), -1)[found]
    return Coded(found.astype(np.int32, copy=False), tuple(text or "" for text in texts))


def as_parts(column: pa.ChunkedArray) -> Coded | None:
    """Texts; None for types that are not written as such."""
    import pyarrow as pa  # heavy: 0.2 s

    try:
        return as_texts(column)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def as_classes(column: pa.ChunkedArray, positive: int | str) -> Counted | None:
    """Classes as texts where the positive one is a text, else as numbers where they can be read so."""
    numbers = None if isinstance(positive, str) else as_numbers(column)
    return as_parts(column) if numbers is None else numbers


def as_times(table: pa.Table, name: str) -> tuple[Counts, int]:
    """Microseconds since 1970, and for how many rows they could not be told (these get a time before all).

    Times without a zone and texts without an offset are UTC. A missing column is told for no row.
    """
    import pyarrow as pa  # heavy: 0.2 s

    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=np.int64), 0
    column = _one(table[name])
    try:
        if is_text(column.type):
            column = column.cast(pa.string()).cast(pa.timestamp("us", "UTC"))
        values = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return np.full(table.num_rows, NEVER, dtype=np.int64), table.num_rows
    return _without_nulls(values, NEVER), values.null_count
