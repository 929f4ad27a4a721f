"""A figure: what was measured, against which bar, and against whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

PUBLISHED = "{} (figure of the issue, not measured in this run)"
INCIDENTBOT = PUBLISHED.format("incidentbot")
"""It needs Docker, PostgreSQL and a Slack workspace, which this machine may not have."""


@dataclass(frozen=True)
class Figure:
    """One measured number.

    `bar` is the most that it may be, or with `at_least` the least; a figure without one is there to be read.
    `is_sound` is False when what it stands for went wrong, whatever the number says.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    peer: str | None = None
    peer_value: float | None = None
    note: str = ""
    is_sound: bool = True
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        if self.bar is None:
            return self.is_sound
        return self.is_sound and (self.value >= self.bar if self.at_least else self.value <= self.bar)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for `results.json`."""
        return asdict(self) | {"value": float(self.value), "holds": bool(self.holds)}  # not NumPy's


Measure = Callable[[Path], Iterable[Figure]]
"""Measures some figures, in a folder of its own."""


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` percent of the values lie."""
    return float(np.percentile(values, share))


def spread(values: Sequence[float], decimals: int = 1) -> str:
    """How far the values lie apart, in words."""
    p95 = percentile(values, 95)
    return f"p95 {p95:.{decimals}f}, {min(values):.{decimals}f}–{max(values):.{decimals}f}, n = {len(values)}"
