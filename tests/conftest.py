"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.databases import Postgres, postgres


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

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield
    session.stop()
