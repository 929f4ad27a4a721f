"""How close a regression's predictions come to the labels: estimates with intervals, from moments."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ops_core.profiles.moments import Moments
from ops_core.profiles.ranking import Mean
from ops_core.profiles.rates import Z_95
from ops_core.profiles.residuals import Residuals


@dataclass(frozen=True)
class Root:
    """The square root of a mean: the RMSE, of squared errors; in the label's unit."""

    mean: Mean

    @property
    def n(self) -> int:
        """Rows."""
        return self.mean.n

    @property
    def value(self) -> float | None:
        """The root; None without rows."""
        return None if self.mean.value is None else math.sqrt(max(0.0, self.mean.value))

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """The roots of the mean's interval."""
        low, high = self.mean.interval(z)
        return math.sqrt(max(0.0, low)), math.sqrt(max(0.0, high))


@dataclass(frozen=True)
class Determination:
    """R² = 1 − Σ error² ÷ Σ (label − mean label)²: the share of the labels' variance that is predicted."""

    residuals: Residuals

    @property
    def n(self) -> int:
        """Rows."""
        return self.residuals.squared.n

    @property
    def value(self) -> float | None:
        """At most 1, and below 0 when the mean label would be the better prediction; None without spread."""
        return self._at(self.residuals.squared.mean)

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """From the interval of the mean squared error, with the labels as they came."""
        low, high = Mean(self.residuals.squared).interval(z)
        worst, best = self._at(high), self._at(low)
        return (0.0, 1.0) if worst is None or best is None else (worst, best)

    def _at(self, squared: float) -> float | None:
        labels = self.residuals.label
        return 1 - squared * labels.n / labels.squares if labels.n and labels.squares > 0 else None


@dataclass(frozen=True)
class Bias:
    """How far the mean error (prediction − label) lies from the reference's, in units of its RMSE.

    `value` is never negative; `shift` has the sign: above 0, predictions are too high now.
    """

    error: Moments
    normal: Moments
    scale: float

    @property
    def n(self) -> int:
        """Rows."""
        return self.error.n

    @property
    def shift(self) -> float | None:
        """The signed value; None without rows on either side, or without error on the reference."""
        if not self.error.n or not self.normal.n or self.scale <= 0:
            return None
        return (self.error.mean - self.normal.mean) / self.scale

    @property
    def value(self) -> float | None:
        """The shift without its sign."""
        return None if self.shift is None else abs(self.shift)

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """Normal, of the difference of two means, folded at 0."""
        if self.value is None:
            return 0.0, math.inf
        variances = (each.squares / max(1, each.n - 1) / each.n for each in (self.error, self.normal))
        reach = z * math.sqrt(sum(variances)) / self.scale
        return max(0.0, self.value - reach), self.value + reach
