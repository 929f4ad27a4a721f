"""The model server's health as a signal, so that a server that is down rings like a metric that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ops_core.registry import Serving
from ops_core.signals.signal import Signal


@dataclass(frozen=True)
class ServerHealth:
    """Asks a model server how it is (seed 004, "Model server down"); no answer is an answer."""

    signal: ClassVar[str] = "service.health"
    unit: ClassVar[str] = "state"

    serving: Serving
    url: str

    @property
    def source(self) -> str:
        """The server's address."""
        return self.url

    def read(self, now: datetime) -> Sequence[Signal]:
        """One probe."""
        state = self.serving.probe(self.url)
        said = f"is not healthy: {state.error or 'no reason given'}"
        if state.healthy:
            said = f"is healthy and serves version {state.version}"
        return [Signal(self.signal, self.unit, self.url, now, 1.0 if state.healthy else 0.0, said=said)]
