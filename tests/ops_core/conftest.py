"""What the domain's tests share: a migrated database of their own, and a house upon it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops_core.store.database import Database
from ops_core.store.migrate import migrate
from tests.ops_core.world import House


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "tocsin.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database with today's schema."""
    path = shutil.copy(migrated, tmp_path / "tocsin.db")
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def house(database: Database) -> House:
    """Every use case on an empty database."""
    return House(database)
