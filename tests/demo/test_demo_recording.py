"""The files of a minute: whole at every moment, continued after a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import parquet

from bot.demo.recording import MinuteFiles, label_table

MINUTE = datetime(2026, 11, 20, 23, 51, 7, tzinfo=UTC)
NEXT = MINUTE.replace(minute=52)


def labels(*ids: str) -> Any:
    """A table of labels."""
    return label_table(list(ids), [MINUTE] * len(ids), np.zeros(len(ids), dtype=np.int64))


def ids(file: Path) -> list[str]:
    """The request ids in a file."""
    found: list[str] = parquet.read_table(file)["request_id"].to_pylist()
    return found


def test_rows_of_a_minute_share_a_file(tmp_path: Path) -> None:
    """Each flush makes it longer."""
    files = MinuteFiles(tmp_path)
    for name in ("a", "b"):
        files.add(labels(name), MINUTE)
        files.flush()
    assert [file.name for file in tmp_path.iterdir()] == ["20261120T2351Z.parquet"]
    assert ids(tmp_path / "20261120T2351Z.parquet") == ["a", "b"]


def test_the_next_minute_begins_a_file_and_finishes_the_last(tmp_path: Path) -> None:
    """Rows that were not flushed yet are not lost."""
    files = MinuteFiles(tmp_path)
    files.add(labels("a"), MINUTE)
    files.add(labels("b"), NEXT)
    files.flush()
    assert [ids(file) for file in sorted(tmp_path.iterdir())] == [["a"], ["b"]]


def test_a_restart_in_the_same_minute_continues_the_file(tmp_path: Path) -> None:
    """What the process before wrote is still there."""
    for name in ("a", "b"):
        files = MinuteFiles(tmp_path)
        files.add(labels(name), MINUTE)
        files.flush()
    assert ids(tmp_path / "20261120T2351Z.parquet") == ["a", "b"]


def test_a_flush_of_nothing_writes_nothing(tmp_path: Path) -> None:
    """Readers that watch the time of a file are not woken."""
    files = MinuteFiles(tmp_path)
    files.add(labels("a"), MINUTE)
    files.flush()
    before = (tmp_path / "20261120T2351Z.parquet").stat().st_ino
    files.flush()
    assert (tmp_path / "20261120T2351Z.parquet").stat().st_ino == before
