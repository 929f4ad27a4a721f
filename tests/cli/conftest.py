"""The real command line against a local workspace, in a folder of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import manifest
from bot.workspace.core import Workspace
from bot.workspace.running import Running, running
from tests.cli.commands import Tocsin, run_tocsin, write_config


@pytest.fixture
def place() -> Iterator[Running]:
    """A workspace in which the app of our manifest is installed."""
    with running(Workspace(manifest.values())) as place:
        yield place


@pytest.fixture
def config(place: Running, tmp_path: Path) -> Path:
    """Settings that reach it."""
    return write_config(tmp_path, place)


@pytest.fixture
def tocsin(tmp_path: Path) -> Tocsin:
    """Runs a command to its end, in the test's own folder."""

    def run(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_tocsin(tmp_path, *args, **environment)

    return run
