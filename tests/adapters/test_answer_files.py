"""Prediction logs of regressions and of language models, from real Parquet files to findings."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from bot.adapters.parquet import run_checks_on_files
from ops_core.checks.watch import CheckPlan, Watched
from tests.profiles.made import DAY, NOW

N = 2000
AT = pa.array([NOW - timedelta(seconds=10 * each) for each in range(N)], pa.timestamp("us", tz="UTC"))


def checked(
    folder: Path, served: dict[str, Any], usual: dict[str, Any], **watched: Any
) -> dict[str, dict[str, Any]]:
    """Findings by check of a day's rows, as another process returns them."""
    keys = {"request_id": [str(each) for each in range(N)], "at": AT, "model_version": ["1"] * N}
    parquet.write_table(pa.table({**keys, **served}), folder / "predictions.parquet")
    parquet.write_table(pa.table(usual), folder / "reference.parquet")
    served_at, usual_at = (str(folder / name) for name in ("predictions.parquet", "reference.parquet"))
    plan = CheckPlan(Watched("assistant", served_at, usual_at, **watched), DAY, NOW)
    found = run_checks_on_files(json.loads(json.dumps(plan.to_json())))
    return {each["check"]: each for each in found}


def test_answers_are_judged_by_what_the_log_says_of_them(tmp_path: Path) -> None:
    """Booleans, whole numbers and seconds; the reference knows nothing of them, and no answer has a class."""
    each = np.arange(N)
    served = {
        "topic": np.where(each % 2, "billing", "other"),
        "prompt_length": np.random.default_rng(1).normal(100, 10, N),
        "grounded_not": pa.array((each % 9 == 0).tolist(), pa.bool_()),
        "stars": pa.array(np.where(each % 3 == 0, 3, 5), pa.int8()),
        "seconds": np.where(each % 10 == 0, 2.5, 0.4),
    }
    usual = {name: served[name] for name in ("topic", "prompt_length")}
    measures = {"hallucinated": "grounded_not", "rating": "stars", "latency": "seconds"}
    found = checked(tmp_path, served, usual, measures=measures)
    verdicts = {name: one["verdict"] for name, one in found.items() if name.startswith("llm.")}
    assert verdicts == {
        "llm.hallucination_rate": "critical",
        "llm.quality": "ok",
        "llm.latency_p95": "warning",
    }
    assert found["llm.latency_p95"]["limit"] == 2.0 and found["llm.hallucination_rate"]["n"] == N


def test_measures_are_no_inputs(tmp_path: Path) -> None:
    """A rating that few gave is no missing value, a slow answer no drift."""
    random = np.random.default_rng(2)
    feature = {"length": random.normal(100, 10, N)}
    rated = np.where(np.arange(N) % 20 == 0, 5.0, np.nan)
    served = {**feature, "stars": rated, "seconds": random.normal(9, 1, N)}
    usual = {**feature, "stars": rated - 3, "seconds": random.normal(1, 0.1, N)}
    found = checked(tmp_path, served, usual, measures={"rating": "stars", "latency": "seconds"})
    assert found["drift.data"]["verdict"] == found["quality.range"]["verdict"] == "ok"
    assert "stars" not in json.dumps(found["quality.null_rate"]["detail"])


def test_a_regression_is_judged_by_its_errors(tmp_path: Path) -> None:
    """And not by classes that it does not have."""
    random = np.random.default_rng(3)
    label, size = random.normal(50, 5, N), random.normal(0, 1, N)
    served = {"size": size, "prediction": label + random.normal(0, 2, N), "label": label}
    usual = {"size": size, "prediction": label + random.normal(0, 1, N), "label": label}
    found = checked(tmp_path, served, usual, task="regression")
    verdicts = {name: one["verdict"] for name, one in found.items() if name.startswith("performance.")}
    assert verdicts == {
        "performance.mae": "critical",
        "performance.rmse": "critical",
        "performance.r2": "warning",
        "performance.bias": "ok",
    }


def test_rows_that_came_twice_are_found_in_files(tmp_path: Path) -> None:
    """By their keys."""
    served = {"request_id": [str(each % 1900) for each in range(N)], "prediction": np.zeros(N)}
    found = checked(tmp_path, served, {"prediction": np.zeros(N), "size": np.zeros(N)})
    assert found["quality.duplicates"]["verdict"] == "warning"
    assert found["quality.duplicates"]["value"] == 0.05
