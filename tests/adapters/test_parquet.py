"""Checks on files as they are found in practice: late, broken, missing, changed."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyarrow import parquet

from bot.adapters.parquet import performance_series_on_files, run_checks_on_files
from ops_core.checks.watch import CheckPlan, CheckSpec, Watched
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


def test_without_a_reference_fixed_limits_are_still_judged(files: Files) -> None:
    """And the source check says that the reference is missing."""
    (files.root / "reference.parquet").unlink()
    found = files.check()
    assert (found["performance.accuracy"]["verdict"], found["drift.data"]["verdict"]) == ("ok", "no_data")
    assert "reference.parquet" in found["quality.source"]["explanation"]


@pytest.mark.parametrize("how", ["gone", "broken", "without rows"])
def test_no_default_limit_alarms_for_want_of_a_reference(files: Files, how: str) -> None:
    """The reference is the fault, told once; what the model does may be what it always did."""
    path = files.root / "reference.parquet"
    whole = parquet.read_table(path)
    path.unlink()
    if how != "gone":
        write(path, whole.slice(0, 0)) if how == "without rows" else path.write_bytes(b"PAR1, or not")
        os.utime(path, (NOW.timestamp() - 3600,) * 2)
    files.serve("bad", rows(1000, 3, error=0.4))
    found = files.check()
    assert {name for name, each in found.items() if each["verdict"] in ("warning", "critical")} == {
        "quality.source"
    }
    assert found["quality.source"]["explanation"].count("reference") <= 3
    assert found["performance.accuracy"]["verdict"] == "no_evidence"
    assert "has no rows to tell" in found["performance.accuracy"]["explanation"]


def test_a_demanded_limit_alarms_without_a_reference(files: Files) -> None:
    """Somebody wrote it down for whatever is usual."""
    (files.root / "reference.parquet").unlink()
    files.serve("bad", rows(1000, 3, error=0.4))
    demanded = CheckSpec("performance.accuracy", {"even_if_reference_fails": True})
    assert files.check(checks=(demanded,))["performance.accuracy"]["verdict"] == "critical"


BREAK: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "half-written": lambda content: content[: len(content) // 2],
    "without its end": lambda content: content[:-4],
    "not Parquet": lambda content: b"request_id,at\n1,2\n",
    "holed": lambda content: content[:200] + bytes(400) + content[600:],
}


@pytest.mark.parametrize("how", BREAK)
def test_a_broken_file_is_skipped_and_named(files: Files, how: str) -> None:
    """The other rows are judged all the same."""
    path = files.serve("broken", rows(300, 3))
    path.write_bytes(BREAK[how](path.read_bytes()))
    os.utime(path, (NOW.timestamp() - 3600,) * 2)
    found = files.check(now=NOW)
    assert found["performance.f1"]["n"] == 1000
    assert (
        found["quality.source"]["verdict"] == "warning"
        and str(path) in found["quality.source"]["explanation"]
    )
    assert any(problem["where"] == str(path) for problem in found["performance.f1"]["detail"]["problems"])


def test_a_file_just_being_written_is_no_warning(files: Files) -> None:
    """It was touched a second ago; next time it will be whole."""
    path = files.root / "predictions" / "new.parquet"
    path.write_bytes(b"PAR1")
    os.utime(path, (NOW.timestamp() - 1,) * 2)
    found = files.check()["quality.source"]
    assert found["verdict"] == "ok" and "still be" in found["explanation"]


def test_hidden_and_temporary_files_are_not_read(files: Files) -> None:
    """Writers that rename when done are not disturbed."""
    for name in (".part.parquet", "_SUCCESS", "x.parquet.tmp"):
        (files.root / "predictions" / name).write_bytes(b"")
    assert "problems" not in files.check()["quality.source"]["detail"]


@pytest.mark.parametrize("column", ["prediction", "score", "model_version", "request_id", "radius"])
def test_a_missing_column_stops_no_other_check(files: Files, column: str) -> None:
    """The finding names the column; drift of the other features is judged."""
    gone: dict[str, Any] = {column: None}
    files.serve("good", rows(1000), **gone)
    found = files.check()
    assert found["drift.data"]["verdict"] == "ok"
    assert f"has no column {column}" in found["quality.source"]["explanation"]


def test_files_without_times_are_left_out(files: Files) -> None:
    """No row of them can be placed in the window."""
    path = files.serve("timeless", rows(50, 2), at=None)
    found = files.check()["quality.source"]
    assert found["n"] == 1000 and f"{path}: has no column at; left out" in found["explanation"]


@pytest.mark.parametrize("values", [["x"] * 1000, [[1.0]] * 1000], ids=["text", "list"])
def test_a_changed_type_is_told_and_stops_nothing(files: Files, values: list[Any]) -> None:
    """A number that became text, or something that cannot be counted."""
    files.serve("good", rows(1000), radius=values)
    found = files.check()
    assert "column radius" in found["quality.source"]["explanation"]
    assert (found["performance.f1"]["verdict"], found["drift.data"]["verdict"]) == ("ok", "ok")


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


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.data())
def test_damaged_bytes_never_stop_the_run(files: Files, data: some.DataObject) -> None:
    """Any byte of a file may be any other: the run ends with findings about the good rows."""
    path = files.serve("fuzzed", rows(20, 3))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(some.integers(1, 8))):
        content[data.draw(some.integers(0, len(content) - 1))] = data.draw(some.integers(0, 255))
    path.write_bytes(bytes(content))
    assert files.check()["quality.volume"]["n"] >= 1000


def test_a_column_of_groups_turns_on_the_fairness_checks(files: Files) -> None:
    """The text column that says where; without it they are not run at all."""
    assert not any(check.startswith("fairness.") for check in files.check())
    found = files.check(watched=replace(files.watched, group_column="site"))
    groups = found["fairness.equal_opportunity"]["detail"]["groups"]
    assert {each["group"] for each in groups} == {"a", "b", "c"}
    assert found["fairness.equal_opportunity"]["verdict"] == "ok"


def test_a_column_that_cannot_hold_groups_stops_nothing(files: Files) -> None:
    """A list is no group; the finding says so."""
    files.serve("good", rows(1000), crowd=[[1.0]] * 1000)
    found = files.check(watched=replace(files.watched, group_column="crowd"))
    assert found["fairness.demographic_parity"]["verdict"] == "no_data"
    assert found["performance.f1"]["verdict"] == "ok"


def test_the_worst_segment_is_found_in_files(files: Files) -> None:
    """Site b fails, and the finding says so."""
    batch = rows(900, 7)
    there = batch.features["site"] == "b"
    wrong = np.where(there, 1 - batch.prediction.astype(float), batch.prediction)
    files.serve("good", replace(batch, prediction=wrong))
    found = files.check(watched=replace(files.watched, segment_column="site"))["performance.accuracy"]
    assert found["verdict"] == "critical" and "worst segment site=b: 0.0" in found["explanation"]
