"""Rows in tables: read only, whatever their names, in bounded time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bot.adapters.engines import source_of
from bot.adapters.tables.address import Address, anchored, is_table
from bot.adapters.tables.source import TableSource
from bot.adapters.tables.sql import SqlWarehouse
from bot.adapters.tables.warehouse import Unanswered
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.profiled import Profiles, read_profiles
from ops_core.checks.run import run_checks
from ops_core.checks.watch import CheckPlan, CheckSpec, Watched
from ops_core.errors import Invalid
from tests.contracts import engines
from tests.contracts.rows import NOW, WINDOW, rows
from tests.databases import Postgres

ROWS = rows(1, nan=False)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """A model whose rows lie in SQLite."""
    return engines.in_sqlite(ROWS, tmp_path)


@pytest.fixture
def url(server: Postgres) -> Iterator[str]:
    """An empty PostgreSQL database."""
    url = server.make()
    yield url
    server.drop(url)


def read(watched: Watched) -> Profiles:
    """What the checks are given."""
    return read_profiles(CheckPlan(watched, WINDOW, NOW), source_of(watched))


def findings(watched: Watched, *checks: str) -> dict[str, Finding]:
    """By check."""
    plan = CheckPlan(watched, WINDOW, NOW, tuple(map(CheckSpec, checks)))
    return {each.check: each for each in run_checks(plan, source_of(watched))}


@pytest.mark.parametrize(
    ("text", "scheme", "table", "query"),
    [
        ("sqlite:///a.db#rows", "sqlite", (None, "rows"), None),
        ("postgres://a@b/c#ml.rows", "postgresql", ("ml", "rows"), None),
        ("postgresql+psycopg://b/c#(SELECT 1 AS x)", "postgresql", None, "SELECT 1 AS x"),
    ],
)
def test_an_address_names_a_table_or_a_query(
    text: str, scheme: str, table: tuple[str | None, str] | None, query: str | None
) -> None:
    """Of any spelling."""
    address = Address.parse(text)
    assert is_table(text) and address.scheme == scheme and address.query == query
    assert table is None or address.table == table


def test_an_address_is_shown_without_its_password() -> None:
    """Even one with a @ in it, and when it is wrong."""
    assert Address.parse("postgresql://ann:s3@cret@b/c#t").shown == "postgresql://ann:***@b/c#t"
    with pytest.raises(Invalid, match="names no table") as refusal:
        Address.parse("postgresql://ann:s3cret@b/c")
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("sqlite:///a.db#t", "sqlite:////srv/a.db#t"),
        ("sqlite:////data/a.db#t", "sqlite:////data/a.db#t"),
        ("postgresql://b/c#t", "postgresql://b/c#t"),
    ],
)
def test_a_relative_file_is_beside_the_settings(place: str, found: str) -> None:
    """As all paths are."""
    assert anchored(place, Path("/srv")) == found


def test_the_reference_may_lie_elsewhere(watched: Watched, tmp_path: Path) -> None:
    """In a file, while predictions are counted in the database; and the other way round."""
    files = engines.in_parquet(ROWS, tmp_path)
    here, there = read(replace(watched, reference=files.reference)), read(watched)
    assert here.window.n == there.window.n and here.reference.n == there.reference.n
    assert read(replace(files, reference=watched.reference)).window.n == there.window.n


def test_a_query_is_a_place_too(watched: Watched) -> None:
    """What it leaves out is not counted."""
    whole = read(watched)
    query = watched.predictions.replace("#predictions", "#(SELECT * FROM predictions WHERE pump = 'A')")
    part = read(replace(watched, predictions=query))
    assert 0 < part.window.n < whole.window.n


def test_no_row_is_ever_changed(watched: Watched) -> None:
    """The database is opened for reading only, whatever the query says."""
    drop = watched.predictions.replace("#predictions", "#(DROP TABLE predictions)")
    assert read(replace(watched, predictions=drop)).window.n == 0
    assert read(watched).window.n > 0


def test_names_are_only_names(tmp_path: Path) -> None:
    """However they are spelled."""
    evil, path = 'x"; DROP TABLE "t"; --', tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        quoted = evil.replace('"', '""')
        connection.execute(f'CREATE TABLE "{quoted}" (at, prediction, "{quoted}", "a%s:b")')
        connection.execute(f'INSERT INTO "{quoted}" VALUES (?, 1, 2.5, 3)', (NOW.isoformat(),))  # noqa: S608 - a constant
        connection.commit()
    place = f"sqlite:///{path}#{evil}"
    found = read(Watched("m", place, place)).window
    assert found.n == 1 and set(found.tallies) == {evil, "a%s:b"}
    assert [tally.n for tally in found.tallies.values()] == [1, 1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_query_without_end_is_stopped(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """In time, and as a sentence."""
    (tmp_path / "a.db").touch()
    url = f"sqlite:///{tmp_path}/a.db" if kind == "sqlite" else request.getfixturevalue("url")
    endless = sa.text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n"
    )
    warehouse = SqlWarehouse(Address.parse(f"{url}#t"), timedelta(seconds=0.2))
    with closing(warehouse), pytest.raises(Unanswered, match=r"did not answer within 0\.2 s"):
        warehouse.rows(sa.select(endless.columns(sa.column("c")).subquery()))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("sqlite:////nowhere/a.db#t", "unable to open"),
        ("postgresql://ann:s3cret@127.0.0.1:1/b#t", "connection"),
    ],
)
def test_a_database_that_does_not_answer_is_a_finding(place: str, said: str) -> None:
    """No crash, and no password; all checks say that there is no data, and this one why."""
    found = findings(Watched("m", place, place), "quality.source", "performance.f1")
    assert {each.verdict for each in found.values()} == {Verdict.NO_DATA}
    assert said in found["quality.source"].explanation and "s3cret" not in str(found)


def test_a_table_without_times_cannot_be_judged(watched: Watched) -> None:
    """It is said which column is missing."""
    found = findings(replace(watched, at_column="served_at"), "quality.source")
    assert "has no column served_at" in found["quality.source"].explanation


def test_a_text_among_numbers_is_of_the_wrong_type(watched: Watched) -> None:
    """SQLite would keep anything in any column."""
    with closing(sqlite3.connect(watched.predictions.partition("///")[2].partition("#")[0])) as connection:
        connection.execute("UPDATE predictions SET radius = 'wide' WHERE rowid = 9")
        connection.commit()
    tallies = [each.tallies["radius"] for each in read(watched).versions]
    assert sum(each.mistyped for each in tallies) == 1


def test_types_of_postgresql_are_told(url: str) -> None:
    """Those that can be counted, and those that cannot."""
    types = {"a": "int2", "b": "numeric(9,3)", "c": "bool", "d": "date", "e": "uuid", "f": "varchar(9)"}
    types |= {"g": "jsonb", "h": "float4", "i": "mood", "j": "text[]", "k": "timestamp", "l": "time"}
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TYPE mood AS ENUM ('fine')")
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        connection.execute(f"CREATE TABLE t ({columns})")
    address = Address.parse(f"{url}#t")
    with closing(SqlWarehouse(address)) as warehouse:
        kinds = {name: kind.name for name, kind in warehouse.columns(address).items()}
    expected = [
        "WHOLE",
        "NUMBER",
        "TRUTH",
        "TIME",
        "TEXT",
        "TEXT",
        "OTHER",
        "NUMBER",
        "TEXT",
        "OTHER",
        "TIME",
        "OTHER",
    ]
    assert list(kinds.values()) == expected


def test_counts_are_those_of_the_rows_read(watched: Watched) -> None:
    """Counting in the database and reading its rows are two roads to the same numbers."""

    class OnlyRows:
        def __init__(self, source: TableSource) -> None:
            self.reference, self.served = source.reference, source.served

    source = source_of(watched)
    plan = CheckPlan(watched, WINDOW, NOW)
    read_here = read_profiles(plan, OnlyRows(source))  # type: ignore[arg-type]  # no more than a source
    counted = read_profiles(plan, source)
    assert {each.version: each.n for each in read_here.versions} == {
        each.version: each.n for each in counted.versions
    }
    assert (read_here.window.outcomes == counted.window.outcomes).all()


def test_an_engine_reads_csv_and_its_own_tables(tmp_path: Path) -> None:
    """Files and tables, each by its place."""
    (tmp_path / "p.csv").write_text(
        "at,prediction,size\n2026-11-20T11:00:00Z,1,2.5\n2026-11-20T11:30:00Z,0,\n"
    )
    place = str(tmp_path / "p.csv")
    table = f"#(SELECT * FROM read_csv('{place}'))"  # noqa: S608 - our own path
    for each in (place, table):
        found = read(Watched("m", each, each, engine="duckdb")).window
        assert (found.n, found.tallies["size"].n, found.tallies["size"].missing) == (2, 1, 1)


@pytest.mark.parametrize(
    ("engine", "place", "said"),
    [
        ("duckdb", "nowhere/*.parquet", "there are no files"),
        ("duckdb", "#nothing", "nothing"),
        (None, "duckdb:////nowhere/a.duckdb#t", "cannot be opened"),
    ],
)
def test_an_engine_that_does_not_find_the_rows_says_so(engine: str | None, place: str, said: str) -> None:
    """As a finding."""
    found = findings(Watched("m", place, place, engine=engine), "quality.source")
    assert said in found["quality.source"].explanation


def test_an_engine_that_is_not_installed_says_what_to_install() -> None:
    """Here it is Spark."""
    found = findings(Watched("m", "a.parquet", "b.parquet", engine="spark"), "quality.source")
    assert "not installed" in found["quality.source"].explanation


def test_rows_of_the_future_alone_are_a_matter_of_clocks(tmp_path: Path) -> None:
    """The clock of what writes the table runs days ahead."""
    early = CheckPlan(engines.in_sqlite(ROWS, tmp_path), timedelta(hours=1), NOW - timedelta(days=9))
    found = run_checks(early, source_of(early.watched))
    assert "rows are dated in the future, up to 9 days ahead" in found[0].explanation


# Said to be immutable, so that it is called only where the column is asked for.
