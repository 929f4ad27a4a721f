"""How numbers go together: one test of whether any correlation has changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from ops_core.profiles.columns import Floats

# Features that repeat each other would leave no inverse.
RIDGE = 0.02
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

    Jennrich's test (1970): with Z = √(nm / (n + m)) R̄⁻¹ (R_w − R_r) and R̄ the pooled matrix, half the trace
    of Z², less what the fixed diagonal takes away, is χ² with F (F − 1) / 2 degrees of freedom. That holds
    for normal numbers; clipped ones come close.
    """
    known = np.flatnonzero(np.isfinite(np.diag(window)) & np.isfinite(np.diag(usual)))
    window, usual = np.nan_to_num(window), np.nan_to_num(usual)
    if len(known) < 2 or min(n, m) < LEAST_ROWS:
        return None
    now, before = window[np.ix_(known, known)], usual[np.ix_(known, known)]
    size = len(known)
    over = np.triu_indices(size, 1)
    p_value = float(chdtrc(len(over[0]), _jennrich(now, before, n, m)))
    moved = np.abs(now - before)[over]
    at = int(moved.argmax())
    one, other = int(over[0][at]), int(over[1][at])
    return Together(
        p_value, (int(known[one]), int(known[other])), float(before[one, other]), float(now[one, other]), size
    )


def _jennrich(now: Floats, before: Floats, n: float, m: float) -> float:
    pooled = (n * now + m * before) / (n + m)
    pooled = (pooled + RIDGE * np.eye(len(pooled))) / (1 + RIDGE)
    inverse = np.linalg.inv(pooled)
    z = np.sqrt(n * m / (n + m)) * inverse @ (now - before)
    fixed = np.linalg.solve(np.eye(len(pooled)) + pooled * inverse, np.diag(z))
    return max(0.0, float(np.trace(z @ z) / 2 - np.diag(z) @ fixed))
