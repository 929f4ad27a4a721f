"""The stage: the world, the local workspace and the bot, each a process of its own on loopback."""

from __future__ import annotations

import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx
import yaml

from bot.demo.child import last_words, start_child, stop_child
from bot.demo.places import ALIAS, MODEL
from bot.demo.world import World
from ops_core.errors import Unavailable
from ops_core.rhythm import checkups
from ops_core.store.database import Database

READY_SECONDS = 30
LOOK_SECONDS = 0.05
PEOPLE = ("ana", "ben", "chloe")
ROOT = Path(__file__).resolve().parents[2]
CHECK_EVERY = "2s"


class Stage:
    """Started by its `with` block, below one folder; everything ends with it.

    `bot_log` is where the bot's own process writes.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.url = ""
        self.world = World(self.folder / "world")
        self.config = self.folder / "tocsin.yml"
        self.bot_log = self.folder / "bot.log"
        self._bot: subprocess.Popen[bytes] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._clear()
        with self._stack as started:  # closed again if a later part does not start
            self._start_workspace()
            started.callback(self.world.stop)
            self.world.begin()
            self._write_config()
            started.callback(self.stop_bot)
            self.start_bot()
            self._wait(self._looked, "The bot has not looked at the model", self.bot_log, self._bot)
            self.world.promote()
            self._stack = started.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the bot first, then what it looks at."""
        self._stack.close()

    def start_bot(self) -> None:
        """Start the bot's process and wait until it is connected."""
        self._bot = start_child("bot.cli", ["run", "--config", str(self.config)], self.bot_log)
        self._wait(self._connected, "The bot did not connect", self.bot_log, self._bot)

    def stop_bot(self) -> None:
        """Ask the bot to stop."""
        if self._bot is not None:
            stop_child(self._bot, 10)

    def kill_bot(self) -> None:
        """Kill it with -9, as a crash would."""
        if self._bot is not None:
            self._bot.kill()
            self._bot.wait()

    def _start_workspace(self) -> None:
        log = self.folder / "workspace.log"
        arguments = ["--port", str(self.port), "--manifest", str(ROOT / "manifest.yml")]
        child = start_child("bot.workspace", arguments, log)
        self._stack.callback(stop_child, child)
        self._wait(lambda: _address(log), "The workspace did not start", log, child)
        self.url = _address(log)

    def _write_config(self) -> None:
        self.config.write_text(yaml.safe_dump(self._settings(), sort_keys=False), encoding="utf-8")

    def _settings(self) -> dict[str, Any]:
        places = self.world.places
        return {
            "slack": {
                "bot_token": "xoxb-local",
                "app_token": "xapp-local",
                "base_url": f"{self.url}/api/",
            },
            "people": {"on_call": [f"{name}@example.test" for name in PEOPLE[:2]]},
            "registry": {"uri": places.tracking_uri},
            "schedule": {"summary": "0 8 * * *"},
            "models": {
                MODEL: {
                    "alias": ALIAS,
                    "owner": "ana@example.test",
                    "predictions": str(places.predictions),
                    "labels": str(places.labels),
                    "reference": str(places.reference),
                    "label_delay": "3s",
                    "serving_url": self.world.serving_url,
                    "window": "30m",
                    "every": CHECK_EVERY,
                }
            },
        }

    def _looked(self) -> bool:
        """Whether the bot has seen v1 serve well, so that it can tell what changed."""
        with Database(f"sqlite:///{self.folder / 'tocsin.db'}").read() as session:
            return bool(checkups.latest(session))

    def _connected(self) -> bool:
        answer = httpx.get(f"{self.url}/person/workspace", params={"as": PEOPLE[0]}, trust_env=False)
        return bool(answer.json()["connected"])

    def _wait(self, look: Any, failure: str, log: Path, child: subprocess.Popen[bytes] | None) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not look():
            if (child and child.poll() is not None) or time.monotonic() > deadline:
                raise Unavailable(f"{failure}:\n{last_words(log)}", may_retry=False)
            time.sleep(LOOK_SECONDS)

    def _clear(self) -> None:
        """Begin afresh: remove what an earlier demo left of the bot."""
        database = ("tocsin.db", "tocsin.db-wal", "tocsin.db-shm", "tocsin.db.migrate")
        for name in (*database, "bot.log", "workspace.log"):
            (self.folder / name).unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)


def _address(log: Path) -> str:
    text = log.read_text(errors="replace") if log.exists() else ""
    return next((line.strip() for line in text.splitlines() if line.startswith("http://")), "")
