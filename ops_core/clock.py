"""The only place that knows what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

CLOCKS_APART = timedelta(minutes=5)
"""Clocks of two machines may differ by this much."""


class Clock(Protocol):
    """Tells the time, always aware and in UTC."""

    def now(self) -> datetime:
        """The present moment."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is told to move, for tests and simulations."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment that was last set."""
        return self._now

    def advance(self, span: timedelta) -> datetime:
        """Move forward by `span` and return the new moment."""
        self._now += span
        return self._now
