"""Whatever the files hold: each run ends with findings that say so, and the other checks judge the rest."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyarrow import parquet

from ops_core.checks.finding import FACTS
from ops_core.profiles.profile import microseconds
from tests.adapters.test_parquet import Files, files, served, write
from tests.profiles.made import NOW, REFERENCE, rows

__all__ = ["files"]  # the fixture

COLUMNS: dict[str, Any] = {
    "all null": [None] * 1000,
    "constant": [10.0] * 1000,
    "infinite": [float("inf"), float("-inf")] * 500,
    "NaN": [float("nan")] * 1000,
    "huge": [1.7e308, -1.7e308] * 500,
    "whole numbers": list(range(1000)),
    "booleans": [True, False] * 500,
    "as many categories as rows": [f"category {at}" for at in range(1000)],
}


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("where", ["predictions", "reference"])
def test_a_strange_column_stops_no_other_check(files: Files, kind: str, where: str) -> None:
    """Of the predictions or of the reference."""
    if where == "predictions":
        files.serve("good", rows(1000), radius=COLUMNS[kind])
    else:
        column = (COLUMNS[kind] * 4)[: len(REFERENCE)]
        usual = served(REFERENCE, "r", radius=column).append_column("label", pa.array(REFERENCE.label))
        write(files.root / "reference.parquet", usual)
    found = files.check()
    assert found["performance.f1"]["verdict"] == "ok"
    drifted = found["drift.data"]["detail"].get("drifted", [])
    assert "site" not in drifted and "spikes" not in drifted


def test_a_million_categories_are_bounded(files: Files) -> None:
    """The same ones on both sides are not new, and the findings stay small."""
    at = np.arange(1_000_000)
    users = pa.array([f"user {each}" for each in np.random.default_rng(0).permutation(at).tolist()])
    usual = {"site": users, "radius": pa.array(at % 97 / 10), "spikes": pa.array(at % 89 / 89)}
    usual |= {"prediction": pa.array(at % 2), "score": pa.array(at % 2 * 0.9)}
    write(files.root / "reference.parquet", pa.table({**usual, "label": pa.array(at % 2)}))
    times = pa.array(microseconds(NOW) - at[::-1] * 60_000, pa.timestamp("us", "UTC"))
    write(files.root / "predictions" / "good.parquet", pa.table({"at": times, **usual}), 100_000)
    found = files.check()
    assert found["quality.volume"]["n"] == 1_000_000
    assert found["drift.categories"]["verdict"] == "ok"
    assert len(str(found)) < 120_000


def test_three_rows_are_no_evidence(files: Files) -> None:
    """Whatever they say."""
    for place in ("predictions", "labels"):
        (files.root / place / "good.parquet").unlink()
    files.serve("few", rows(3, error=1.0))
    found = files.check()
    well = {check for check, each in found.items() if each["verdict"] not in ("no_evidence", "no_data")}
    assert well == FACTS


def test_rows_of_the_future_are_told(files: Files) -> None:
    """Somebody's clock is wrong; the other rows are judged."""
    ahead = rows(50, 2, at=np.full(50, microseconds(NOW + timedelta(days=2))))
    files.serve("ahead", ahead)
    found = files.check()
    assert found["performance.f1"]["n"] == 1000
    told = "column at: 50 rows are dated in the future, up to 2 days ahead of this machine's clock; left out"
    assert told in found["quality.source"]["explanation"]


def test_nothing_but_rows_of_the_future_is_a_matter_of_clocks(files: Files) -> None:
    """Not that nothing came."""
    (files.root / "predictions" / "good.parquet").unlink()
    files.serve("ahead", rows(50, 2, at=np.full(50, microseconds(NOW + timedelta(days=2)))))
    said = files.check()["quality.freshness"]["explanation"]
    assert "but 50 rows are dated in the future, up to 2 days ahead" in said and "compare the clock" in said


def test_columns_that_the_reference_lacks_too_are_no_problem(files: Files) -> None:
    """A model without scores is like that, and nothing is wrong with its data."""
    usual = parquet.read_table(files.root / "reference.parquet").drop_columns(["score"])
    write(files.root / "reference.parquet", usual)
    files.serve("good", rows(1000), score=None)
    assert files.check()["quality.source"]["verdict"] == "ok"


def test_columns_that_the_reference_has_are_missed(files: Files) -> None:
    """Scores that stopped coming are told."""
    files.serve("good", rows(1000), score=None)
    found = files.check()["quality.source"]
    assert found["verdict"] == "warning" and "has no column score" in found["explanation"]


def test_a_model_without_labels_blames_no_file(files: Files) -> None:
    """Neither side has any: nothing is late, and nobody need look for it."""
    usual = parquet.read_table(files.root / "reference.parquet").drop_columns(["label"])
    write(files.root / "reference.parquet", usual)
    found = files.check(watched=replace(files.watched, labels=None))
    assert found["quality.source"]["verdict"] == "ok"
    assert found["performance.f1"]["explanation"] == (
        "F1 cannot be told: neither the window nor the reference has labels, n = 0"
    )


def test_an_old_reference_is_told(files: Files) -> None:
    """When it is older than the settings allow, and only then."""
    path = files.root / "reference.parquet"
    os.utime(path, (NOW.timestamp() - 40 * 86_400,) * 2)
    old = files.check(watched=replace(files.watched, reference_max_age=timedelta(days=30)))
    assert "is 40.0 days old, its limit is 30.0 days" in old["quality.source"]["explanation"]
    assert files.check()["quality.source"]["verdict"] == "ok"


@pytest.mark.parametrize("odd", [2, -1, "maybe"])
def test_labels_of_another_kind_are_told_and_blame_nobody(files: Files, odd: int | str) -> None:
    """A third of them is neither 0 nor 1: the model is as right as it was about the others."""
    batch = rows(900)
    assert batch.label is not None
    files.serve("good", rows(1, label=np.array([0.0])))
    files.serve("strange", replace(batch, label=with_odd(batch.label, odd)))
    found = files.check()
    assert {each["verdict"] for name, each in found.items() if name.startswith("performance.")} == {"ok"}
    assert found["performance.accuracy"]["n"] == 601
    assert found["quality.validity"]["verdict"] == "warning"
    assert (
        "300 of 901 labels are of no class that the reference knows (0, 1)"
        in (found["quality.validity"]["explanation"])
    )


def with_odd(labels: Any, odd: int | str) -> Any:
    """Every third label is another."""
    written = [odd if row % 3 == 0 else int(label) for row, label in enumerate(labels.tolist())]
    return np.array([str(each) for each in written] if isinstance(odd, str) else written)


def test_scores_that_are_no_probabilities_are_told(files: Files) -> None:
    """Somebody serves percentages."""
    batch = rows(1000)
    assert batch.score is not None
    files.serve("good", replace(batch, score=np.where(np.arange(1000) < 20, 50.0, batch.score)))
    told = files.check()["quality.validity"]
    assert told["verdict"] == "warning" and "20 of 1,000 scores lie outside 0–1" in told["explanation"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.binary(max_size=400), some.sampled_from([".csv", ".parquet", ".csv.gz"]))
def test_any_bytes_never_stop_the_run(files: Files, content: bytes, ending: str) -> None:
    """A file may hold anything at all."""
    path = files.root / "predictions" / f"fuzzed{ending}"
    path.write_bytes(content)
    found = files.check()
    path.unlink()
    assert found["quality.volume"]["n"] >= 1000
