"""How small a p-value must be, so that a year of looking rings falsely no more often than was agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ops_core.drift.samples import Test
from ops_core.drift.windows import LONGEST
from ops_core.profiles.columns import Bools, Counts, Floats

DAYS_A_YEAR = 365
# Eight overlapping windows a day cost about five looks at independent days. Simulated with one normal
# number a day: 4.1 episodes for each expected at p = 6e-5, 4.5 at 2e-5, 4.8 at 6e-6 (150,000 years).
LOOKS_A_DAY = 4.8
QUIET_DAYS = 7
NUMERIC: Mapping[str, float] = MappingProxyType(
    {"location": 0.55, "spread": 0.15, "shape": 0.15, "nulls": 0.15}
)
CATEGORICAL: Mapping[str, float] = MappingProxyType(
    {"category": 0.5, "shape": 0.2, "unseen": 0.1, "nulls": 0.2}
)


@dataclass(frozen=True)
class Budget:
    """False alarms a year over all features, spread over kinds of statistics, days and windows.

    A union bound (Bonferroni): it holds however features and statistics depend on each other.
    `least_effect` is what is worth waking for, in standard deviations, roots of the PSI, or Cohen's h.
    """

    a_year: float
    features: int
    least_effect: float = 0.05

    def allowed(self, kind: str, *, ordered: bool) -> float:
        """The greatest p-value that rings, over all numbers of a kind in one window of one feature."""
        share = (NUMERIC if ordered else CATEGORICAL)[kind]
        return self.a_year * share / (DAYS_A_YEAR * max(1, self.features) * LOOKS_A_DAY)

    def rings(self, tests: Sequence[Test], *, ordered: bool) -> Floats:
        """By how much the clearest number that is large enough passes: allowed / p, … D W; 0 if none does."""
        found = np.zeros(1)
        for test in tests:
            allowed = self.allowed(test.kind, ordered=ordered) * test.weights[..., None, None]
            passes = (test.p_value <= allowed) & (np.abs(test.effect) >= self.least_effect)
            found = np.maximum(
                found, np.where(passes, allowed / np.maximum(test.p_value, 1e-300), 0.0).max(axis=-3)
            )
        return found


def open_since(rings: Bools, quiet_days: int = QUIET_DAYS) -> Counts:
    """For each day (… D) how many days ago the episode began that is open on it; -1 where none is.

    An episode is open from the first day that rings until `quiet_days` have passed without ringing.
    """
    days = np.arange(rings.shape[-1])
    last = np.maximum.accumulate(np.where(rings, days, -LONGEST), axis=-1)
    before = np.concatenate([np.full_like(last[..., :1], -LONGEST), last[..., :-1]], axis=-1)
    begins = rings & (days - before > quiet_days)
    began = np.maximum.accumulate(np.where(begins, days, -1), axis=-1)
    return np.where((days - last <= quiet_days - 1) & (began >= 0), days - began, -1)
