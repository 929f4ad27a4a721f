"""How numbers go together: one test of whether any correlation has changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ops_core.profiles.columns import Floats
from ops_core.profiles.pairs import HEAVY_TAILS

# Features that repeat each other have no finite z.
HELD = 0.999999
LEAST_ROWS = 30


@dataclass(frozen=True)
class Together:
    """The test's p-value, and the two features (their positions) whose correlation moved most."""

    p_value: float
    pair: tuple[int, int]
    before: float
    now: float
    features: int

    @property
    def moved(self) -> float:
        """By how much that correlation moved."""
        return abs(self.now - self.before)


def changed_together(window: Floats, usual: Floats, n: float, m: float) -> Together | None:
    """Compares two correlation matrices (F × F, NaN where unknown) of n and m rows; None below two features.

    The largest of Fisher's z-statistics (1921) of all pairs, two-sided, times the number of pairs
    (Bonferroni), which holds however features depend on each other. The variance of each is that of normal
    numbers times `HEAVY_TAILS`, for numbers that are not.
    """
    known = np.flatnonzero(np.isfinite(np.diag(window)) & np.isfinite(np.diag(usual)))
    window, usual = np.nan_to_num(window), np.nan_to_num(usual)
    if len(known) < 2 or min(n, m) < LEAST_ROWS:
        return None
    now, before = window[np.ix_(known, known)], usual[np.ix_(known, known)]
    size = len(known)
    over = np.triu_indices(size, 1)
    p_value = _largest(now[over], before[over], n, m)
    moved = np.abs(now - before)[over]
    at = int(moved.argmax())
    one, other = int(over[0][at]), int(over[1][at])
    return Together(
        p_value, (int(known[one]), int(known[other])), float(before[one, other]), float(now[one, other]), size
    )


def _largest(now: Floats, before: Floats, n: float, m: float) -> float:
    apart = np.arctanh(np.clip(now, -HELD, HELD)) - np.arctanh(np.clip(before, -HELD, HELD))
    z = float(np.abs(apart).max()) / math.sqrt(HEAVY_TAILS * (1 / (n - 3) + 1 / (m - 3)))
    return min(1.0, len(apart) * math.erfc(z / math.sqrt(2)))
