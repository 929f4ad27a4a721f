"""What is measured of each answer of a language model: rates, averages and percentiles."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ops_core.profiles.cells import Numeric
from ops_core.profiles.columns import Counts
from ops_core.profiles.measures import Measure
from ops_core.profiles.moments import NOTHING, Moments
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Z_95, Estimate, Rate
from ops_core.profiles.tally import Tally


@dataclass(frozen=True)
class Average:
    """The mean of a measure; its interval is Student's, from the normal quantile.

    t = z + (z³ + z) ÷ 4ν + (5z⁵ + 16z³ + 3z) ÷ 96ν² (Abramowitz & Stegun 1964, 26.7.5), ν = n − 1.
    """

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
        """Where the true mean lies; without ends for fewer than two rows."""
        if self.n < 2:
            return -math.inf, math.inf
        nu = self.n - 1
        t = z + (z**3 + z) / (4 * nu) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * nu * nu)
        reach = t * self.moments.deviation / math.sqrt(self.n)
        return self.moments.mean - reach, self.moments.mean + reach


def tally_of(profile: Profile, measure: Measure) -> Tally | None:
    """What was counted of a measure; None when no column holds it, or one of text."""
    column = profile.layout.measures.get(measure, "")
    numeric = isinstance(profile.layout.features.get(column), Numeric)
    return profile.tallies.get(column) if numeric else None


def estimate_of(profile: Profile, measure: Measure) -> Estimate:
    """Of yes and no a rate, of anything else an average."""
    tally = tally_of(profile, measure)
    moments = NOTHING if tally is None else tally.moments
    if moments.n and moments.least >= 0 and moments.greatest <= 1:
        # Σ (x − m)² of values between 0 and 1 is n·m·(1 − m) only when all are 0 or 1.
        binary = moments.n * moments.mean * (1 - moments.mean)
        if math.isclose(moments.squares, binary, rel_tol=1e-9, abs_tol=1e-9):
            return Rate(round(moments.mean * moments.n), moments.n)
    return Average(moments)


@dataclass(frozen=True)
class Percentile:
    """A percentile of a measure, read off the counts per cell: linear within a cell."""

    cells: Numeric
    counts: Counts
    moments: Moments

    @property
    def n(self) -> int:
        """Rows with a finite value."""
        return self.moments.n

    def at(self, share: float) -> float | None:
        """The value below which this share of the rows lies; None without rows."""
        if not self.n:
            return None
        ends = [self.moments.least, *self.cells.edges, self.moments.greatest]
        wanted, below = min(1.0, max(0.0, share)) * int(self.counts.sum()), 0
        for cell, count in enumerate(self.counts.tolist()):
            if count and below + count >= wanted:
                low, high = self._held(ends[cell]), self._held(ends[cell + 1])
                return float(low + (high - low) * (wanted - below) / count)
            below += count
        return self.moments.greatest

    def interval(self, share: float, z: float = Z_95) -> tuple[float, float] | None:
        """Between the percentiles that lie `z` binomial deviations lower and higher."""
        reach = z * math.sqrt(share * (1 - share) / self.n) if self.n else 0.0
        low, high = self.at(share - reach), self.at(share + reach)
        return None if low is None or high is None else (low, high)

    def above(self, limit: float) -> Rate:
        """The rows whose value is at least the limit; exact when the limit is an edge of the cells."""
        first = sum(edge < limit for edge in self.cells.edges) + 1
        return Rate(int(self.counts[first:].sum()), int(self.counts.sum()))

    def _held(self, value: float) -> float:
        return min(max(value, self.moments.least), self.moments.greatest)
