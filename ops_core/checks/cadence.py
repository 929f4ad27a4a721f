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


USUAL = {"llm.": Cadence.HOURLY, "quality.correlations": Cadence.WEEKLY, "drift.multivariate": Cadence.WEEKLY}
"""Ratings trend by the hour; how features go together is a weekly matter (seed 003, "Weekly Analysis")."""


def usual_cadence(check: str) -> Cadence:
    """The cadence of a check that the settings give none: live, but for those of `USUAL`."""
    return next((cadence for start, cadence in USUAL.items() if check.startswith(start)), Cadence.LIVE)
