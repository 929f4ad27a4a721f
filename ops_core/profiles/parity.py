"""How differently groups are treated: rates by group, and the gap between two of them with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Z_95, Rate

OTHER = "another"


@dataclass(frozen=True)
class Treatment:
    """How one group fares: predicted positive, rightly so, and wrongly so."""

    selection: Rate
    true_positive: Rate
    false_positive: Rate


def treatments(profile: Profile, split: str = "group") -> Mapping[str, Treatment]:
    """By group, of those that have rows with a prediction; rows without a group are left out."""
    cells, counts = profile.layout.splits.get(split), profile.splits.get(split)
    if cells is None or counts is None:
        return {}
    at, classes = profile.layout.classes.index(profile.layout.positive), len(profile.layout.classes)
    found = {}
    for name, joint in zip((*cells.values, OTHER), counts[:-1], strict=True):
        told = joint[:, :-1]  # the last state is a missing prediction
        positive, negative = told[at], told[:classes].sum(axis=0) - told[at]
        if told.any():
            found[name] = Treatment(
                Rate(int(told[:, at].sum()), int(told.sum())),
                Rate(int(positive[at]), int(positive.sum())),
                Rate(int(negative[at]), int(negative.sum())),
            )
    return found


@dataclass(frozen=True)
class Parity:
    """One less the difference between a higher and a lower rate: 1 when both groups fare alike."""

    low: Rate
    high: Rate

    @property
    def n(self) -> int:
        """Rows of the smaller group."""
        return min(self.low.n, self.high.n)

    @property
    def value(self) -> float | None:
        """0–1 when `high` is the higher; None when either is undefined."""
        if self.low.value is None or self.high.value is None:
            return None
        return 1 - (self.high.value - self.low.value)

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """From both Wilson intervals (Newcombe 1998, method 10)."""
        if self.value is None:
            return 0.0, 1.0
        least, most = self.low.interval(z)
        lowest, highest = self.high.interval(z)
        low, high = self.low.value or 0.0, self.high.value or 0.0
        down, up = math.hypot(highest - high, low - least), math.hypot(high - lowest, most - low)
        return max(0.0, self.value - down), min(1.0, self.value + up)


@dataclass(frozen=True)
class Impact:
    """A lower rate as a share of a higher one: 1 when both groups fare alike."""

    low: Rate
    high: Rate

    @property
    def n(self) -> int:
        """Rows of the smaller group."""
        return min(self.low.n, self.high.n)

    @property
    def value(self) -> float | None:
        """0–1 when `high` is the higher; None when it is 0 or either is undefined."""
        if self.low.value is None or not self.high.value:
            return None
        return self.low.value / self.high.value

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """The shares r at which low − r × high may be 0, from both Wilson intervals (Zou & Donner 2008)."""
        if self.value is None:
            return 0.0, 1.0
        low, high = self.low.share, self.high.share
        (least, most), (lowest, highest) = self.low.interval(z), self.high.interval(z)
        down = _root(low, high, (least, highest), -1.0)
        return max(0.0, down), min(1.0, _root(low, high, (most, lowest), 1.0))


def _root(low: float, high: float, ends: tuple[float, float], sign: float) -> float:
    """Fieller's closed form: r where (low − r high)² = (low − ends[0])² + r² (high − ends[1])²."""
    a, b = (low - ends[0]) ** 2, (high - ends[1]) ** 2
    square = high * high - b
    if square <= 0:
        return 0.0 if sign < 0 else math.inf
    inside = low * low * high * high - square * (low * low - a)
    return (low * high + sign * math.sqrt(max(0.0, inside))) / square
