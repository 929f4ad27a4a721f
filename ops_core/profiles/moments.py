"""Number, mean and spread of values, mergeable."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from ops_core.profiles.columns import Floats
from ops_core.profiles.scratch import scratch


@dataclass(frozen=True)
class Moments:
    """Number, mean, sum of squared deviations, least and greatest of the finite values."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0
    least: float = math.inf
    greatest: float = -math.inf

    @classmethod
    def of(cls, values: Floats) -> Self:
        """Moments of values, infinities and NaN left out."""
        return cls.of_sorted(np.sort(values[np.isfinite(values)]))

    @classmethod
    def of_sorted(cls, values: Floats) -> Self:
        """Moments of finite values in order; around their median, so that one pass loses no digits."""
        if not len(values):
            return cls()
        return cls.around(values[len(values) // 2], values, len(values), (values[0], values[-1]))

    @classmethod
    def around(cls, about: float, values: Floats, n: int, ends: tuple[float, float]) -> Self:
        """Moments of `n` finite values, given one near their middle, the least and the greatest.

        `values` may hold `about` in more places than there are values.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # values near the greatest float
            apart = np.subtract(values, about, out=scratch("moments", len(values)))
            total = float(apart.sum())
            squares = max(0.0, float(apart.dot(apart)) - total * total / n)
        return cls(n, float(about + total / n), squares, float(ends[0]), float(ends[1]))

    def merge(self, other: Moments) -> Moments:
        """Moments of both sets of values (Chan, Golub & LeVeque 1979)."""
        n = self.n + other.n
        if not self.n or not other.n:
            return self if self.n else other
        apart = other.mean - self.mean
        return Moments(
            n=n,
            mean=self.mean + apart * other.n / n,
            squares=self.squares + other.squares + apart * apart * self.n * other.n / n,
            least=min(self.least, other.least),
            greatest=max(self.greatest, other.greatest),
        )

    @property
    def deviation(self) -> float:
        """Standard deviation; 0 of fewer than two values."""
        return math.sqrt(self.squares / (self.n - 1)) if self.n > 1 else 0.0

    def to_plain(self) -> list[float] | None:
        """Plain values; None without values, whose least and greatest JSON cannot hold."""
        return [self.n, self.mean, self.squares, self.least, self.greatest] if self.n else None

    @classmethod
    def from_plain(cls, plain: Sequence[Any] | None) -> Self:
        """The moments that `to_plain` wrote."""
        return cls(*plain) if plain else cls()


NOTHING = Moments()
