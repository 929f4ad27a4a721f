"""The test stand for alerts: a workspace that keeps Slack's limits, and a bot that hears an Alertmanager."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.demo.child import start_child, stop_child
from tests.benchmarks.stand import control, until, workspace

Json = dict[str, Any]


@dataclass
class AlertStand:
    """Both as processes of their own; the bot can be killed and started again."""

    folder: Path
    slack: str
    port: int
    more: Json
    bot: subprocess.Popen[bytes] | None = None

    @property
    def webhook(self) -> str:
        """Where an Alertmanager sends what it has to say."""
        return f"http://127.0.0.1:{self.port}/sources/alertmanager"

    @property
    def database(self) -> Path:
        """The bot's rows."""
        return self.folder / "tocsin.db"

    @property
    def log(self) -> Path:
        """What the bot says of itself."""
        return self.folder / "bot.log"

    def start(self) -> None:
        """Start the bot; it is there when it answers by HTTP."""
        self.bot = start_child("bot.cli", ["run", "--config", str(self._config())], self.log)
        until(self.answers, "the bot's HTTP door", self.log)

    def kill(self) -> None:
        """Kill the bot with -9."""
        if self.bot is not None:
            self.bot.kill()
            self.bot.wait()

    def stop(self) -> None:
        """Ask the bot to stop."""
        if self.bot is not None:
            stop_child(self.bot, 20)

    def answers(self) -> bool:
        """Whether the bot is there."""
        try:
            health = httpx.get(f"http://127.0.0.1:{self.port}/health", trust_env=False, timeout=5)
        except httpx.TransportError:
            return False
        return health.is_success

    def metric(self, name: str) -> float:
        """The sum of one of the bot's metrics."""
        told = httpx.get(f"http://127.0.0.1:{self.port}/metrics", trust_env=False).raise_for_status().text
        lines = [line for line in told.splitlines() if line.startswith(name) and line[len(name)] in " {"]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def said(self, calls: list[Json]) -> list[Json]:
        """The posts and edits among calls of Slack, oldest first."""
        return [call for call in calls if call["method"] in ("chat.postMessage", "chat.update")]

    def calls(self) -> list[Json]:
        """Every call of Slack so far."""
        found: list[Json] = control(self.slack, "calls")
        return found

    def messages(self, channel: str = "ml-alerts") -> list[Json]:
        """What stands in a channel now."""
        channels = control(self.slack, "transcript")["channels"]
        return next(one["messages"] for one in channels if one["name"] == channel)

    def quiet(self) -> bool:
        """Whether nothing is left to be said."""
        if not self.answers() or self.metric("tocsin_groups_untold"):
            return False
        return self.metric("tocsin_outbox_waiting") == 0

    def _config(self) -> Path:
        settings = {
            "slack": {
                "bot_token": "xoxb-local",
                "app_token": "xapp-local",
                "base_url": f"{self.slack}/api/",
            },
            "people": {"on_call": ["ana@example.test"]},
            "http": {"port": self.port},
            "sources": {"alertmanager": {"kind": "alertmanager", "open": True}},
        }
        path = self.folder / "tocsin.yml"
        path.write_text(yaml.safe_dump(settings | self.more), encoding="utf-8")
        return path


@contextmanager
def alert_stand(folder: Path, *, limits: bool = True, **more: Any) -> Iterator[AlertStand]:
    """A stand whose bot runs; `limits` lets the workspace answer 429 as Slack does, `more` are settings."""
    with workspace(folder) as url:
        if limits:
            httpx.post(f"{url}/control/limits", json={}, trust_env=False).raise_for_status()
        stand = AlertStand(folder, url, free_port(), more)
        try:
            stand.start()
            yield stand
        finally:
            stand.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
