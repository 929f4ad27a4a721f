"""Whose turn it is to write, among the threads of one process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ops_core.errors import Unavailable

PATIENCE_SECONDS = 15
"""How long a writer waits for others."""
POLITE_SECONDS = 0.02
"""How long others let those go before them who have somebody waiting for an answer."""


@dataclass(eq=False, frozen=True)
class _Waiter:
    first: bool
    since: float

    def is_polite(self, now: float) -> bool:
        """Whether it still lets others go before it."""
        return not self.first and now < self.since + POLITE_SECONDS


class Turn:
    """A lock with a fast lane: who is `first` goes before the others, unless one has waited for too long.

    That one is next for certain, for whoever gives the turn back could take it again before it wakes up; and
    after it somebody who is first, however many others have waited for too long as well.
    """

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._taken = False
        self._next: _Waiter | None = None
        self._waiters: list[_Waiter] = []
        """As they came."""

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return len(self._waiters)

    @contextmanager
    def held(self, *, first: bool = False) -> Iterator[None]:
        """Hold the turn until the block ends. Raises `Unavailable` when it does not come in time."""
        with self._free:
            self._take(_Waiter(first, time.monotonic()))
        try:
            yield
        finally:
            with self._free:
                self._give_back(to_first=not first)

    def _take(self, me: _Waiter) -> None:
        self._waiters.append(me)
        try:
            while not self._may(me):
                self._wait(me)
        finally:
            self._waiters.remove(me)
            if self._next is me:
                self._next = None
                self._free.notify_all()  # in case it gave up: the turn is anybody's
        self._taken = True

    def _may(self, me: _Waiter) -> bool:
        if self._taken or self._next not in (None, me):
            return False
        return not me.is_polite(time.monotonic()) or not any(one.first for one in self._waiters)

    def _wait(self, me: _Waiter) -> None:
        now = time.monotonic()
        until = me.since + (POLITE_SECONDS if me.is_polite(now) and not self._taken else PATIENCE_SECONDS)
        if not self._free.wait(max(until - now, 0.001)) and time.monotonic() > me.since + PATIENCE_SECONDS:
            raise Unavailable("Somebody else has been writing to the database for too long.")

    def _give_back(self, *, to_first: bool) -> None:
        now = time.monotonic()
        due = [one for one in self._waiters if not one.is_polite(now)]
        due.sort(key=lambda one: one.first != to_first)
        self._taken, self._next = False, next(iter(due), None)
        self._free.notify_all()
