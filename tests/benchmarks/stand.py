"""The test stand: the local workspace and the bot, each a process of its own, with their logs in a folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import yaml

from bot.demo.child import last_words, start_child, stop_child

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.02
T = TypeVar("T")


@contextmanager
def workspace(folder: Path) -> Iterator[str]:
    """A new workspace; its address."""
    log = folder / "workspace.log"
    child = start_child("bot.workspace", ["--manifest", str(ROOT / "manifest.yml")], log)
    try:
        yield until(lambda: _answering(log), "the workspace", log)
    finally:
        stop_child(child)


@contextmanager
def bot(config: Path, url: str) -> Iterator[tuple[psutil.Process, float]]:
    """A connected bot: its process, and the seconds from its start to its connection."""
    with program("bot.cli", ["run", "--config", str(config)], config.parent / "bot.log", url) as found:
        yield found


@contextmanager
def program(module: str, arguments: list[str], log: Path, url: str) -> Iterator[tuple[psutil.Process, float]]:
    """Any Slack app, started and connected to the workspace at `url`."""
    started_at = time.time()
    child = start_child(module, arguments, log)
    try:
        socket = until(lambda: control(url, "sockets"), f"the connection of {module}", log)[0]
        yield psutil.Process(child.pid), socket["opened_at"] - started_at
    finally:
        stop_child(child, 20)


def configured(folder: Path, url: str, **model: Any) -> Path:
    """The settings of a bot with one model under watch, which is first checked in an hour."""
    watched = {"predictions": str(folder / "predictions"), "reference": str(folder / "reference.parquet")}
    settings = {
        "slack": {"bot_token": "xoxb-local", "app_token": "xapp-local", "base_url": f"{url}/api/"},
        "people": {"on_call": ["ana@example.test", "ben@example.test"]},
        "registry": {"uri": f"sqlite:///{folder / 'registry.db'}"},
        "models": {"churn": {**watched, "every": "1h", **model}},
    }
    path = folder / "tocsin.yml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


def control(url: str, what: str) -> Any:
    """What the workspace tells tests."""
    return httpx.get(f"{url}/control/{what}", trust_env=False).json()


def forget_calls(url: str) -> None:
    """Empty the record of Web API calls."""
    httpx.delete(f"{url}/control/calls", trust_env=False)


def calls_until_quiet(url: str, seconds: float = 0.3) -> list[dict[str, Any]]:
    """The recorded Web API calls, once none has been added for a while; looks seldom, to disturb little."""
    seen: list[dict[str, Any]] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        time.sleep(seconds)
        found = control(url, "calls")
        if found and len(found) == len(seen):
            return seen
        seen = found
    raise TimeoutError(f"{url}: the calls did not end")


def until(look: Callable[[], T], what: str, log: Path) -> T:
    """The first answer that is not empty."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited in vain for {what}:\n{last_words(log)}")
        time.sleep(LOOK_SECONDS)
    return found


def _answering(log: Path) -> str:
    """The address that the workspace printed, which is a moment before it listens there."""
    printed = [line for line in log.read_text().splitlines() if line.startswith("http://")]
    url = printed[-1] if printed else ""  # a log may go on from an earlier one
    try:
        return url if url and control(url, "health")["ok"] else ""
    except httpx.ConnectError:
        return ""
