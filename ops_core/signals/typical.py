"""The typical value of a course of points, and how surely it lies beyond a limit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from ops_core.profiles.rates import Z_95


@dataclass(frozen=True)
class Typical:
    """The median of points, with its distribution-free interval from order statistics.

    The interval at z is from the k-th least to the k-th greatest point with the largest k for which
    P(Bin(n, ½) < k) ≤ P(Z > z) (Conover 1999, "Practical Nonparametric Statistics", 3.2), so that a
    p-value made by inverting it is that of the exact sign test. Points that follow each other resemble each
    other: the p-value is about these points, not about the hours around them.
    """

    points: tuple[float, ...]

    @property
    def n(self) -> int:
        """Points."""
        return len(self.points)

    @property
    def value(self) -> float | None:
        """The median; None without points."""
        return median(self.points) if self.points else None

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """Where the true median lies, at `z` standard deviations; infinite ends when points are too few."""
        tail, k = math.erfc(z / math.sqrt(2)) / 2, 0
        while k < self.n / 2 and self._below[k] <= tail:
            k += 1
        if not k:
            return -math.inf, math.inf
        return self._sorted[k - 1], self._sorted[self.n - k]

    @cached_property
    def _sorted(self) -> list[float]:
        return sorted(self.points)

    @cached_property
    def _below(self) -> list[float]:
        """P(Bin(n, ½) ≤ k) for k = 0, 1, …"""
        total, sums = 0, []
        for k in range(self.n // 2 + 1):
            total += math.comb(self.n, k)
            sums.append(total / 2**self.n)
        return sums
