"""What the domain's tests share: a migrated database, one with a played story, and a house upon each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops_core.store.database import Database
from ops_core.store.migrate import migrate
from ops_core.store.tables import metadata
from tests import databases
from tests.databases import Postgres
from tests.ops_core.world import WALK, House, walk


class Shelf:
    """One database file whose content each test replaces; its engine keeps the statements it compiled."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tocsin.db"
        self.database = Database(f"sqlite:///{self.path}")

    def put(self, content: Path) -> Database:
        """The database with this content."""
        self.database.close()
        for rest in ("-wal", "-shm"):
            Path(f"{self.path}{rest}").unlink(missing_ok=True)
        shutil.copy(content, self.path)
        return self.database


@pytest.fixture(scope="session")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> list[Shelf]:
    """Two, for tests that look at two houses."""
    return [Shelf(tmp_path_factory.mktemp("shelf")) for _ in range(2)]


@pytest.fixture(scope="session")
def migrated() -> Path:
    """A migrated SQLite file, to be copied."""
    return databases.migrated()


@pytest.fixture(scope="session")
def story(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which one incident went the whole way, to be copied."""
    path = Path(shutil.copy(migrated, tmp_path_factory.mktemp("story") / "tocsin.db"))
    database = Database(f"sqlite:///{path}")
    walk(House(database))
    database.close()
    return path


@pytest.fixture(scope="session")
def migrated_there(server: Postgres) -> str:
    """A migrated PostgreSQL database, to be copied."""
    database = Database(server.make())
    migrate(database)
    database.close()
    return database.url


@pytest.fixture(scope="session")
def swept(server: Postgres, migrated_there: str) -> Iterator[Database]:
    """One whose rows each test removes first, which is quicker than a copy."""
    database = Database(server.make(like=migrated_there))
    yield database
    database.close()


@pytest.fixture(scope="session")
def story_there(server: Postgres, migrated_there: str) -> str:
    """One in which one incident went the whole way, to be copied."""
    database = Database(server.make(like=migrated_there))
    walk(House(database))
    database.close()
    return database.url


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Every promise of the domain holds on both."""
    return str(request.param)


@contextmanager
def copied(server: Postgres, url: str) -> Iterator[Database]:
    """A database of a test's own."""
    database = Database(server.make(like=url))
    yield database
    database.close()
    server.drop(database.url)


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with today's schema."""
    if kind == "postgresql":
        yield sweep(request.getfixturevalue("swept"))
        return
    shelves, migrated = map(request.getfixturevalue, ("shelves", "migrated"))
    database = shelves[0].put(migrated)
    yield database
    database.close()


@pytest.fixture
def untouched(server: Postgres, migrated_there: str) -> Iterator[House]:
    """Every use case on tables that never held a row: PostgreSQL remembers how large they were."""
    with copied(server, migrated_there) as database:
        yield House(database)


def sweep(database: Database) -> Database:
    """Remove every row, and count from 1 again."""
    # Not by TRUNCATE, which makes a hundred new files and takes 50 ms; of few rows this takes 7.
    emptied = [str(table.delete()) for table in reversed(metadata().sorted_tables)]
    counted = "SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences"
    with database.write() as session:
        session.connection().exec_driver_sql("; ".join([*emptied, counted]))
    return database


@pytest.fixture
def house(database: Database) -> House:
    """Every use case on an empty database."""
    return House(database)


@pytest.fixture
def walked(kind: str, request: pytest.FixtureRequest) -> Iterator[House]:
    """Every use case after the whole walk of INC-1; changes stay in this test."""
    if kind == "postgresql":
        with copied(*map(request.getfixturevalue, ("server", "story_there"))) as database:
            yield after_the_walk(database)
        return
    shelves, story = map(request.getfixturevalue, ("shelves", "story"))
    database = shelves[1].put(story)
    yield after_the_walk(database)
    database.close()


def after_the_walk(database: Database) -> House:
    """The house, later, with version 1 in production again."""
    house = House(database)
    house.clock.advance(WALK)
    house.registry.names["champion"] = "1"
    return house
