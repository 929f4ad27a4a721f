"""Files of other kinds and in other places are read like Parquet files of this machine."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from bot.adapters.places import list_files, recent
from tests.adapters.test_parquet import Files, files, write
from tests.profiles.made import NOW, rows

__all__ = ["files"]  # the fixture


def as_csv(path: Path, ending: str = ".csv") -> Path:
    """The same rows as CSV, instead."""
    text = pa.BufferOutputStream()
    csv.write_csv(parquet.read_table(path), text)
    content = text.getvalue().to_pybytes()
    path.unlink()
    return put(path.with_suffix(ending), gzip.compress(content) if ending.endswith("gz") else content)


def put(path: Path, content: bytes) -> Path:
    """A file written as if it were NOW."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (NOW.timestamp(),) * 2)
    return path


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_csv_is_read_like_parquet(files: Files, ending: str) -> None:
    """Predictions, labels and reference, with types told from the text."""
    usual = files.check()
    for place in ("predictions/good.parquet", "labels/good.parquet", "reference.parquet"):
        as_csv(files.root / place, ending)
    found = files.check(watched=replace(files.watched, reference=str(files.root / f"reference{ending}")))
    for check in ("performance.f1", "drift.data", "quality.null_rate"):
        assert (found[check]["verdict"], found[check]["n"]) == (usual[check]["verdict"], usual[check]["n"])
    assert found["performance.f1"]["value"] == usual["performance.f1"]["value"]


@pytest.mark.parametrize(
    "content", [b"", b'a,b\n1,"2\n', b"\x00\xff,,\n1,2,3\n"], ids=["empty", "torn", "binary"]
)
def test_a_broken_csv_is_named(files: Files, content: bytes) -> None:
    """It stops no check."""
    path = put(files.root / "predictions" / "broken.csv", content)
    os.utime(path, (NOW.timestamp() - 3600,) * 2)
    found = files.check()
    assert found["performance.f1"]["n"] == 1000
    assert str(path) in found["quality.source"]["explanation"]


def test_folders_say_the_day_and_more(files: Files) -> None:
    """Rows lie under day=…/plant=…; the folder's value is a column, other days are not opened."""
    today, old = f"{NOW:%Y-%m-%d}", f"{NOW - timedelta(days=9):%Y-%m-%d}"
    good = files.root / "predictions" / "good.parquet"
    write(files.root / "predictions" / f"day={today}" / "plant=B" / "a.parquet", parquet.read_table(good))
    good.unlink()
    put(files.root / "predictions" / f"day={old}" / "plant=B" / "broken.parquet", b"broken")
    usual = write(files.root / "usual" / "plant=B" / "a.parquet", parquet.read_table(files.watched.reference))
    watched = replace(files.watched, group_column="plant", reference=str(usual.parents[1]))
    found = files.check(watched=watched)
    assert found["performance.f1"]["n"] == 1000 and "problems" not in found["quality.source"]["detail"]
    groups = found["fairness.demographic_parity"]["detail"]["groups"]
    assert [each["group"] for each in groups] == ["B"]


def test_plain_day_folders_are_pruned_too(tmp_path: Path) -> None:
    """2026-11-02/a.parquet cannot hold rows of the 20th."""
    for day in ("2026-11-02", "2026-11-20"):
        put(tmp_path / day / "a.parquet", b"")
    found = recent(list_files(str(tmp_path)), (NOW - timedelta(days=1)).timestamp())
    assert [Path(stored.path).parent.name for stored in found] == ["2026-11-20"]


def moved(files: Files, protocol: str) -> Callable[[str], str]:
    """Copies all files to another file system; gives the address of each."""
    store = fsspec.filesystem(protocol.partition(":")[0])
    root = f"/moved{files.root}" if protocol == "memory" else f"{files.root}/moved"
    for path in sorted(files.root.rglob("*.parquet")):
        target = f"{root}/{path.relative_to(files.root)}"
        store.makedirs(target.rpartition("/")[0], exist_ok=True)
        store.pipe_file(target, path.read_bytes())
    return lambda place: f"{protocol}://{root}/{place}"


@pytest.mark.parametrize("protocol", ["memory", "file"])
def test_addresses_are_read_through_fsspec(files: Files, protocol: str) -> None:
    """A folder, a glob and a file; small files and large ones."""
    files.serve("large", rows(9000, 3))
    at = moved(files, protocol)
    watched = replace(files.watched, labels=at("labels/*.parquet"), reference=at("reference.parquet"))
    found = files.check(watched=replace(watched, predictions=at("predictions")))
    assert found["performance.f1"]["n"] == 10_000 and found["drift.data"]["verdict"] == "ok"
    assert "problems" not in found["quality.source"]["detail"]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("s3://bucket/predictions", "tocsin[cloud]"),
        ("nowhere://bucket", "no address that can be read"),
        ("memory://empty/place", "there are no prediction files"),
    ],
)
def test_an_address_that_cannot_be_read_says_what_to_do(files: Files, address: str, told: str) -> None:
    """Each check runs all the same."""
    found: dict[str, Any] = files.check(watched=replace(files.watched, predictions=address))
    assert found["quality.source"]["verdict"] in ("no_data", "warning")
    assert told in found["performance.f1"]["explanation"]
