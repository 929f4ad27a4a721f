"""CSV files whose columns turn out to hold something else, and the ways to write that there is nothing."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv

from bot.adapters.csv_files import BYTES_AT_ONCE, read_csv
from bot.adapters.places import list_files
from ops_core.profiles.columns import NULL_WORDS
from tests.adapters.test_parquet import Files, files, served
from tests.profiles.made import NOW, rows

__all__ = ["files"]  # the fixture

LONG = 200_000
"""Rows that fill more than one block."""


def lay(path: Path, late: str) -> Path:
    """A column of whole numbers, until far behind the first block something else comes."""
    lines = [f"{row},{row % 7},{'x' * 50}" for row in range(LONG)]
    lines[-1000] = f"{LONG},{late},x"
    path.write_text("key,number,padding\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert path.stat().st_size > BYTES_AT_ONCE
    return path


@pytest.mark.parametrize(("late", "kind"), [("7", pa.int64()), ("0.5", pa.float64()), ("n. a.", pa.string())])
def test_every_row_is_read_whatever_comes_late(tmp_path: Path, late: str, kind: pa.DataType) -> None:
    """What came before keeps its type; no row is lost or read twice."""
    (stored,) = list_files(str(lay(tmp_path / "late.csv", late)))
    tables = list(read_csv(stored, ("key", "number")))
    assert sum(map(len, tables)) == LONG
    assert tables[0].schema.field("number").type == pa.int64()
    assert tables[-1].schema.field("number").type == kind
    keys = np.concatenate([np.asarray(table["key"]) for table in tables])
    assert len(np.unique(keys)) == LONG


def test_a_number_that_becomes_a_text_late_is_a_changed_type(files: Files) -> None:
    """Not a broken file: the other columns are judged, and the finding names the column."""
    batch = rows(120_000, 5)
    (files.root / "predictions" / "good.parquet").unlink()
    table = served(batch, "good", padding=["x" * 60] * len(batch))
    radius = [str(round(each, 6)) for each in batch.features["radius"].tolist()]
    radius[-10] = "unknown"
    table = table.set_column(table.column_names.index("radius"), "radius", pa.array(radius))
    path = files.root / "predictions" / "long.csv"
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="none"))
    os.utime(path, (NOW.timestamp(),) * 2)
    found = files.check()
    assert found["quality.volume"]["n"] == len(batch)
    assert found["quality.schema"]["verdict"] == "warning"
    assert "radius holds text instead of a number" in found["quality.schema"]["explanation"]
    assert "cannot be read" not in found["quality.source"]["explanation"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_nothing_is_nothing_however_it_is_written(files: Files, ending: str) -> None:
    """In CSV and in Parquet: no new category, but nulls."""
    batch = rows(1100)
    site = np.array([*NULL_WORDS, *batch.features["site"][len(NULL_WORDS) :]], dtype=object)
    path = files.serve("good", batch, site=site)
    if ending == "csv":
        csv.write_csv(served(batch, "good", site=site), path.with_suffix(".csv"))
        path.unlink()
        os.utime(path.with_suffix(".csv"), (NOW.timestamp(),) * 2)
    found = files.check()
    assert found["drift.categories"]["verdict"] == "ok"
    (told,) = (each for each in found["quality.null_rate"]["detail"]["features"] if each["feature"] == "site")
    assert told["value"] == pytest.approx(len(NULL_WORDS) / len(batch))
