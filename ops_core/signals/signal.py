"""A signal: one number that was read outside, with its unit, window and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True)
class Signal:
    """What one source said about one thing.

    `unit` is "ratio" (0–1), "seconds", "state" (1 good, 0 bad) or the name of a currency. `source` says
    where it was read, for a person. `n` counts what the value rests on (requests, probes, points);
    `points` are its course over `window`, oldest first, where the source keeps one. `subject` tells
    several of a kind apart (a disk, a backup, a cost category). `planned` is what the value was promised
    to be: a budget, the longest age. `period` is how long `planned` is for, of which `window` has passed.
    `said` is what the source says in words. `absent`: it was looked for and is not there. `error`: it
    could not be looked at, and why; then `value` is None.
    """

    name: str
    unit: str
    source: str
    at: datetime
    value: float | None = None
    n: int = 1
    window: timedelta = timedelta(0)
    points: tuple[float, ...] = ()
    subject: str | None = None
    planned: float | None = None
    period: timedelta | None = None
    said: str = ""
    absent: bool = False
    error: str = ""


class Gauge(Protocol):
    """Reads one thing outside, in bounded time."""

    @property
    def signal(self) -> str:
        """The name of the signals that it reads."""
        ...

    @property
    def unit(self) -> str:
        """Their unit."""
        ...

    @property
    def source(self) -> str:
        """Where it reads, for a person."""
        ...

    def read(self, now: datetime) -> Sequence[Signal]:
        """What is to be read now; an `OpsError` says why it cannot be read."""
        ...
