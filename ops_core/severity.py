"""How bad it is, and how soon somebody must answer."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from ops_core.errors import Invalid


class Severity(StrEnum):
    """P0 critical to P3 low, as in the incident process (seed 001, section 5; seed 004)."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"

    @property
    def label(self) -> str:
        """The word people say, such as "critical"."""
        return _LABELS[self]

    @property
    def response_time(self) -> timedelta:
        """How soon somebody must have taken it: 15 minutes, 1, 4 or 24 hours (seed 004)."""
        return _RESPONSE_TIMES[self]

    @classmethod
    def parse(cls, text: str) -> Severity:
        """Read either spelling, "P1" or "high", in any case. Raises `Invalid` for anything else."""
        wanted = text.strip().lower()
        for severity in cls:
            if wanted in (severity.value.lower(), severity.label):
                return severity
        raise Invalid(
            f"“{text}” is not a severity.",
            hint="Use P0 (critical), P1 (high), P2 (medium) or P3 (low).",
            field="severity",
        )


_LABELS = {Severity.P0: "critical", Severity.P1: "high", Severity.P2: "medium", Severity.P3: "low"}
_RESPONSE_TIMES = {
    Severity.P0: timedelta(minutes=15),
    Severity.P1: timedelta(hours=1),
    Severity.P2: timedelta(hours=4),
    Severity.P3: timedelta(hours=24),
}
