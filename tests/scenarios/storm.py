"""A storm of alerts from a monitor, on which the bot may be killed again and again; and what is then true."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from tests.benchmarks.alert_stand import AlertStand
from tests.benchmarks.monitor import Post, Sent, alert, send, webhook
from tests.scenarios.chaos import wait_until

Json = dict[str, Any]
TOGETHER = 20
"""Alerts in one request."""


@dataclass(frozen=True)
class Storm:
    """`alerts` of `groups` groups within `seconds`, one of them P0; those with an even number end."""

    alerts: int
    groups: int
    seconds: float

    def name(self, group: int) -> str:
        """The group's name, which is no part of another's."""
        return f"Group{group:03d}" if group != self.page else "ThePage"

    @property
    def page(self) -> int:
        """The group that somebody has to get up for; it comes in the middle."""
        return self.groups // 2 + 1

    @property
    def names(self) -> list[str]:
        """All groups."""
        return [self.name(group) for group in range(self.groups)]

    def firing(self) -> list[Post]:
        """The requests, each about one group, the groups in turn."""
        requests = self.alerts // TOGETHER
        return [
            Post(self.seconds * number / requests, self._request(number, over=False))
            for number in range(requests)
        ]

    def over(self) -> list[Post]:
        """Every alert of the groups that end, as over."""
        requests = [number for number in range(self.alerts // TOGETHER) if not number % self.groups % 2]
        return [Post(0.0, self._request(number, over=True)) for number in requests]

    def _request(self, number: int, *, over: bool) -> bytes:
        group = number % self.groups
        severity = "P0" if group == self.page else "P2"
        first = number // self.groups * TOGETHER
        instances = range(first, first + TOGETHER)
        return webhook(alert(self.name(group), f"i{one}", severity, over=over) for one in instances)


@dataclass
class Aftermath:
    """What was found when everything had been said."""

    sent: Sent
    calls: list[Json] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    kept: int = 0
    """Alerts on the disk."""

    @property
    def said(self) -> list[Json]:
        """Posts and edits that Slack took."""
        return [call for call in self.calls if call["method"] in ("chat.postMessage", "chat.update")]

    def first_sight(self, name: str) -> float:
        """When Slack first heard of a group, in seconds since the epoch; infinite if never."""
        seen = (call["at"] for call in self.said if call["ok"] and name in str(call["args"]))
        return min(seen, default=float("inf"))

    def wrong(self, storm: Storm) -> list[str]:
        """Groups that are missing, told twice, or whose last word is not the truth."""
        return [said for group in range(storm.groups) if (said := self._wrong(storm, group))]

    def _wrong(self, storm: Storm, group: int) -> str:
        name = storm.name(group)
        about = [each for each in self.messages if name in f"{each['text']} {each.get('blocks')}"]
        if len(about) != 1:
            return f"{name} stands in {len(about)} messages"
        is_over = group % 2 == 0 and group != storm.page
        told = _told_over(about[0], name)
        return "" if told == is_over else f"{name} is said to be {'over' if told else 'firing'}"


def _told_over(message: Json, name: str) -> bool:
    """Whether a card, or the group's line of a digest, says that it is over."""
    lines = [line for block in message.get("blocks") or [] for line in _lines(block) if name in line]
    return any("resolved" in line for line in [message["text"] if name in message["text"] else "", *lines])


def _lines(block: Json) -> list[str]:
    return str((block.get("text") or {}).get("text", "")).split("\n")


def blow(
    stand: AlertStand, storm: Storm, meanwhile: Callable[[], bool] = lambda: True, seconds: float = 300
) -> Aftermath:
    """Let it blow, end half of it, wait until `meanwhile` holds and all is said, and look."""
    sent = send(stand.webhook, storm.firing(), patience=seconds)
    send(stand.webhook, storm.over(), patience=seconds)
    if not wait_until(meanwhile, seconds):
        raise TimeoutError("what was to happen meanwhile did not")
    if not wait_until(stand.quiet, 180):
        raise TimeoutError(f"{stand.metric('tocsin_outbox_waiting')} messages still wait")
    return Aftermath(sent, stand.calls(), stand.messages(), kept(stand))


def kept(stand: AlertStand) -> int:
    """How many alerts are on the disk."""
    with closing(sqlite3.connect(f"file:{stand.database}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM alert").fetchone()[0])


@contextmanager
def killing(stand: AlertStand, times: int, seed: int, longest: float = 0.8) -> Iterator[list[float]]:
    """Kill the bot with -9 at random moments and start it again, so many times; how long each bot lived."""
    lives: list[float] = []
    told = Event()
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets

    def run() -> None:
        while len(lives) < times and not told.is_set():
            life = chance.uniform(0.02, longest)
            told.wait(life)
            stand.kill()
            lives.append(life)
            stand.start()

    killer = Thread(target=run, name="killer")
    killer.start()
    try:
        yield lives
        killer.join()
    finally:
        told.set()
        killer.join()
