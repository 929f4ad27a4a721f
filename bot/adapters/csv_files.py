"""Reads CSV files some rows at a time, whose columns may turn out to hold something else later on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bot.adapters.places import Stored
from bot.adapters.unreadable import told_as_unreadable
from ops_core.profiles.columns import NULL_WORDS

if TYPE_CHECKING:
    import pyarrow as pa

# The types of columns are told from the first block.
BYTES_AT_ONCE = 8_388_608
COLUMN = re.compile(r"CSV column #(\d+)")


def read_csv(stored: Stored, columns: Sequence[str] | None) -> Iterator[pa.Table]:
    """The rows with these columns, or all; `Unreadable` when the file is broken.

    Where a column stops to be what its first rows were, the rest is read with a wider type: as real numbers
    after whole ones, else as texts.
    """
    import pyarrow as pa  # heavy: 0.2 s

    wider: dict[str, Any] = {}
    names: list[str] = []
    types: dict[str, Any] = {}
    done = 0
    with told_as_unreadable():
        while True:
            try:
                for batch in _batches(stored, wider, done):
                    table = pa.Table.from_batches([batch])
                    names, types = (
                        table.column_names,
                        dict(zip(table.column_names, table.schema.types, strict=True)),
                    )
                    done += len(table)
                    yield table.select([name for name in names if columns is None or name in columns])
                return
            except pa.ArrowInvalid as error:
                name = _named(str(error), names)
                if name is None or types.get(name) == pa.string():
                    raise
                wider = {**types, **wider, name: _wider(types[name])}
                types = dict(wider)


def _batches(stored: Stored, types: dict[str, Any], skipped: int) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import csv  # heavy: 0.2 s

    compression = "gzip" if stored.path.endswith(".gz") else None
    convert = csv.ConvertOptions(strings_can_be_null=True, null_values=NULL_WORDS, column_types=types)
    options = csv.ReadOptions(block_size=BYTES_AT_ONCE, skip_rows_after_names=skipped)
    with pa.input_stream(stored.open(), compression=compression) as stream:
        yield from csv.open_csv(stream, read_options=options, convert_options=convert)


def _named(error: str, names: Sequence[str]) -> str | None:
    """The column that an error of the reader is about."""
    found = COLUMN.search(error)
    return names[int(found[1])] if found and int(found[1]) < len(names) else None


def _wider(kind: Any) -> Any:
    import pyarrow as pa  # heavy: 0.2 s
    from pyarrow import types  # heavy: 0.2 s

    return pa.float64() if types.is_integer(kind) or types.is_null(kind) else pa.string()
