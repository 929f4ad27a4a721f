"""Files that are broken, half written, or no data at all: they are told and stop nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyarrow import parquet

from ops_core.checks.watch import CheckSpec
from tests.adapters.test_parquet import Files, files, write
from tests.profiles.made import NOW, rows

__all__ = ["files"]  # the fixture

BREAK: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "half-written": lambda content: content[: len(content) // 2],
    "without its end": lambda content: content[:-4],
    "not Parquet": lambda content: b"request_id,at\n1,2\n",
    "holed": lambda content: content[:200] + bytes(400) + content[600:],
}


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
