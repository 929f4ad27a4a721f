"""How numbers go together: sums and cross-products of pairs of features, for correlations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from ops_core.profiles.batch import Block
from ops_core.profiles.columns import Floats, Numbers

CLIP = 4.0
HEAVY_TAILS = 3.5
"""The variance of a correlation, relative to that of normal numbers, that tests allow for.

It is E[x²y²] of standardised numbers, 1 for normal ones: 3.2 for two that share a scale, t-distributed with 3
degrees of freedom and clipped (simulated, 200,000 rows), as sizes, amounts and counts of one request do.
"""
MOST_FEATURES = 64


@dataclass(frozen=True)
class Scale:
    """A feature's mean and standard deviation on the reference."""

    mean: float
    deviation: float


@dataclass(frozen=True)
class Pairs:
    """Of numbers standardised by the reference and clipped to ±`CLIP`, over rows that have both of a pair.

    All are feature × feature: `n` rows, `sums` of the first's values, `squares` of the first's squares,
    `products` of both. Clipping keeps a few wild values from making or hiding a correlation.
    """

    names: tuple[str, ...]
    n: Floats
    sums: Floats
    squares: Floats
    products: Floats

    @classmethod
    def empty(cls, names: tuple[str, ...]) -> Self:
        """No rows."""
        nothing = np.zeros((len(names), len(names)))
        return cls(names, nothing, nothing, nothing, nothing)

    @classmethod
    def of(cls, block: Block, scales: Mapping[str, Scale]) -> Self:
        """Of rows; a feature that is not there, or is no number there, has no pairs."""
        names = tuple(scales)
        values, there = np.zeros((len(names), len(block))), np.zeros((len(names), len(block)))
        for at, (name, scale) in enumerate(scales.items()):
            column = block.features.get(name)
            if isinstance(column, Numbers):
                gone = column.absent()
                there[at] = ~gone
                values[at] = np.clip((column.filled() - scale.mean) / scale.deviation, -CLIP, CLIP)
                values[at][gone] = 0.0
        mask = there.T
        return cls(names, there @ mask, values @ mask, (values * values) @ mask, values @ values.T)

    def merge(self, other: Pairs) -> Pairs:
        """Of both sets of rows."""
        return Pairs(
            self.names,
            self.n + other.n,
            self.sums + other.sums,
            self.squares + other.squares,
            self.products + other.products,
        )

    def correlation(self) -> Floats:
        """Pearson's, feature × feature, of the clipped values; NaN without three rows or without spread."""
        n = np.where(self.n > 2, self.n, np.nan)
        means, other_means = self.sums / n, self.sums.T / n
        variances = np.maximum(self.squares / n - means**2, 0.0)
        spread = np.sqrt(variances * variances.T)
        covariance = self.products / n - means * other_means
        known = spread > 1e-12
        return np.where(known, np.clip(covariance / np.where(known, spread, 1.0), -1, 1), np.nan)

    def to_plain(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {
            "names": list(self.names),
            "n": self.n,
            "sums": self.sums,
            "squares": self.squares,
            "products": self.products,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_plain` wrote."""
        arrays = (plain[name] for name in ("n", "sums", "squares", "products"))
        return cls(tuple(plain["names"]), *arrays)
