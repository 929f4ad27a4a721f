"""What a model server says about itself when it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True)
class ServingState:
    """One answer of a model server, or the reason why there was none.

    `version` is the one that it serves, None when it did not say. `latency` is the time until the
    answer, or until we gave up. `error` says in one sentence why it is not healthy.
    """

    url: str
    healthy: bool
    version: str | None
    latency: timedelta
    error: str | None
    probed_at: datetime


class Serving(Protocol):
    """Asks model servers how they are."""

    def probe(self, url: str) -> ServingState:
        """The state of the server at `url`; a server that is down is an answer, not an error."""
        ...
