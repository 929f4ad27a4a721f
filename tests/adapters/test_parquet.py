"""Checks on files as they are found in practice: late, broken, missing, changed."""

from __future__ import annotations

import json
import os
import pickle
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.adapters.parquet import performance_series_on_files, run_checks_on_files
from ops_core.checks.watch import CheckPlan, Watched
from ops_core.profiles.batch import Batch
from ops_core.profiles.profile import microseconds
from tests.profiles.made import DAY, NOW, REFERENCE, rows

FINDING = dict[str, Any]


@dataclass(frozen=True)
class Files:
    """A model's files in a directory of their own."""

    root: Path

    @property
    def watched(self) -> Watched:
        """Where they lie."""
        predictions, labels = (str(self.root / name) for name in ("predictions", "labels"))
        return Watched("tumour", predictions, str(self.root / "reference.parquet"), labels)

    def plan(self, **other: Any) -> CheckPlan:
        """A day that ends now."""
        return CheckPlan(**{"watched": self.watched, "window": DAY, "now": NOW, **other})

    def serve(self, name: str, batch: Batch, labelled: slice = slice(None), **columns: Any) -> Path:
        """Writes predictions, and labels for the rows of a slice."""
        whole, table = served(batch, name), served(batch, name, **columns)
        labels = whole.select(["request_id", "at"]).append_column("label", pa.array(batch.label))
        kept = np.arange(len(batch))[labelled]
        write(self.root / "labels" / f"{name}.parquet", labels.take(pa.array(kept)))
        return write(self.root / "predictions" / f"{name}.parquet", table)

    def check(self, **other: Any) -> dict[str, FINDING]:
        """Findings by check, as another process returns them."""
        plan = json.loads(json.dumps(self.plan(**other).to_json()))
        return {finding["check"]: finding for finding in run_checks_on_files(plan)}


def served(batch: Batch, name: str, **columns: Any) -> pa.Table:
    """Predictions as a table; `columns` replace, or with None remove."""
    keys = [f"{name}-{row}" for row in range(len(batch))]
    known = {
        "request_id": keys,
        "at": pa.array(batch.at, pa.timestamp("us", "UTC")),
        "model_version": batch.version,
    }
    every = {
        **known,
        **batch.features,
        "score": batch.score,
        "prediction": batch.prediction.astype(int),
        **columns,
    }
    return pa.table({column: values for column, values in every.items() if values is not None})


def write(path: Path, table: pa.Table, rows_a_group: int | None = None) -> Path:
    """A Parquet file, written as if it were NOW, and the directories above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path, row_group_size=rows_a_group)
    os.utime(path, (NOW.timestamp(),) * 2)
    return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A reference, and a day of good predictions with their labels."""
    made = Files(tmp_path)
    write(
        tmp_path / "reference.parquet",
        served(REFERENCE, "r").append_column("label", pa.array(REFERENCE.label)),
    )
    made.serve("good", rows(1000))
    return made


def test_a_good_day_is_ok(files: Files) -> None:
    """Every check reads what it needs and finds nothing."""
    found = files.check()
    assert {finding["verdict"] for check, finding in found.items() if check != "quality.freshness"} == {"ok"}
    assert found["performance.f1"]["n"] == 1000


def test_the_worker_can_be_sent_the_function() -> None:
    """It is found by name in another process."""
    assert pickle.loads(pickle.dumps(run_checks_on_files)) is run_checks_on_files  # noqa: S301 - our own


def test_a_fault_in_one_version_is_found(files: Files) -> None:
    """Version 2 answers wrongly on usual inputs."""
    late = rows(
        400,
        7,
        error=0.4,
        version="2",
        at=np.linspace(microseconds(NOW) - 10**9, microseconds(NOW), 400).astype(int),
    )
    files.serve("bad", late)
    found = files.check()["performance.f1"]
    assert (found["verdict"], found["version"], found["detail"]["origin"]) == ("critical", "2", "model")


def test_labels_are_joined_by_key_not_by_place(files: Files) -> None:
    """Labels in another order, in another file, fit all the same."""
    path = files.root / "labels" / "good.parquet"
    table = parquet.read_table(path)
    order = np.random.default_rng(0).permutation(len(table))
    parquet.write_table(table.take(pa.array(order)), path)
    assert files.check()["performance.accuracy"]["value"] > 0.9


def test_a_corrected_label_wins(files: Files) -> None:
    """The newest label of a key counts, wherever it stands."""
    table = parquet.read_table(files.root / "labels" / "good.parquet")
    flipped = pa.array(1 - table["label"].to_numpy())
    later = pa.array(microseconds(NOW) + np.arange(len(table)), pa.timestamp("us", "UTC"))
    corrected = pa.table({"request_id": table["request_id"], "at": later, "label": flipped})
    write(files.root / "labels" / "a_first_by_name.parquet", corrected)
    assert files.check()["performance.accuracy"]["value"] < 0.1


def test_missing_labels_are_counted(files: Files) -> None:
    """Half of the labels never came."""
    files.serve("good", rows(1000), slice(0, 500))
    found = files.check()["performance.f1"]
    assert (found["n"], found["detail"]["n_missing_labels"]) == (500, 500)
    assert "500 of 1,000 due labels are missing" in found["explanation"]


