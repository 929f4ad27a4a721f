"""A monitor that sends alerts: cheap enough not to measure itself, and stubborn as Alertmanager is."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

AGAIN_SECONDS = 0.1
Json = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """A request: when it is to be sent (seconds after the beginning), and its body."""

    at: float
    body: bytes


@dataclass
class Sent:
    """What became of the requests, in their order: seconds since the epoch, milliseconds, tries."""

    first_at: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    tries: list[int] = field(default_factory=list)


def webhook(alerts: Iterable[Json]) -> bytes:
    """Alertmanager's webhook, version 4."""
    told = list(alerts)
    group = {"version": "4", "groupKey": "{}", "receiver": "tocsin", "status": "firing", "alerts": told}
    return json.dumps(group).encode()


def alert(name: str, instance: str = "1", severity: str = "P2", *, over: bool = False) -> Json:
    """One alert of the webhook, which began when this process did."""
    labels = {"alertname": name, "instance": instance, "severity": severity}
    status, ends_at = ("resolved", _now()) if over else ("firing", "0001-01-01T00:00:00Z")
    told = {"status": status, "labels": labels, "annotations": {"summary": f"{name} is unwell"}}
    return told | {"startsAt": _STARTED, "endsAt": ends_at, "generatorURL": "http://prometheus.test/graph"}


def send(url: str, posts: Sequence[Post], connections: int = 8, patience: float = 300.0) -> Sent:
    """Send each at its time; whatever is not answered with 2xx is sent again, as Alertmanager does."""
    with ThreadPoolExecutor(1) as apart:  # a thread without an event loop; a browser test leaves one in this
        return apart.submit(asyncio.run, _send(url, posts, connections, patience)).result()


async def _send(url: str, posts: Sequence[Post], connections: int, patience: float) -> Sent:
    sent = Sent([0.0] * len(posts), [0.0] * len(posts), [0] * len(posts))
    begun = time.monotonic()
    queue = iter(range(len(posts)))

    async def work() -> None:
        line = _Line(url)
        for number in queue:
            await asyncio.sleep(max(0.0, posts[number].at - (time.monotonic() - begun)))
            sent.first_at[number] = time.time()
            while not await line.post(posts[number].body):
                sent.tries[number] += 1
                if time.monotonic() - begun > patience:
                    raise TimeoutError(f"{url} did not take a request in {patience} s")
                await asyncio.sleep(AGAIN_SECONDS)
            sent.tries[number] += 1
            sent.took[number] = (time.time() - sent.first_at[number]) * 1000
        line.close()

    await asyncio.gather(*(work() for _ in range(connections)))
    return sent


class _Line:
    """One connection that is kept open, and opened again when it broke."""

    def __init__(self, url: str) -> None:
        self.place = urlsplit(url)
        self.open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes) -> bool:
        """Whether it was answered with 2xx."""
        try:
            if self.open is None:
                self.open = await asyncio.open_connection(self.place.hostname, self.place.port)
            return await self._asked(body)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return False

    async def _asked(self, body: bytes) -> bool:
        assert self.open is not None
        reader, writer = self.open
        head = f"POST {self.place.path} HTTP/1.1\r\nHost: {self.place.netloc}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or b"0"))
        return answer.split(b" ", 2)[1].startswith(b"2")

    def close(self) -> None:
        """Hang up."""
        if self.open is not None:
            self.open[1].close()
            self.open = None


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


_STARTED = _now()
