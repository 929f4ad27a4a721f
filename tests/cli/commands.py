"""The real command line, as a process of its own, and the settings it reads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.workspace.running import Running

Tocsin = Callable[..., "subprocess.CompletedProcess[str]"]
OURS = ("SLACK_", "TOCSIN_")


def run_tocsin(folder: Path, *args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a folder."""
    return subprocess.run(
        command(*args),
        cwd=folder,
        env=clean(environment),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def command(*args: str | Path) -> list[str]:
    """The command line that calls `tocsin` with these arguments."""
    return [sys.executable, "-m", "bot.cli", *map(str, args)]


def clean(extra: dict[str, str]) -> dict[str, str]:
    """The environment without settings of the machine's own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | extra


def write_config(folder: Path, place: Running, **more: Any) -> Path:
    """Write tocsin.yml; `more` replaces whole sections."""
    slack = {"bot_token": "xoxb-local", "app_token": "xapp-local", "base_url": place.api_url}
    values = {"slack": slack, "people": {"on_call": ["ana@example.test"]}} | more
    file = folder / "tocsin.yml"
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    return file
