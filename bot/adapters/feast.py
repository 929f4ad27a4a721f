"""Asks a feature store how it is: Feast's feature server answers GET /health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from bot.adapters.outside import Outside
from ops_core.errors import OpsError
from ops_core.signals.signal import Signal


@dataclass(frozen=True)
class FeatureStoreGauge:
    """One probe of `url`/health (seed 004, "Check feature store"); no answer is an answer."""

    signal: ClassVar[str] = "feature_store.health"
    unit: ClassVar[str] = "state"

    url: str
    timeout: timedelta = timedelta(seconds=5)

    @property
    def source(self) -> str:
        """The server's address."""
        return self.url

    def read(self, now: datetime) -> Sequence[Signal]:
        """Well when it answers 200, as Feast does."""
        try:
            status = Outside("it", self.timeout).get(f"{self.url.rstrip('/')}/health").status
        except OpsError as error:
            said = error.message.rstrip(".")
        else:
            said = "" if status == 200 else f"it answered {status}"
        state, words = (0.0, f"is unavailable: {said}") if said else (1.0, "answers")
        return [Signal(self.signal, self.unit, self.url, now, state, said=words)]
