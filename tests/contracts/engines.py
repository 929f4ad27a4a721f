"""Writes the same rows to files and databases, and profiles them there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import parquet

from bot.adapters.engines import source_of
from ops_core.checks.finding import Finding
from ops_core.checks.profiled import Needs, read_profiles
from ops_core.checks.run import run_checks
from ops_core.checks.watch import CheckPlan, Watched
from ops_core.profiles.profile import Profile
from tests.contracts.rows import DELAY, NOW, WINDOW, Column, Rows
from tests.databases import Postgres

WATCHED = Watched("pumps", "", "", "", group_column="sex", segment_column="pump", label_delay=DELAY)
NEEDS = Needs(pairs=True, extra_edges=(("radius", (7.0, 9.5)),))
TYPES: Mapping[type, str] = {str: "text", float: "double precision", int: "bigint", datetime: "timestamptz"}


def profiles(watched: Watched) -> tuple[Profile, dict[str | None, Profile]]:
    """The reference's and each version's."""
    found = read_profiles(CheckPlan(watched, WINDOW, NOW), source_of(watched), NEEDS)
    unread = [each for each in found.window.problems if each.where.startswith(("predictions", "reference"))]
    assert not unread, unread
    return found.reference, {each.version: each for each in found.versions}


def findings(watched: Watched) -> dict[str, Any]:
    """What the checks say, by check; numbers to six digits."""
    told = run_checks(CheckPlan(watched, WINDOW, NOW), source_of(watched))
    return {
        each.check: (each.verdict, each.n, *map(_short, _numbers(each)), each.explanation) for each in told
    }


def missed(watched: Watched) -> tuple[str, list[str]]:
    """What `quality.source` says of columns that are not there, whatever the place is called."""
    told = run_checks(CheckPlan(watched, WINDOW, NOW), source_of(watched))
    finding = next(each for each in told if each.check == "quality.source")
    problems = [each["what"] for each in finding.detail.get("problems", ())]
    return finding.verdict.value, sorted(each for each in problems if each.startswith("has no column"))


def _numbers(finding: Finding) -> tuple[float | None, ...]:
    return (finding.value, *(finding.interval or ()))


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def lying_at(place: Callable[[str], str]) -> Watched:
    """The model whose rows lie there."""
    return replace(
        WATCHED,
        predictions=place("predictions"),
        labels=place("labels"),
        reference=place("reference"),
    )


def in_parquet(rows: Rows, folder: Path) -> Watched:
    """As files."""
    for name, table in vars(rows).items():
        parquet.write_table(pa.table(dict(table)), folder / f"{name}.parquet", row_group_size=150)
    return lying_at(lambda name: str(folder / f"{name}.parquet"))


def in_sqlite(rows: Rows, folder: Path) -> Watched:
    """As tables of a file, with times as texts."""
    path = folder / "rows.db"
    with sqlite3.connect(path) as connection:
        for name, table in vars(rows).items():
            named = ", ".join(f'"{column}"' for column in table)
            marks = ", ".join("?" for _ in table)
            connection.execute(f"CREATE TABLE {name} ({named})")
            content = zip(*(map(_iso, column) for column in table.values()), strict=True)
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", content)  # noqa: S608 - our names
    connection.close()
    return lying_at(lambda name: f"sqlite:///{path}#{name}")


def in_duckdb(rows: Rows, folder: Path) -> Watched:
    """As tables of a DuckDB file."""
    import duckdb

    path = folder / "rows.duckdb"
    with duckdb.connect(path) as connection:
        for name, table in vars(rows).items():
            content = pa.table(dict(table))
            connection.register("content", content)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM content")  # noqa: S608 - our names
    return lying_at(lambda name: f"duckdb:///{path}#{name}")


def in_postgres(rows: Rows, server: Postgres) -> Watched:
    """As tables of a schema."""
    url = server.make()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA ml")
        for name, table in vars(rows).items():
            columns = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_type(values)))
                for column, values in table.items()
            )
            connection.execute(sql.SQL("CREATE TABLE ml.{} ({})").format(sql.Identifier(name), columns))
            with connection.cursor().copy(
                sql.SQL("COPY ml.{} FROM STDIN").format(sql.Identifier(name))
            ) as copy:
                for row in zip(*table.values(), strict=True):
                    copy.write_row(row)
    return lying_at(lambda name: f"{url}#ml.{name}")


def _type(values: Column) -> str:
    return TYPES[type(next(value for value in values if value is not None))]


def _iso(value: Any) -> Any:
    return value.isoformat(" ") if isinstance(value, datetime) else value
