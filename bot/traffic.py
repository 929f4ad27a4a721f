"""The traffic to Slack: how often each method was called, how it ended, and how long it took."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the latency's buckets in seconds; the last bucket is open."""
OUTCOMES = ("ok", "limited", "refused", "failed")


@dataclass
class Latency:
    """Calls by how long they took: a count for each of `BOUNDS` and one above, and the sum in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """One more call."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class Traffic:
    """Counts since the start of the process, from any thread."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        """By method and outcome."""
        self.latencies: dict[str, Latency] = {}
        self._lock = threading.Lock()

    def note(self, method: str, outcome: str, seconds: float) -> None:
        """One call that ended."""
        with self._lock:
            self.calls[method, outcome] += 1
            self.latencies.setdefault(method, Latency()).add(seconds)

    def by_outcome(self) -> Mapping[str, int]:
        """How many calls of all methods ended in each way."""
        with self._lock:
            calls = list(self.calls.items())
        return {wanted: sum(n for (_, outcome), n in calls if outcome == wanted) for wanted in OUTCOMES}
