"""The signal that a stream is: how often answers are wrong, and since when more often than usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ops_core.drift.running import Change, Usual
from ops_core.signals.signal import Signal

STREAM = "drift.stream"
"""The name of the signal, and of the check that reads it."""
YEAR = timedelta(days=365).total_seconds()
SHORTEST = 60.0
"""Seconds: of a younger stream it is not known how many answers it will have in a year."""
NOTHING = Usual(0, 0)


@dataclass(frozen=True)
class Streamed(Signal):
    """`value` is the error rate of `n` answers in `window`, which ends with the newest of them at `last_at`.

    `change` is the change to more errors that lasts, if one does; `usual` how often answers are wrong when
    all is well, which is known from `basis`.
    """

    change: Change | None = None
    usual: Usual = NOTHING
    basis: str = "the reference"
    last_at: datetime | None = None

    @property
    def rows_a_year(self) -> float:
        """Answers in a year, at the stream's pace so far."""
        return self.n * YEAR / max(self.window.total_seconds(), SHORTEST)


def moment(seconds: float) -> datetime:
    """A time from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
