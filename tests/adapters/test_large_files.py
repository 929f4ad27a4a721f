"""What is wrong inside large files is told, although their row groups are decoded late and in threads."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.adapters.parquet_shelf import SMALL_FILE
from ops_core.profiles.batch import Batch
from ops_core.profiles.profile import microseconds
from tests.adapters.test_parquet import Files, files, served
from tests.profiles.made import NOW, rows

__all__ = ["files"]  # the fixture

N = 4000


def large(files: Files, name: str, batch: Batch, groups: int = 4, **columns: Any) -> Path:
    """One file of several row groups, with labels."""
    path = files.serve(name, batch)
    table = served(batch, name, **columns)
    parquet.write_table(table, path, row_group_size=-(-len(table) // groups))
    os.utime(path, (NOW.timestamp() - 600,) * 2)
    assert path.stat().st_size > SMALL_FILE
    return path


def damage(path: Path, group: int) -> None:
    """Overwrites the keys of one row group; the footer stays whole."""
    column = parquet.read_metadata(path).row_group(group).column(0)
    content = bytearray(path.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    content[start : start + column.total_compressed_size] = bytes(column.total_compressed_size)
    path.write_bytes(content)
    os.utime(path, (NOW.timestamp() - 600,) * 2)


def source(files: Files) -> dict[str, Any]:
    """What the check of the source says."""
    return files.check()["quality.source"]


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_a_broken_row_group_is_told(files: Files, groups: int) -> None:
    """The last or the only one; the good file beside it is judged."""
    damage(large(files, "broken", rows(N), groups), groups - 1)
    found = source(files)
    assert found["verdict"] == "warning" and "cannot be read as Parquet" in found["explanation"]


def test_a_broken_file_alone_is_no_missing_traffic(files: Files) -> None:
    """No row can be read, and it is said why."""
    (files.root / "predictions" / "good.parquet").unlink()
    damage(large(files, "broken", rows(N), 1), 0)
    found = source(files)
    assert found["verdict"] == "no_data" and "cannot be read as Parquet" in found["explanation"]


def test_rows_of_the_future_in_the_last_row_group_are_told(files: Files) -> None:
    """Half of the rows are three days ahead."""
    batch = rows(N)
    ahead = np.where(np.arange(N) < N // 2, batch.at, microseconds(NOW + timedelta(days=3)))
    large(files, "ahead", batch, at=pa.array(ahead, pa.timestamp("us", "UTC")))
    assert "dated in the future" in source(files)["explanation"]


def test_rows_without_a_time_are_told(files: Files) -> None:
    """Every second one."""
    batch = rows(N)
    at = [None if row % 2 else int(at) for row, at in enumerate(batch.at)]
    large(files, "timeless", batch, at=pa.array(at, pa.timestamp("us", "UTC")))
    assert "no usable time" in source(files)["explanation"]


def test_a_type_that_is_not_counted_is_told(files: Files) -> None:
    """Of a feature that the reference has as a number."""
    large(files, "lists", rows(N), radius=pa.array([[1.0, 2.0]] * N))
    assert "which is not counted" in source(files)["explanation"]
