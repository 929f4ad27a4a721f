"""Closed days and the reference are counted once, and counted anew when anything about them changes."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from sqlmodel import select

from bot.adapters.parquet import run_checks_on_files
from ops_core.checks.watch import CheckPlan
from ops_core.profiles.days import DAY
from ops_core.profiles.profile import microseconds
from ops_core.store.database import Database
from ops_core.store.profiles import StoredProfile
from tests.adapters.test_parquet import Files, served, write
from tests.databases import fresh
from tests.profiles.made import NOW, REFERENCE, rows

WEEK = timedelta(days=7)
MIDNIGHT = NOW.replace(hour=0)


@dataclass(frozen=True)
class Week:
    """Files of a model, one a day, and a database to keep profiles in."""

    files: Files
    database: Database

    def serve(self, day: int, name: str = "", n: int = 3000, error: float = 0.05) -> Path:
        """The rows of one day, so many days ago, and their labels; written when the day had ended."""
        start = microseconds(MIDNIGHT - timedelta(days=day))
        at = start + np.sort(np.random.default_rng(day).integers(1, DAY // 2 if day == 0 else DAY - 1, n))
        path = self.files.serve(name or f"day-{day}", rows(n, day, error=error, at=at))
        written = (MIDNIGHT + timedelta(days=1 - day)).timestamp() if day else NOW.timestamp()
        for each in (path, self.files.root / "labels" / path.name):
            os.utime(each, (written,) * 2)
        return path

    def check(self, *, kept: bool = True, now: datetime = NOW, **watched: Any) -> dict[str, Any]:
        """Findings of a week by check, with what is kept or without."""
        plan = CheckPlan(replace(self.files.watched, **watched), WEEK, now)
        url = self.database.url if kept else None
        return {each["check"]: each for each in run_checks_on_files(plan.to_json(), url)}

    def names(self) -> list[str]:
        """What is kept."""
        with self.database.read() as session:
            return sorted(session.exec(select(StoredProfile.name)).all())


@pytest.fixture
def week(tmp_path: Path) -> Week:
    """Eight days of good predictions, and a fresh database."""
    database = fresh(tmp_path / "tocsin.db")
    made = Week(Files(tmp_path), database)
    usual = served(REFERENCE, "r").append_column("label", pa.array(REFERENCE.label))
    write(tmp_path / "reference.parquet", usual)
    for day in range(8):
        made.serve(day)
    return made


def told(findings: dict[str, Any]) -> dict[str, Any]:
    """What must not depend on how the rows were read; means differ in their last digits."""
    names = ("verdict", "n", "value", "explanation")
    return {
        check: [
            pytest.approx(each[name], rel=1e-9) if isinstance(each[name], float) else each[name]
            for name in names
        ]
        for check, each in findings.items()
    }


def broken_values(path: Path) -> None:
    """The same file, whose footer is whole and whose rows are not."""
    content, footer = path.read_bytes(), parquet.read_metadata(path).serialized_size
    path.write_bytes(content[:4] + bytes(len(content) - 12 - footer) + content[-8 - footer :])


def test_what_is_kept_gives_the_same_findings(week: Week) -> None:
    """The first run, which keeps, and the second, which finds, say what a run without says."""
    usual = told(week.check(kept=False))
    assert usual == told(week.check()) == told(week.check())
    assert week.names() == [f"2026-11-{day}" for day in range(14, 20)] + ["history", "reference"]


def test_closed_days_are_not_read_again(week: Week) -> None:
    """The rows of one were destroyed since, and nobody notices."""
    usual = week.check()
    path = week.files.root / "predictions" / "day-3.parquet"
    status = path.stat()
    broken_values(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert week.check(kept=False)["performance.f1"]["n"] < usual["performance.f1"]["n"]
    assert told(week.check()) == told(usual)


def test_late_rows_are_counted(week: Week) -> None:
    """A file that comes today may hold rows of Tuesday."""
    before = week.check()["quality.volume"]["n"]
    late = week.serve(3, "late", n=500)
    os.utime(late, (NOW.timestamp() - 1,) * 2)
    assert week.check()["quality.volume"]["n"] == before + 500


def test_labels_are_counted_when_they_are_due(week: Week) -> None:
    """With two days of delay, yesterday waits; two days later it is judged."""
    first = week.check(label_delay=timedelta(days=2))["performance.f1"]
    assert first["detail"]["n_pending_labels"] > 0 and first["detail"]["n_missing_labels"] == 0
    later = week.check(label_delay=timedelta(days=2), now=NOW + timedelta(days=2))["performance.f1"]
    assert later["detail"]["n_pending_labels"] == 0 and later["n"] > first["n"] - 6001


def test_another_reference_makes_everything_stale(week: Week) -> None:
    """Other cells, other counts; what came from the old one is dropped."""
    week.check()
    other = rows(4000, 5, shift=3.0)
    usual = served(other, "r").append_column("label", pa.array(other.label))
    os.utime(write(week.files.root / "reference.parquet", usual), (NOW.timestamp() + 5,) * 2)
    assert week.check()["drift.data"]["verdict"] == "critical"
    assert len(week.names()) == 8


@pytest.mark.parametrize(
    ("bad", "why"), [("values", "cannot be read as Parquet"), ("score", "has no column score")]
)
def test_what_is_wrong_with_closed_days_is_told_every_time(week: Week, bad: str, why: str) -> None:
    """Also once the day's profile is kept, until the file is whole again."""
    path = week.files.root / "predictions" / "day-3.parquet"
    whole, written = path.read_bytes(), (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    if bad == "values":
        broken_values(path)
    else:
        write(path, parquet.read_table(path).drop_columns(["score"]))
    os.utime(path, ns=written)
    first, second = (week.check()["quality.source"] for _ in range(2))
    assert why in first["explanation"] and first["verdict"] == "warning"
    assert told({"": first}) == told({"": second})
    path.write_bytes(whole)
    assert week.check()["quality.source"]["verdict"] == "ok"


def test_a_day_is_not_kept_while_its_file_may_still_be_written(week: Week) -> None:
    """Unreadable now; minutes later the same bytes are broken for good."""
    path = week.files.root / "predictions" / "day-3.parquet"
    broken_values(path)
    os.utime(path, (NOW.timestamp(),) * 2)
    assert "may still be being written" in week.check()["quality.source"]["explanation"]
    assert "2026-11-17" not in week.names() and "2026-11-16" in week.names()
    assert week.check(now=NOW + timedelta(minutes=5))["quality.source"]["verdict"] == "warning"


def test_a_database_that_fails_stops_no_check(week: Week, tmp_path: Path) -> None:
    """All is read anew, and the source check says so in passing."""
    usual = told(week.check(kept=False))
    week.database.close()
    broken = replace(week, database=Database(f"sqlite:///{tmp_path / 'empty.db'}"))
    found = broken.check()
    assert found["performance.f1"]["n"] == usual["performance.f1"][1]
    assert "stored profiles" in found["quality.source"]["explanation"]
    assert found["quality.source"]["verdict"] == "ok"
