"""A world that is prepared once, and one that runs once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.demo.models import Split, split
from bot.demo.places import Pace, Places
from bot.demo.world import World


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A whole world that runs; tests may move the alias, when they put it back to 2."""
    world = World(tmp_path_factory.mktemp("world"), Pace(rate=200, burst=200, delay=timedelta(seconds=0.5)))
    with world:
        yield world


@pytest.fixture(scope="session")
def places(running: World) -> Places:
    """Its files."""
    return running.places


@pytest.fixture(scope="session")
def parts() -> Split:
    """The data set in three parts."""
    return split()


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Returns when a condition holds; fails when it does not in 20 s."""

    def wait(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.05)

    return wait
