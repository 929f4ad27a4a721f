"""Groups and segments of rows that lie in files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.adapters.test_parquet import Files, files
from tests.profiles.made import rows

__all__ = ["files"]  # the fixtures


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
