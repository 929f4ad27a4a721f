"""Somebody who kills the bot again and again, and a look at what is left when it is over."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import Any

import psutil

from bot.demo.stage import Stage
from tests import local

Json = dict[str, Any]

SHORTEST, LONGEST = 0.1, 3.5
"""Seconds that the bot may live once it is connected."""
CHANNEL = "inc-1-f1-of-breast-cancer-collapsed"
STORY = (
    ("ml-alerts", "<@U0LOCALBOT> has joined"),
    ("ml-alerts", "A-1 resolved"),
    ("ml-alerts", "A-1: acknowledged"),
    ("ml-alerts", "A-1: resolved"),
    ("ml-alerts", "Handled as INC-1"),
    ("ml-alerts", "Daily summary"),
    ("", "INC-1 · P1 · F1 of breast-cancer collapsed"),
    ("", "INC-1 · P1 · F1 of breast-cancer collapsed"),
    ("ml-incidents", "<@U0LOCALBOT> has joined"),
    ("ml-incidents", "P1 incident INC-1"),
    (CHANNEL, "<@U0LOCALBOT> has joined"),
    (CHANNEL, "<@U0ANA0000> has joined"),
    (CHANNEL, "<@U0BEN0000> has joined"),
    (CHANNEL, "set the channel topic"),
    (CHANNEL, "INC-1 F1 of breast-cancer collapsed · P1 · closed"),
    (CHANNEL, "Took command"),
    (CHANNEL, "INC-1 playbook"),
    (CHANNEL, "Compare live metrics"),
    (CHANNEL, "Look for data drift"),
    (CHANNEL, "List deployments"),
    (CHANNEL, "Ask the model server"),
    (CHANNEL, "Rollback of breast-cancer from v2 to v1: Done and verified."),
    (CHANNEL, "breast-cancer is back on v1"),
    (CHANNEL, "INC-1 resolved"),
    (CHANNEL, "postmortem-inc-1.md, postmortem-inc-1.html"),
    (CHANNEL, "Post-mortem draft of INC-1"),
    (CHANNEL, "INC-1 closed"),
)
"""Every message that stands in the channels after the story, and in the direct messages to who is on call."""


class Killer:
    """Kills the bot with -9 at random moments, `times` in all, and starts it again each time."""

    def __init__(self, stage: Stage, times: int, seed: int) -> None:
        self.stage = stage
        self.times = times
        self.killed = 0
        self.orphans: list[int] = []
        self.trouble: Exception | None = None
        self._random = random.Random(seed)  # noqa: S311 - moments, not secrets
        self._told = Event()
        self._thread = Thread(target=self._run, name="killer")

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Leave the bot alone; it runs."""
        self._told.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while self.killed < self.times and not self._told.wait(self._random.uniform(SHORTEST, LONGEST)):
                self._kill()
        except Exception as error:  # noqa: BLE001 - the test tells it
            self.trouble = error

    def _kill(self) -> None:
        children = [child for bot in _bots() for child in bot.children(recursive=True)]
        self.stage.kill_bot()
        self.killed += 1
        self.orphans += [child.pid for child in psutil.wait_procs(children, timeout=5)[1]]
        self.stage.start_bot()


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether a condition holds in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        Event().wait(0.1)
    return True


def story_of(url: str) -> Counter[tuple[str, str]]:
    """Every message of the workspace, named as in `STORY` where it is of the story."""
    channels = local.get(f"{url}/control/transcript").json()["channels"]
    return Counter(
        (channel["name"], _named(channel["name"], message))
        for channel in channels
        for parent in channel["messages"]
        for message in (parent, *parent["replies"])
    )


def channels_of(url: str) -> list[Json]:
    """The channels of incidents."""
    channels = local.get(f"{url}/control/transcript").json()["channels"]
    return [channel for channel in channels if channel["name"].startswith("inc-")]


def twice(things: Iterable[str]) -> list[str]:
    """What is there more than once."""
    return [thing for thing, count in Counter(things).items() if count > 1]


def _named(channel: str, message: Json) -> str:
    text = message["text"] or ", ".join(file["name"] for file in message.get("files") or ())
    return next((words for room, words in STORY if room == channel and words in text), text)


def _bots() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "bot.cli" in child.cmdline()]
