"""Slack's rate limits, kept when somebody asks for them: too many calls get a 429 with Retry-After."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TIER_2 = frozenset(
    {"conversations.create", "conversations.list", "conversations.setTopic", "pins.add", "reactions.add"}
)
TIER_4 = frozenset({"auth.test", "chat.postEphemeral", "files.getUploadURLExternal", "views.open"})
A_MINUTE = {2: 20, 3: 50, 4: 100}
FREE = frozenset({"apps.connections.open"})


@dataclass
class _Budget:
    left: float
    counted_at: float


@dataclass
class Limits:
    """`posts_a_second` in each channel with `at_once` in a burst; the tiers of other methods by the minute.

    Slack says of both that short bursts pass; here half a minute's worth of a tier does.
    """

    posts_a_second: float = 1.0
    at_once: int = 5
    tiers: bool = True
    now: Callable[[], float] = time.monotonic
    _budgets: dict[tuple[str, str], _Budget] = field(default_factory=dict)

    @classmethod
    def asked(cls, wish: Mapping[str, Any]) -> "Limits":
        """From a control request; raises ValueError for numbers that make no sense."""
        posts, at_once = float(wish.get("posts_a_second", 1.0)), int(wish.get("at_once", 5))
        if posts <= 0 or at_once < 1:
            raise ValueError("posts_a_second and at_once must be above 0")
        return cls(posts, at_once, bool(wish.get("tiers", True)))

    def wait(self, method: str, args: Mapping[str, Any]) -> int:
        """Whole seconds that the caller is told to wait; 0 when the call may pass, and then it counts."""
        if method == "chat.postMessage":
            return self._take((method, str(args.get("channel", ""))), self.posts_a_second, self.at_once)
        if not self.tiers or method in FREE:
            return 0
        a_minute = A_MINUTE[2 if method in TIER_2 else 4 if method in TIER_4 else 3]
        return self._take((method, ""), a_minute / 60, a_minute / 2)

    def _take(self, key: tuple[str, str], per_second: float, at_once: float) -> int:
        now = self.now()
        budget = self._budgets.setdefault(key, _Budget(at_once, now))
        budget.left = min(at_once, budget.left + (now - budget.counted_at) * per_second)
        budget.counted_at = now
        if budget.left < 1:
            return math.ceil((1 - budget.left) / per_second)
        budget.left -= 1
        return 0
