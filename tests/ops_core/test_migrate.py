"""Bringing a database to today's schema."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

import ops_core
from ops_core.errors import Conflict, Unavailable
from ops_core.store import migrate as migrating
from ops_core.store import tables
from ops_core.store.database import Database
from ops_core.store.migrate import HEAD, MIGRATIONS, migrate
from tests.databases import Postgres


@pytest.fixture
def empty(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without a table."""
    if kind == "postgresql":
        server: Postgres = request.getfixturevalue("server")
        database = Database(server.make())
    else:
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    yield database
    database.close()


def names(database: Database) -> set[str]:
    """Its tables."""
    return set(inspect(database.engine).get_table_names())


def test_a_new_database_gets_every_table(empty: Database) -> None:
    """And twice is once."""
    migrate(empty)
    migrate(empty)
    assert names(empty) == {*tables.metadata().tables, "alembic_version"}


def test_the_models_are_what_the_migrations_make(database: Database) -> None:
    """Alembic would add nothing."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata()) == []


def test_the_newest_step_is_the_one_that_the_program_names() -> None:
    """So that a start without work need not load Alembic."""
    steps = sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert steps[-1] == HEAD


def test_a_newer_schema_is_refused(database: Database) -> None:
    """An older program would not know what it does to it."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match=f"schema 9999, which is newer than this program's {HEAD}"):
        migrate(database)


def test_a_migration_that_fails_leaves_nothing_behind(empty: Database) -> None:
    """The next start begins where this one did."""
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE timeline_entry (x INTEGER)"))
    with pytest.raises(Unavailable):
        migrate(empty)
    assert names(empty) == {"timeline_entry"}


def test_a_place_that_does_not_exist_is_said(tmp_path: Path) -> None:
    """As a sentence, with what to look at."""
    with pytest.raises(Unavailable, match="did not answer"):
        migrate(Database(f"sqlite:///{tmp_path}/nowhere/tocsin.db"))


def test_two_processes_that_start_at_once_migrate_once(empty: Database) -> None:
    """The second waits and finds it done."""
    code = (
        "from ops_core.store.database import Database as D; from ops_core.store.migrate import migrate;"
        f"migrate(D({empty.url!r}))"
    )
    started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(2)]
    ends = [(process.communicate(timeout=60)[1].decode(), process.returncode) for process in started]
    assert [code for _, code in ends] == [0, 0], ends


def test_every_table_is_known_to_the_migrations() -> None:
    """A table in a module that is not listed would never be made."""
    import_all: Callable[[], list[object]] = lambda: [  # noqa: E731  # said once
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(ops_core.__path__, "ops_core.")
        if ".migrations" not in found.name
    ]
    import_all()
    listed = {module.__name__ for module in tables.MODULES}
    mapped = {mapper.class_.__module__ for mapper in SQLModel._sa_registry.mappers}  # no public way
    assert {name for name in mapped if name.startswith("ops_core.")} == listed
    assert migrating.HEAD
