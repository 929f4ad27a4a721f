"""Queries that take too long, and files that an engine cannot read: each costs only what it asks for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from bot.adapters.tables.address import Address
from bot.adapters.tables.gathering import Gathering
from bot.adapters.tables.source import TableSource
from bot.adapters.tables.sql import SqlWarehouse
from bot.adapters.tables.warehouse import relation
from bot.adapters.tables.window import Table, Window
from ops_core.checks.finding import Verdict
from ops_core.checks.run import run_checks
from ops_core.checks.watch import CheckPlan, Watched
from ops_core.profiles.profile import Scope
from tests.adapters.test_tables import ROWS, findings, read, url, watched
from tests.contracts import engines
from tests.contracts.rows import NOW, WINDOW

__all__ = ["url", "watched"]  # the fixtures

ENDLESS = (
    "CREATE VIEW slow AS SELECT *, (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c "
    "WHERE x < 1000000000 + steady) SELECT max(x) FROM c) AS tardy FROM predictions"
)


ASLEEP = (
    "CREATE FUNCTION ml.asleep(double precision) RETURNS double precision LANGUAGE plpgsql IMMUTABLE "
    "AS 'BEGIN PERFORM pg_sleep(60); RETURN 1; END'",
    "CREATE VIEW ml.slow AS SELECT *, ml.asleep(steady) AS tardy FROM ml.predictions",
)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_slow_column_costs_only_itself(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """It is told as not counted, within the time for one query; all else is judged."""
    if kind == "sqlite":
        watched = engines.in_sqlite(ROWS, tmp_path)
        with closing(sqlite3.connect(tmp_path / "rows.db")) as connection:
            connection.execute(ENDLESS)
            connection.execute("ALTER TABLE reference ADD COLUMN tardy REAL DEFAULT 1.0")
            connection.commit()
    else:
        watched = engines.in_postgres(ROWS, request.getfixturevalue("server"))
        with psycopg.connect(watched.predictions.partition("#")[0]) as client:
            for statement in ASLEEP:
                client.execute(statement)
            client.execute("ALTER TABLE ml.reference ADD COLUMN tardy double precision DEFAULT 1.0")
    patient = TableSource(lambda address: SqlWarehouse(address, timedelta(seconds=4)))
    watched = replace(watched, predictions=watched.predictions.replace("predictions", "slow"))
    found = {each.check: each for each in run_checks(CheckPlan(watched, WINDOW, NOW), patient)}
    assert (
        "column tardy: could not be counted: did not answer within 4 s" in found["quality.source"].explanation
    )
    assert found["quality.source"].verdict is Verdict.WARNING
    assert "tardy" not in found["quality.schema"].explanation
    assert found["performance.accuracy"].value and found["drift.data"].detail["tested"] > 2


def test_all_queries_together_have_their_time(watched: Watched) -> None:
    """When it is over, what is left is told as not asked for."""
    plan, shown = CheckPlan(watched, WINDOW, NOW), iter([0.0, *[1.0] * 5])
    layout = read(watched).reference.layout
    scope = Scope(watched.name, plan.window_start, plan.window_end, NOW)
    with closing(SqlWarehouse(Address.parse(watched.predictions))) as warehouse:
        kinds = warehouse.columns(Address.parse(watched.predictions))
        table = Table(relation(Address.parse(watched.predictions), kinds, "predictions"), kinds)
        window = Window(replace(watched, labels=None), warehouse.dialect, table, None, scope)
        made = Gathering(window, layout, warehouse.rows, lambda: next(shown, 121.0)).profiles()
    problems = [each.what for one in made.values() for each in one.problems]
    assert "could not be counted: was not asked for, after 120 s for other queries" in problems
    assert all(one.n for one in made.values())


@pytest.mark.parametrize("how", ["no Parquet at all", "damaged within"])
def test_an_engine_names_the_file_that_it_cannot_read(how: str, tmp_path: Path) -> None:
    """One of a folder, however long its name."""
    watched = engines.in_parquet(ROWS, tmp_path)
    folder = tmp_path / "predictions-of-the-model" / ("of-a-long-name-" * 6)
    folder.mkdir(parents=True)
    content = Path(watched.predictions).read_bytes()
    (folder / "good.parquet").write_bytes(content)
    broken = content[:200] + bytes(400) + content[600:] if how == "damaged within" else b"nothing" * 30
    (folder / "broken.parquet").write_bytes(broken)
    found = findings(replace(watched, predictions=str(folder), engine="duckdb"), "quality.source")
    assert "broken.parquet" in found["quality.source"].explanation