def test_labels_are_awaited_for_the_declared_delay(files: Files) -> None:
    """Half a day of delay: only the first half is judged, and nothing is called missing."""
    found = files.check(watched=replace(files.watched, label_delay=timedelta(hours=12)))["performance.f1"]
    assert 400 < found["n"] < 600 and found["detail"]["n_missing_labels"] == 0


def test_no_files_at_all_is_no_data_that_says_where(tmp_path: Path) -> None:
    """Each check says so by itself."""
    found = Files(tmp_path).check()
    assert {finding["verdict"] for finding in found.values()} == {"no_data"}
    assert all(str(tmp_path / "predictions") in finding["explanation"] for finding in found.values())


def test_without_labels_drift_is_still_judged(files: Files) -> None:
    """Performance says where labels were looked for."""
    (files.root / "labels" / "good.parquet").unlink()
    found = files.check()
    assert found["drift.data"]["verdict"] == "ok" and found["performance.f1"]["verdict"] == "no_data"
    assert str(files.root / "labels") in found["performance.f1"]["explanation"]


@pytest.mark.parametrize(
    "kind", [pa.timestamp("ns"), pa.timestamp("ms", "Europe/Berlin"), pa.timestamp("s"), pa.string()], ids=str
)
def test_times_of_any_kind_are_utc(files: Files, kind: pa.DataType) -> None:
    """Other units, other zones, no zone, ISO text."""
    times = pa.array(rows(1000).at, pa.timestamp("us", "UTC"))
    text = pa.array([f"{at.isoformat()}" for at in times.to_pylist()])
    files.serve("good", rows(1000), at=text if kind == pa.string() else times.cast(kind, safe=False))
    assert files.check()["quality.volume"]["n"] >= 999


@pytest.mark.parametrize("kind", [pa.int8(), pa.bool_(), pa.float64(), pa.string()], ids=str)
def test_labels_of_any_kind_fit_predictions(files: Files, kind: pa.DataType) -> None:
    """1, True, 1.0 and "1" are the same class."""
    path = files.root / "labels" / "good.parquet"
    table = parquet.read_table(path)
    label = table["label"].cast(pa.int64()).cast(kind)
    parquet.write_table(table.set_column(2, "label", label), path)
    assert files.check()["performance.accuracy"]["value"] > 0.9


def test_old_files_are_not_opened(files: Files) -> None:
    """Rows are written after they happened: a broken file from last week is nobody's business."""
    path = files.root / "predictions" / "old.parquet"
    path.write_bytes(b"broken")
    os.utime(path, (NOW.timestamp() - 7 * 86400,) * 2)
    for kept in (files.root / "predictions" / "good.parquet", files.root / "labels" / "good.parquet"):
        os.utime(kept, (NOW.timestamp(),) * 2)
    assert "problems" not in files.check()["quality.source"]["detail"]


def test_a_second_run_sees_what_changed_since(files: Files) -> None:
    """Rows are kept between runs, yet new, replaced and removed files are noticed."""
    assert files.check()["quality.volume"]["n"] == 1000
    path = files.serve("more", rows(50, 2))
    assert files.check()["quality.volume"]["n"] == 1050
    files.serve("more", rows(70, 2))
    assert files.check()["quality.volume"]["n"] == 1070
    path.unlink()
    assert files.check()["quality.volume"]["n"] == 1000


def test_a_glob_and_a_single_file_work_too(files: Files) -> None:
    """A place is a file, a directory or a pattern."""
    for place in ("predictions/good.parquet", "predictions/*.parquet", "**/good.parquet"):
        watched = replace(files.watched, predictions=str(files.root / place))
        assert files.check(watched=watched)["quality.volume"]["n"] >= 1000


def test_many_small_files_are_one_window(files: Files) -> None:
    """Live traffic writes a file per second."""
    for second in range(50):
        files.serve(f"s{second}", rows(5, second))
    assert files.check()["performance.f1"]["n"] == 1250


def test_text_classes_are_compared_as_texts(files: Files) -> None:
    """The positive label says what kind classes are."""
    words = np.array(["benign", "malignant"])
    batch, usual = rows(1000), REFERENCE
    assert usual.label is not None and batch.label is not None
    said, truth = words[batch.prediction.astype(int)], words[batch.label.astype(int)]
    files.serve("good", replace(batch, label=truth), prediction=pa.array(said))
    table = served(usual, "r", prediction=pa.array(words[usual.prediction.astype(int)]))
    label = pa.array(words[usual.label.astype(int)])
    write(files.root / "reference.parquet", table.append_column("label", label))
    found = files.check(watched=replace(files.watched, positive_label="malignant"))["performance.f1"]
    assert found["verdict"] == "ok" and found["value"] > 0.9


def test_chosen_features_only(files: Files) -> None:
    """The others are not even read."""
    found = files.check(watched=replace(files.watched, features=("radius",)))["drift.data"]
    assert found["detail"]["tested"] == 1


def test_the_series_of_a_metric(files: Files) -> None:
    """Points over the day for the chart."""
    told = performance_series_on_files(files.plan().to_json(), "accuracy", bins=24)
    assert 10 <= len(told) <= 26 and sum(point["n"] for point in told) == 1000
