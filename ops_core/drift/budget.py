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
# Small shifts need long windows, which overlap most, so that looks at them cost least: they may spend more
# on each day, and short ones less, which see large shifts anyway. By length, as `WINDOWS`.
LENGTHS = (0.25, 0.3, 1.0, 0.8, 1.0, 2.2, 1.8, 1.5)
# So weighed, a day of all eight costs about four looks at independent days. Simulated with one normal number
# a day: 3.4 episodes for each expected at p = 1e-4, 3.9 at 2e-5 (180,000 years).
LOOKS_A_DAY = 4.1
QUIET_DAYS = 7
NUMERIC: Mapping[str, float] = MappingProxyType(
    {"location": 0.62, "spread": 0.12, "shape": 0.11, "nulls": 0.15}
)
CATEGORICAL: Mapping[str, float] = MappingProxyType(
    {"category": 0.5, "shape": 0.2, "unseen": 0.1, "nulls": 0.2}
)


@dataclass(frozen=True)
class Budget:
    """False alarms a year over all features, spread over kinds of statistics, days and windows.

    A union bound (Bonferroni): it holds however features and statistics depend on each other.
    `least_effect` is what is worth waking for, in standard deviations, roots of the PSI, or Cohen's h;
    `lengths` weigh the windows.
    """

    a_year: float
    features: int
    least_effect: float = 0.05
    lengths: tuple[float, ...] = LENGTHS

    def allowed(self, kind: str, *, ordered: bool) -> float:
        """The greatest p-value that rings, over all numbers of a kind in one feature, window of weight 1."""
        share = (NUMERIC if ordered else CATEGORICAL)[kind]
        return self.a_year * share / (DAYS_A_YEAR * max(1, self.features) * LOOKS_A_DAY)

    def rings(self, tests: Sequence[Test], *, ordered: bool) -> Floats:
        """By how much the clearest number that is large enough passes: allowed / p, … D W; 0 if none does."""
        found = np.zeros(1)
        for test in tests:
            allowed = self.allowed(test.kind, ordered=ordered) * weights_of(test, self.lengths)
            passes = (test.p_value <= allowed) & (np.abs(test.effect) >= self.least_effect)
            found = np.maximum(
                found, np.where(passes, allowed / np.maximum(test.p_value, 1e-300), 0.0).max(axis=-3)
            )
        return found


def weights_of(test: Test, lengths: Sequence[float]) -> Floats:
    """What each number may spend in each window: … C 1 W."""
    weights: Floats = test.weights[..., None, None] * np.asarray(lengths)
    return weights


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
