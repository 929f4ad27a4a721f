"""How well scores rank and how well they are calibrated, with intervals, from counts per score cell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ops_core.profiles.columns import Floats
from ops_core.profiles.moments import Moments
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Z_95
from ops_core.profiles.scored import UNIT

HALVINGS = 40


@dataclass(frozen=True)
class Auc:
    """The share of pairs (a positive, a negative) that the score ranks rightly; ties count half.

    `tied` pairs share a rank cell, so the value is within tied ÷ (2 × pairs) of the one from exact scores,
    and equal to it where equal scores are what shares a cell.
    """

    right: float
    tied: int
    positives: int
    negatives: int

    @classmethod
    def of(cls, profile: Profile) -> Auc:
        """Of the labelled rows with a score; every label but the positive one is a negative."""
        negative, positive = profile.scored.ranks.T
        below = np.cumsum(negative) - negative
        right, tied = int((positive * below).sum()), int((positive * negative).sum())
        return cls(right + tied / 2, tied, int(positive.sum()), int(negative.sum()))

    @property
    def n(self) -> int:
        """Rows."""
        return self.positives + self.negatives

    @property
    def pairs(self) -> int:
        """Pairs of a positive and a negative."""
        return self.positives * self.negatives

    @property
    def value(self) -> float | None:
        """0–1; None without a positive or without a negative."""
        return self.right / self.pairs if self.pairs else None

    @property
    def bound(self) -> float:
        """How far the exact value may lie from this one, at most."""
        return self.tied / (2 * self.pairs) if self.pairs else 0.0

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """A score interval on Hanley & McNeil's variance (Newcombe 2006, method 5); 0–1 when undefined."""
        value = self.value
        if value is None:
            return 0.0, 1.0
        return self._end(value, 0.0, z), self._end(value, 1.0, z)

    def _end(self, value: float, far: float, z: float) -> float:
        """The farthest true value, from the estimate towards `far`, at which it is `z` deviations off."""
        near = value
        for _ in range(HALVINGS):
            middle = (near + far) / 2
            if abs(value - middle) <= z * math.sqrt(self._variance(middle)):
                near = middle
            else:
                far = middle
        return near

    def _variance(self, true: float) -> float:
        rest = (self.n / 2 - 1) * ((1 - true) / (2 - true) + true / (1 + true))
        return true * (1 - true) * (1 + rest) / self.pairs


@dataclass(frozen=True)
class Mean:
    """The mean of a quantity that is never negative; its interval is made on the logarithm."""

    moments: Moments

    @property
    def n(self) -> int:
        """Rows."""
        return self.moments.n

    @property
    def value(self) -> float | None:
        """The mean; None without rows."""
        return self.moments.mean if self.n else None

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """Normal on the logarithm (delta method), so that it is wider upwards, as skewed losses need it."""
        mean, n = self.moments.mean, self.n
        if n < 2 or mean <= 0:
            return 0.0, mean
        spread = math.exp(z * math.sqrt(self.moments.squares / (n - 1) / n) / mean)
        return mean / spread, mean * spread


@dataclass(frozen=True)
class Part:
    """Rows of one of about ten parts of the scores: how likely the score said, how often it came."""

    n: int
    said: float
    came: float


@dataclass(frozen=True)
class Calibration:
    """Expected calibration error: how far what the scores say lies from what comes, part by part."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, profile: Profile) -> Calibration:
        """Of the labelled rows whose score is a probability, over the reference's ten parts of the scores."""
        counts = profile.layout.score.coarsen(profile.scored.counts)
        sums = profile.layout.score.coarsen(profile.scored.sums)
        told = zip(counts.tolist(), sums.tolist(), strict=True)
        return cls(
            tuple(
                Part(no + yes, UNIT * s / (no + yes), yes / (no + yes)) for (no, yes), s in told if no + yes
            )
        )

    @property
    def n(self) -> int:
        """Rows."""
        return sum(part.n for part in self.parts)

    @property
    def raw(self) -> float:
        """As usually computed (Naeini, Cooper & Hauskrecht 2015): Σ share × |said − came|."""
        return sum(part.n * abs(part.said - part.came) for part in self.parts) / max(1, self.n)

    @property
    def value(self) -> float | None:
        """Less what sampling alone adds (as Kumar, Liang & Ma 2019 debias); None without rows."""
        if not self.parts:
            return None
        n, said, came = self._columns()
        apart = np.sqrt(np.maximum(0.0, (said - came) ** 2 - _variances(n, came)))
        return float((n * apart).sum() / n.sum())

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """Normal, from the binomial variance of each part."""
        if self.value is None:
            return 0.0, 1.0
        n, _, came = self._columns()
        reach = z * math.sqrt(float((n * n * _variances(n, came)).sum())) / float(n.sum())
        return max(0.0, self.value - reach), min(1.0, self.value + reach)

    def _columns(self) -> tuple[Floats, Floats, Floats]:
        n, said, came = np.array([(part.n, part.said, part.came) for part in self.parts], dtype=float).T
        return n, said, came


def _variances(n: Floats, came: Floats) -> Floats:
    """Of each part's share of positives; half a row is added to both sides, so that none is 0."""
    share = (came * n + 0.5) / (n + 1)
    return share * (1 - share) / n
