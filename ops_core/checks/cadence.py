"""How often a check is judged, and over which window."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Cadence(StrEnum):
    """From every look (`live`) to once a month (seed 001, "Monitoring frequency")."""

    LIVE = "live"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def window(self) -> timedelta | None:
        """How far back it looks; None: as far as the model's settings say."""
        return {Cadence.WEEKLY: timedelta(days=7), Cadence.MONTHLY: timedelta(days=28)}.get(self)


def usual_cadence(check: str) -> Cadence:
    """The cadence of a check that the settings give none: ratings trend by the hour, all else is live."""
    return Cadence.HOURLY if check.startswith("llm.") else Cadence.LIVE
