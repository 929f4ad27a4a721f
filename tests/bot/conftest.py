"""A bot of its own for each test that breaks something, and one that is shared by those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire import Scene, scene


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A workspace and a bot for tests that look only at what is theirs."""
    with scene(tmp_path_factory.mktemp("bot")) as stage:
        yield stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scene]:
    """A workspace and a bot for this test alone."""
    with scene(tmp_path) as stage:
        yield stage
