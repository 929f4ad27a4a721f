"""Whose turn it is to write, among the threads of one process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ops_core.errors import Unavailable

PATIENCE_SECONDS = 15
"""How long a writer waits for others."""
POLITE_SECONDS = 0.02
"""How long others let those go before them who have somebody waiting for an answer."""


class Turn:
    """A lock with a fast lane: who is `first` goes before the others, unless one has waited for too long."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._taken = False
        self._first = 0
        """How many wait in the fast lane."""
        self.waiting = 0

    @contextmanager
    def held(self, *, first: bool = False) -> Iterator[None]:
        """Hold the turn until the block ends. Raises `Unavailable` when it does not come in time."""
        self._take(first)
        try:
            yield
        finally:
            with self._free:
                self._taken = False
                self._free.notify_all()

    def _take(self, first: bool) -> None:
        begun = time.monotonic()
        with self._free:
            self._first += first
            self.waiting += 1
            try:
                while self._taken or (
                    not first and self._first and time.monotonic() < begun + POLITE_SECONDS
                ):
                    self._wait(begun, polite=not self._taken)
            finally:
                self._first -= first
                self.waiting -= 1
            self._taken = True

    def _is_polite(self, begun: float, *, first: bool) -> bool:
        return not first and self._first > 0 and time.monotonic() < begun + POLITE_SECONDS

    def _wait(self, begun: float, *, polite: bool) -> None:
        left = begun + (POLITE_SECONDS if polite else PATIENCE_SECONDS) - time.monotonic()
        if not self._free.wait(max(left, 0.001)) and time.monotonic() > begun + PATIENCE_SECONDS:
            raise Unavailable("Somebody else has been writing to the database for too long.")
