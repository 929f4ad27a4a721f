"""Whatever engine counts the rows, the profile is the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ops_core.checks.watch import Watched
from ops_core.profiles.keys import Keys
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Scope
from tests.contracts import engines
from tests.contracts.rows import Rows, rows
from tests.databases import Postgres

HERE = ("sqlite", "postgresql", "duckdb", "duckdb on files")
# Spark has an environment of its own: see `make test-spark`.
SPARK = [pytest.mark.spark, pytest.mark.timeout(900)]
SPARK_ONCE = pytest.param("spark", 0, marks=SPARK)
ENGINES = [*HERE, pytest.param("spark", marks=SPARK)]


@pytest.mark.parametrize(
    ("engine", "seed"), [*((engine, seed) for engine in HERE for seed in range(3)), SPARK_ONCE]
)
def test_every_engine_counts_what_the_files_hold(
    engine: str, seed: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Each count exactly, each sum to nine digits, for the reference and each version."""
    same(rows(seed, nan=engine != "sqlite"), engine, tmp_path, request)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_measures_a_regression(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Errors by segment, too."""
    same(rows(9, regression=True, nan=False), engine, tmp_path, request, task="regression")


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_leads_to_the_same_findings(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Verdict, rows, value, interval and sentence of each check."""
    made = rows(4, nan=engine != "sqlite")
    ours = engines.findings(engines.in_parquet(made, tmp_path))
    assert ours["quality.duplicates"][1] > 100
    assert engines.findings(written(made, engine, tmp_path, request)) == ours


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "column",
    [
        "predictions.label",
        "labels.label",
        "labels.request_id",
        "labels.at",
        "predictions.at",
        "predictions.request_id",
        "predictions.model_version",
        "predictions.prediction",
        "predictions.score",
        "predictions.radius",
        "predictions.pump",
        "reference.score",
    ],
)
def test_every_engine_misses_a_column_that_is_not_there(
    engine: str, column: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """With a warning of `quality.source`, unless the reference lacks it too; all else is judged."""
    table, _, name = column.partition(".")
    made = without(rows(4, n=150, nan=False), table, name)
    beside: dict[str, Any] = {"labels": None} if column == "predictions.label" else {}
    verdict, told = engines.missed(replace(engines.in_parquet(made, tmp_path), **beside))
    assert [name in each for each in told] == ([] if table == "reference" else [True])
    there = replace(written(made, engine, tmp_path, request), **beside)
    assert engines.missed(there) == (verdict, told)


def without(made: Rows, table: str, column: str) -> Rows:
    """The rows, of which one table lacks a column, if it had one."""
    return replace(
        made, **{table: {name: each for name, each in getattr(made, table).items() if name != column}}
    )


def same(made: Rows, engine: str, folder: Path, request: pytest.FixtureRequest, **more: Any) -> None:
    """Both are the same, but for the last digits of sums."""
    reference, versions = engines.profiles(replace(engines.in_parquet(made, folder), **more))
    there, others = engines.profiles(replace(written(made, engine, folder, request), **more))
    assert set(others) == set(versions) and len(versions) == 4
    for ours, theirs in [(reference, there), *((each, others[name]) for name, each in versions.items())]:
        assert list(differences(ours, theirs)) == []


def written(made: Rows, engine: str, folder: Path, request: pytest.FixtureRequest) -> Watched:
    """The rows, in a database of the engine."""
    if engine == "sqlite":
        return engines.in_sqlite(made, folder)
    if engine == "duckdb":
        return engines.in_duckdb(made, folder)
    if engine == "spark":
        request.getfixturevalue("spark")
    if engine in ("duckdb on files", "spark"):
        return replace(engines.in_parquet(made, folder), engine=engine.partition(" ")[0])
    server: Postgres = request.getfixturevalue("server")
    return engines.in_postgres(made, server)


def differences(ours: Any, theirs: Any, where: str = "") -> Iterator[str]:
    """Where two profiles are not the same."""
    if isinstance(ours, (Layout, Scope)) or where.endswith((".problems", ".place")):
        return
    if isinstance(ours, Keys):
        if (ours.repeated, ours.seen) != (theirs.repeated, theirs.seen):
            yield f"{where}: {ours.repeated} of {ours.seen} is {theirs.repeated} of {theirs.seen}"
        return
    if is_dataclass(ours):
        for each in fields(ours):
            yield from differences(
                getattr(ours, each.name), getattr(theirs, each.name), f"{where}.{each.name}"
            )
    elif isinstance(ours, Mapping):
        if set(ours) != set(theirs):
            yield f"{where}: {set(ours) ^ set(theirs)}"
            return
        for name, value in ours.items():
            yield from differences(value, theirs[name], f"{where}[{name}]")
    elif not _equal(ours, theirs):
        yield f"{where}: {ours} is {theirs}"


def _equal(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, np.ndarray):
        if ours.dtype.kind == "f":
            return bool(np.allclose(ours, theirs, rtol=1e-9, atol=1e-9))
        return bool(np.array_equal(ours, theirs))
    if isinstance(ours, float):
        return ours == theirs or math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return bool(ours == theirs)
