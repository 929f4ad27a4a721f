"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import Postgres, postgres

# Timings never decide a test: examples share two cores with everything else.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """PostgreSQL, started when the first test asks for it."""
    with postgres() as started:
        yield started


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of Spark are only there where it is installed."""
    if find_spec("pyspark") is not None:
        return
    left_out = [item for item in items if item.get_closest_marker("spark")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def spark() -> Iterator[None]:
    """A small Spark of this machine, which `getOrCreate` finds."""
    from pyspark.sql import SparkSession  # only there in its own environment

    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",  # of few rows, compiling takes longer than counting
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield
    session.stop()
