"""How many numbers lie outside the reference's range, and how many a small reference lets expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ops_core.profiles.cells import Numeric
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Rate


@dataclass(frozen=True)
class Outside:
    """A feature's values well outside the range of the reference's `seen` values, some `infinite`."""

    name: str
    rate: Rate
    least: float
    greatest: float
    seen: int
    infinite: int = 0

    def told(self) -> dict[str, Any]:
        """For a finding's detail."""
        return {
            "feature": self.name,
            "value": self.rate.value,
            "n": self.rate.n,
            "infinite": self.infinite,
            "range": [self.least, self.greatest],
        }


def outside_ranges(window: Profile, reference: Profile) -> list[Outside]:
    """Of each number that has values in the window and a range on the reference."""
    found = []
    for name, tally in window.tallies.items():
        cells, normal = window.layout.features[name], reference.tallies[name].moments
        is_input = name not in window.layout.measures.values()
        if is_input and isinstance(cells, Numeric) and cells.edges and normal.n and tally.n:
            rate = Rate(cells.outside(tally.counts), tally.n)
            found.append(Outside(name, rate, normal.least, normal.greatest, normal.n, tally.infinite))
    return found


def share_by_chance(seen: int, p: float) -> float:
    """The share of values outside a sample's range that only one sample in 1 / `p` leaves out.

    Distribution-free tolerance limits (Wilks 1941): what the range of n values covers is Beta(n − 1, 2).
    """
    from scipy.special import betaincinv  # heavy: 0.2 s

    return 1 - float(betaincinv(seen - 1, 2, p)) if seen > 1 else 1.0
