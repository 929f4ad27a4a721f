"""Writes requests and their labels to Parquet files, one a minute, whole at every moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from bot.demo.models import Floats, Labels


def prediction_table(
    ids: Sequence[str], at: Sequence[datetime], version: str, features: dict[str, Any], scores: Floats
) -> Any:
    """A table of requests: request_id, at, model_version, a column for each feature, score, prediction."""
    import pyarrow as pa  # heavy: 0.2 s

    return pa.table(
        {
            "request_id": pa.array(ids, pa.string()),
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "model_version": pa.array([version] * len(ids), pa.string()),
            **features,
            "score": pa.array(scores, pa.float64()),
            "prediction": pa.array((np.asarray(scores) >= 0.5).astype(np.int64)),
        }
    )


def label_table(ids: Sequence[str], at: Sequence[datetime], labels: Labels) -> Any:
    """A table of labels: request_id, at (when it became known), label."""
    import pyarrow as pa  # heavy: 0.2 s

    return pa.table(
        {
            "request_id": pa.array(ids, pa.string()),
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "label": pa.array(labels, pa.int64()),
        }
    )


def write_whole(table: Any, file: Path) -> None:
    """Write a Parquet file under another name first, so that nobody reads half of it."""
    from pyarrow import parquet  # heavy: 0.2 s

    unfinished = file.with_name(f".{file.name}.tmp")
    parquet.write_table(table, unfinished)
    unfinished.replace(file)


class MinuteFiles:
    """A folder of files named by the UTC minute, `20261120T2351Z.parquet`, of which the last one grows.

    A growing file is replaced by a longer one; a reader finds one or the other, never a part.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: Path | None = None
        self._tables: list[Any] = []
        self._written = 0

    def add(self, table: Any, at: datetime) -> None:
        """Keep rows for the file of the minute `at`; they are written by the next `flush`."""
        file = self._folder / f"{at:%Y%m%dT%H%MZ}.parquet"
        if file != self._file:
            self.flush()
            self._file, self._tables = file, _already_in(file)
            self._written = len(self._tables)
        self._tables.append(table)

    def flush(self) -> None:
        """Write what was added since the last time."""
        import pyarrow as pa  # heavy: 0.2 s

        if self._file is None or len(self._tables) == self._written:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        whole = pa.concat_tables(self._tables).combine_chunks()
        write_whole(whole, self._file)
        self._tables, self._written = [whole], 1


def _already_in(file: Path) -> list[Any]:
    from pyarrow import parquet  # heavy: 0.2 s

    return [parquet.read_table(file)] if file.exists() else []
