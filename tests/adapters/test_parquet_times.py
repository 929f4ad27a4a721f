"""Row groups outside the window are not read, however their times are stored; and pandas is left alone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.adapters.parquet_days import days_of
from bot.adapters.parquet_files import Wanted, row_groups
from bot.adapters.places import Stored, list_files
from ops_core.profiles.profile import microseconds
from tests.adapters.test_large_files import large
from tests.adapters.test_parquet import Files, files
from tests.profiles.made import rows

__all__ = ["files"]  # the fixture

START = datetime(2026, 11, 20, 6, tzinfo=UTC)
DAYS = 4
SCRIPT = """
import json, sys
from bot.adapters.parquet import run_checks_on_files
found = run_checks_on_files(json.loads(sys.argv[1]))
drift = [one["verdict"] for one in found if one["check"] == "drift.data"]
print(json.dumps([drift, "pandas" in sys.modules]))
"""


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_groups_before_the_window_are_left_out(tmp_path: Path, unit: str, zone: str | None) -> None:
    """Four row groups, a day each; the window begins in the third. No zone is UTC."""
    stored = _stored(tmp_path, pa.timestamp(unit, zone))
    wanted = Wanted(None, at="at", start=microseconds(START + timedelta(days=2)))
    assert [each.number for each in row_groups(stored, wanted)] == [2, 3]
    first = microseconds(START) // 86_400_000_000
    assert days_of(stored, "at") == (first, first + DAYS - 1)


@pytest.mark.parametrize("kind", [pa.string(), pa.int64()], ids=str)
def test_where_nobody_says_when_everything_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    """Texts and numbers are no times to the file."""
    stored = _stored(tmp_path, kind)
    wanted = Wanted(None, at="at", start=microseconds(START + timedelta(days=2)))
    assert len(list(row_groups(stored, wanted))) == DAYS


def test_large_files_are_judged_without_pandas(files: Files) -> None:
    """It is installed here, but importing it takes longer than many a check."""
    large(files, "more", rows(4000), at=pa.array(rows(4000).at, pa.timestamp("us", "UTC")))
    plan = json.dumps(files.plan().to_json())
    pytest.importorskip("pandas")
    ran = subprocess.run([sys.executable, "-c", SCRIPT, plan], capture_output=True, text=True, check=True)
    verdicts, imported = json.loads(ran.stdout)
    assert verdicts == ["ok"]
    assert not imported


def _stored(folder: Path, kind: pa.DataType) -> Stored:
    times: list[Any] = [START + timedelta(days=day) for day in range(DAYS) for _ in range(10)]
    plain = pa.array(times, pa.timestamp("us", "UTC"))
    column = pa.array([at.isoformat() for at in times]) if kind == pa.string() else plain.cast(kind)
    parquet.write_table(pa.table({"at": column}), folder / "times.parquet", row_group_size=10)
    (stored,) = list_files(str(folder / "times.parquet"))
    return stored
