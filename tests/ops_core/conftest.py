"""What the domain's tests share: a migrated database, one with a played story, and a house upon each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops_core.store.database import Database
from ops_core.store.migrate import migrate
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
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "tocsin.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def story(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which one incident went the whole way, to be copied."""
    path = Path(shutil.copy(migrated, tmp_path_factory.mktemp("story") / "tocsin.db"))
    database = Database(f"sqlite:///{path}")
    walk(House(database))
    database.close()
    return path


@pytest.fixture
def database(shelves: list[Shelf], migrated: Path) -> Iterator[Database]:
    """An empty database with today's schema."""
    database = shelves[0].put(migrated)
    yield database
    database.close()


@pytest.fixture
def house(database: Database) -> House:
    """Every use case on an empty database."""
    return House(database)


@pytest.fixture
def walked(shelves: list[Shelf], story: Path) -> Iterator[House]:
    """Every use case after the whole walk of INC-1; changes stay in this test."""
    database = shelves[1].put(story)
    house = House(database)
    house.clock.advance(WALK)
    house.registry.names["champion"] = "1"
    yield house
    database.close()
