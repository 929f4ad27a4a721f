"""The numbered stream of what changed, from which pages and tests learn what a person now sees."""

import asyncio
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from bot.workspace.state import Json

KEPT_EVENTS = 20_000


@dataclass(frozen=True)
class Entry:
    """One change, and who may see it (`None`: everybody)."""

    seq: int
    audience: frozenset[str] | None
    event: Json


class Feed:
    """Numbers events and wakes those who wait for them."""

    def __init__(self) -> None:
        self.seq = 0
        self._entries: deque[Entry] = deque(maxlen=KEPT_EVENTS)
        self._waiting: set[asyncio.Event] = set()

    def publish(self, event: Json, audience: Collection[str] | None = None) -> None:
        """Add an event for everybody or for the people named."""
        self.seq += 1
        seen_by = None if audience is None else frozenset(audience)
        self._entries.append(Entry(self.seq, seen_by, {**event, "seq": self.seq}))
        for waiter in self._waiting:
            waiter.set()

    def since(self, seq: int, user_id: str) -> list[Json]:
        """What a person may see of everything after `seq`, in order."""
        found = []
        for entry in reversed(self._entries):
            if entry.seq <= seq:
                break
            if entry.audience is None or user_id in entry.audience:
                found.append(entry.event)
        return found[::-1]

    async def wait(self, seq: int, user_id: str, seconds: float) -> list[Json]:
        """The same, waiting for the first one up to `seconds`."""
        waiter = asyncio.Event()
        self._waiting.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                while not (found := self.since(seq, user_id)):
                    seq = max(seq, self.seq)
                    await waiter.wait()
                    waiter.clear()
                return found
        except TimeoutError:
            return []
        finally:
            self._waiting.discard(waiter)
