"""Drift checks look back over closed days that lie long before the window, and read each of them once."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bot.adapters.parquet import ParquetSource, run_checks_on_files
from ops_core.checks.progress import SERVED, Progress
from ops_core.checks.run import run_checks
from ops_core.checks.told import telling
from ops_core.checks.watch import CheckPlan, CheckSpec
from ops_core.profiles.days import DAY
from ops_core.profiles.profile import microseconds
from ops_core.store.database import Database
from ops_core.store.profiles import StoredProfiles
from tests.adapters.test_parquet import Files, served, write
from tests.databases import fresh
from tests.profiles.made import NOW, REFERENCE, rows

WINDOW = timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0)
SIGMA = 2.0
DAYS = 40
OTHERS = ("quality.volume", "performance.f1", "quality.null_rate")


@dataclass(frozen=True)
class Past:
    """Files of a model, one a day, and a database to keep what was counted in."""

    files: Files
    database: Database

    def serve(self, day: int, *, shift: float = 0.0, n: int = 500, version: str = "1") -> Path:
        """The rows of one day, so many days ago, written when it had ended; `shift` in σ of radius."""
        start = microseconds(MIDNIGHT - timedelta(days=day))
        at = start + np.sort(
            np.random.default_rng(day % 1000).integers(1, DAY // 2 if day == 0 else DAY - 1, n)
        )
        made = rows(n, day % 1000, shift=shift * SIGMA, at=at, version=version)
        path = self.files.serve(f"day-{day}-{version}", made)
        written = (MIDNIGHT + timedelta(days=1 - day)).timestamp() if day else NOW.timestamp()
        for each in (path, self.files.root / "labels" / path.name):
            os.utime(each, (written,) * 2)
        return path

    def serve_all(self, *, days: int = DAYS, shifted: int = 0, shift: float = 0.25) -> None:
        """So many days until now, drifted since the last `shifted` closed ones."""
        for day in range(days):
            self.serve(day, shift=shift if day <= shifted and shifted else 0.0)

    def plan(self, checks: tuple[str, ...] = ("drift.data",), **other: Any) -> CheckPlan:
        """A day that ends now."""
        named = tuple(CheckSpec(each) for each in checks)
        given = {"watched": self.files.watched, "window": WINDOW, "now": NOW, **other}
        return CheckPlan(**given, checks=named)

    def check(self, *, kept: bool = True, **plan: Any) -> Any:
        """Findings by check, with what is kept or without."""
        url = self.database.url if kept else None
        return {each["check"]: each for each in run_checks_on_files(self.plan(**plan).to_json(), url)}

    def rows_read(self, *, kept: bool = True, **plan: Any) -> int:
        """How many rows of predictions such a run reads."""
        told: list[Progress] = []
        source = telling(ParquetSource(), told.append)
        run_checks(self.plan(**plan), source, StoredProfiles(self.database) if kept else None)
        served = [each.rows for each in told if each.phase == SERVED]
        return sum(one for one, after in zip(served, [*served[1:], 0], strict=True) if after <= one)


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """A reference, no predictions yet, and a fresh database."""
    database = fresh(tmp_path / "tocsin.db")
    month = np.linspace(
        microseconds(MIDNIGHT - 90 * WINDOW), microseconds(MIDNIGHT - 62 * WINDOW), len(REFERENCE)
    )
    usual = served(replace(REFERENCE, at=month.astype(np.int64)), "r")
    usual = usual.append_column("label", pa.array(REFERENCE.label))
    write(tmp_path / "reference.parquet", usual)
    return Past(Files(tmp_path), database)


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "without a database"])
def test_a_small_shift_of_a_few_days_is_found(past: Past, kept: bool) -> None:
    """A quarter of a deviation on three closed days, which a look at 500 rows of a day cannot tell."""
    past.serve_all(shifted=3)
    found = past.check(kept=kept)["drift.data"]
    assert found["verdict"] == "warning" and found["detail"]["drifted"] == ["radius"]
    since = MIDNIGHT - datetime.fromisoformat(found["since"])
    assert timedelta(days=2) <= since <= timedelta(days=5) and found["detail"]["merged_days"] > 1


def test_the_same_shift_is_not_told_by_the_window_alone(past: Past) -> None:
    """The same rows, when the days before the window are not there."""
    past.serve_all(days=1)
    past.serve(0, shift=0.25)
    assert past.check()["drift.data"]["verdict"] in ("ok", "no_evidence")


@pytest.mark.parametrize("seed_days", [DAYS, 70])
def test_without_drift_it_is_quiet(past: Past, seed_days: int) -> None:
    """Forty and seventy days, all the same."""
    past.serve_all(days=seed_days)
    assert past.check(checks=("drift.data", "drift.prediction"))["drift.data"]["verdict"] == "ok"


def test_other_checks_keep_to_the_window(past: Past) -> None:
    """Their rows are those of one day, whether the drift checks look further back or not."""
    past.serve_all()
    alone, beside = past.check(checks=OTHERS), past.check(checks=(*OTHERS, "drift.data"))
    told = ("n", "verdict", "value", "explanation")
    for check in OTHERS:
        assert [alone[check][name] for name in told] == [beside[check][name] for name in told]
    assert beside["drift.data"]["detail"]["tested"] == 3


def test_days_are_read_once(past: Past) -> None:
    """The second run rings all the same, though it reads the window only; a new day joins them."""
    past.serve_all(shifted=3)
    first, window = past.check()["drift.data"], past.rows_read(kept=False, checks=("quality.volume",))
    assert past.rows_read() == window
    assert past.check()["drift.data"] == first
    past.serve(-1)
    later = NOW + timedelta(days=1)
    found = past.check(now=later)["drift.data"]
    assert found["verdict"] == "warning" and found["since"] <= first["since"]


def test_late_rows_of_a_closed_day_are_counted(past: Past) -> None:
    """A file that changed is read again; the days beside it are not."""
    past.serve_all()
    assert past.check()["drift.data"]["verdict"] == "ok"
    for day in (1, 2, 3):
        os.utime(past.serve(day, shift=0.4), (NOW.timestamp(),) * 2)
    assert past.check()["drift.data"]["verdict"] == "warning"


def test_another_version_does_not_leak_in(past: Past) -> None:
    """The version that served until yesterday had drifted; the one that serves now has not."""
    for day in range(1, DAYS):
        past.serve(day, shift=0.5, version="1")
    past.serve(0, version="2")
    assert past.check()["drift.data"]["verdict"] == "ok"
    assert past.check(version="1")["drift.data"]["verdict"] != "ok"


def test_what_was_before_a_version_came_back_does_not_count(past: Past) -> None:
    """It had drifted until three days ago; and a later run that asks for all days has lost none."""
    for day in range(DAYS):
        past.serve(day, shift=0.5 if day > 3 else 0.0)
    back = MIDNIGHT - timedelta(days=3)
    assert past.check(since=back)["drift.data"]["verdict"] == "ok"
    assert past.check()["drift.data"]["verdict"] == "critical"
    assert past.check(since=back)["drift.data"]["verdict"] == "ok"
    assert past.rows_read() == past.rows_read(kept=False, checks=("quality.volume",))


def test_days_do_not_wait_for_labels(past: Past) -> None:
    """Labels come a month later, if at all: inputs are judged now."""
    past.serve_all(shifted=3)
    slow = replace(past.files.watched, label_delay=timedelta(days=30))
    assert past.check(watched=slow)["drift.data"]["verdict"] == "warning"


def test_without_earlier_rows_nothing_is_read_twice(past: Past) -> None:
    """Where the files say that all lies in the window, its closed days are known from the one reading."""
    past.serve_all(shifted=3)
    whole: dict[str, Any] = {"window": WINDOW * DAYS, "checks": ("drift.data", "drift.prediction")}
    assert past.rows_read(kept=False, **whole) == past.rows_read(kept=False, **{**whole, "checks": OTHERS})
    found = past.check(kept=False, **whole)
    assert found == past.check(**whole) and found["drift.data"]["detail"]["merged_days"] > 1
