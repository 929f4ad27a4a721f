"""The pace at which Slack may be called: its limits as we foresee them, and its word when we were wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute in each of Slack's tiers (https://docs.slack.dev/apis/web-api/rate-limits)."""
TIER_OF = {
    "auth.test": 4,
    "conversations.create": 2,
    "conversations.list": 2,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "pins.add": 2,
    "conversations.setTopic": 2,
}
"""Methods that are not in tier 3."""
PER_CHANNEL = frozenset({"chat.postMessage"})
"""One a second in each channel."""
POSTS_A_MINUTE, POSTS_AT_ONCE = 60, 4
SHARE_AT_ONCE = 4
"""A quarter of a minute's calls may come at once."""
KEPT_FOR_PAGES = 1


@dataclass
class _Budget:
    per_second: float
    at_once: float
    left: float
    counted_at: float
    held_until: float = 0.0

    def refill(self, now: float) -> None:
        self.left = min(self.at_once, self.left + (now - self.counted_at) * self.per_second)
        self.counted_at = now


class Pace:
    """A budget for each method, and for each channel where Slack counts so.

    `factor` multiplies what Slack publishes; `now` is a clock in seconds that never goes back.
    """

    def __init__(self, factor: float = 1.0, now: Callable[[], float] = time.monotonic) -> None:
        self.factor = factor
        self.now = now
        self._budgets: dict[tuple[str, str], _Budget] = {}
        self._lock = threading.Lock()

    def take(self, method: str, channel: str = "", *, urgent: bool = False) -> float:
        """Seconds until the call may be made; 0 when it may be made now, and then it is counted.

        What is urgent takes from a reserve that the others leave, and then goes into debt; only Slack's own
        word holds it back.
        """
        with self._lock:
            budget, now = self._budget(method, channel), self.now()
            budget.refill(now)
            if now < budget.held_until:
                return budget.held_until - now
            lacking = 0.0 if urgent else 1 + min(KEPT_FOR_PAGES, budget.at_once - 1) - budget.left
            if lacking > 1e-9:
                return lacking / budget.per_second
            budget.left = max(budget.left - 1, -budget.at_once)
            return 0.0

    def hold(self, method: str, channel: str, seconds: float) -> None:
        """Slack said when to come back."""
        with self._lock:
            budget, now = self._budget(method, channel), self.now()
            budget.refill(now)
            budget.held_until = max(budget.held_until, now + seconds)
            budget.left = min(budget.left, 0.0)

    def _budget(self, method: str, channel: str) -> _Budget:
        key = (method, channel if method in PER_CHANNEL else "")
        if key not in self._budgets:
            a_minute: float = POSTS_A_MINUTE if method in PER_CHANNEL else TIERS[TIER_OF.get(method, 3)]
            at_once = POSTS_AT_ONCE if method in PER_CHANNEL else max(2.0, a_minute / SHARE_AT_ONCE)
            at_once *= max(1.0, self.factor)
            self._budgets[key] = _Budget(a_minute * self.factor / 60, at_once, at_once, self.now())
        return self._budgets[key]
