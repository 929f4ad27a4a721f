"""Rates with honest intervals, and the probability that an estimate crossed a limit by chance."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Z_95 = 1.959963984540054
FARTHEST_Z = 37.0
# So that a p-value of 1e-9 is told to five digits.
HALVINGS = 34
Worse = Literal["lower", "higher"]


class Estimate(Protocol):
    """A number estimated from `n` rows, with its intervals."""

    @property
    def n(self) -> int:
        """Rows that it rests on."""
        ...

    @property
    def value(self) -> float | None:
        """The number; None when it is undefined."""
        ...

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """Where the true number lies, at `z` standard deviations."""
        ...


@dataclass(frozen=True)
class Rate:
    """`hits` of `n`; with `harmonic`, an F1 score: true positives of all rows but the true negatives.

    F1 = 2J / (1 + J) with J = TP / (TP + FP + FN), which is binomial given its denominator (Hand, Christen &
    Kirielle 2021, "F*: an interpretable transformation of the F-measure"), so that its interval is that of
    J, transformed.
    """

    hits: int
    n: int
    harmonic: bool = False

    @property
    def value(self) -> float | None:
        """The rate 0–1, None when there is nothing to divide by."""
        return self._shown(self.share) if self.n else None

    @property
    def share(self) -> float:
        """Hits of all, the binomial share beneath the value; 0 when there is nothing to divide by."""
        return self.hits / self.n if self.n else 0.0

    def share_at(self, value: float) -> float:
        """The share at which the rate has this value."""
        return value / (2 - value) if self.harmonic else value

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """Wilson's score interval (Wilson 1927) at `z` standard deviations; all of 0–1 when n is 0."""
        if not self.n:
            return 0.0, 1.0
        share, spread = self.share, z * z / self.n
        middle = (share + spread / 2) / (1 + spread)
        reach = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
        low = 0.0 if self.hits == 0 else max(0.0, middle - reach)
        high = 1.0 if self.hits == self.n else min(1.0, middle + reach)
        return self._shown(low), self._shown(high)

    def _shown(self, share: float) -> float:
        return 2 * share / (1 + share) if self.harmonic else share


def p_beyond(estimate: Estimate, limit: float, worse: Worse) -> float:
    """One-sided p-value of being beyond a fixed limit; 1 when the value is undefined.

    The exact binomial test of a rate; of anything else, the widest interval that still excludes the limit.
    """
    if isinstance(estimate, Rate):
        return _binomial(estimate, limit, worse)
    if estimate.value is None:
        return 1.0

    def excluded(z: float) -> bool:
        low, high = estimate.interval(z)
        return high < limit if worse == "lower" else low > limit

    return _p(excluded)


def _binomial(rate: Rate, limit: float, worse: Worse) -> float:
    from scipy.special import bdtr, bdtrc  # heavy: 0.2 s

    share = min(1.0, max(0.0, rate.share_at(limit)))
    if worse == "lower":
        return float(bdtr(rate.hits, rate.n, share)) if rate.n else 1.0
    return float(bdtrc(rate.hits - 1, rate.n, share)) if rate.hits else 1.0


def p_beyond_scaled(rate: Estimate, reference: Estimate, scale: float, worse: Worse) -> float:
    """One-sided p-value of being beyond `scale` times the reference's, whose own error counts too.

    Inverts the interval of the difference made from both intervals (Newcombe 1998, method 10; with a
    coefficient: Zou & Donner 2008, "MOVER"). That is too sure of very few rows, so it is never less than the
    exact test against a fixed limit. 1 when either is undefined.
    """
    value, normal = rate.value, reference.value
    if value is None or normal is None:
        return 1.0
    gap = value - scale * normal

    def excluded(z: float) -> bool:
        low, high = rate.interval(z)
        normal_low, normal_high = reference.interval(z)
        if worse == "lower":
            return gap + math.hypot(high - value, scale * (normal - normal_low)) < 0
        return gap - math.hypot(value - low, scale * (normal_high - normal)) > 0

    return max(_p(excluded), p_beyond(rate, scale * normal, worse))


def _p(excluded: Callable[[float], bool]) -> float:
    """The p-value at the widest interval, in standard deviations, that still excludes the limit."""
    low, high = 0.0, FARTHEST_Z
    if not excluded(low):
        return 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if excluded(middle) else (low, middle)
    return math.erfc(low / math.sqrt(2)) / 2
