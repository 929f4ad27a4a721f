"""How features go together: sums and cross-products of pairs of them, for correlations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Self

import numpy as np

from ops_core.profiles.batch import Block
from ops_core.profiles.columns import Bools, Coded, Counted, Floats, Numbers

CLIP = 4.0
HEAVY_TAILS = 3.5
"""The variance of a correlation, relative to that of normal numbers, that tests allow for.

It is E[x²y²] of standardised numbers, 1 for normal ones: 3.2 for two that share a scale, t-distributed with 3
degrees of freedom and clipped (simulated, 200,000 rows), as sizes, amounts and counts of one request do.
"""
MOST_FEATURES = 64
MOST_MARKS = 24
"""Categories of all features together: with the numbers, what a pair table of bounded size holds."""
MOST_OF_ONE = 8
LEAST_SHARE = 0.05
"""A category that is rarer, or lacks in fewer rows, goes together with anything by chance."""
LONGEST_CATEGORY = 60
ROWS_AT_ONCE = 32_768
"""So many rows of all features take some twenty megabytes, however large a block is."""


@dataclass(frozen=True)
class Scale:
    """Mean and standard deviation on the reference: of a number, or of a mark.

    A mark is 1 in rows whose text `feature` is the `category`, 0 in those with another: the correlation of
    two is φ of their 2 × 2 table, whose absolute value is Cramér's V (Cramér 1946, ch. 21) where there are
    two categories each; that of a mark and a number is point-biserial.
    """

    mean: float
    deviation: float
    feature: str = ""
    category: str = ""

    @classmethod
    def of_share(cls, share: float, feature: str, category: str) -> Self:
        """Of a category that this share of rows has."""
        return cls(share, math.sqrt(share * (1 - share)), feature, category)

    @property
    def is_mark(self) -> bool:
        """Whether it is of a category."""
        return bool(self.feature)

    def standardised(self, column: Counted | None) -> tuple[Floats, Bools] | None:
        """A column by this scale, clipped, 0 where there is nothing; and where there is something.

        None for a column of the other kind, or none.
        """
        if self.is_mark and isinstance(column, Coded):
            found = self._marked(column)
        elif not self.is_mark and isinstance(column, Numbers):
            found = np.clip((column.filled() - self.mean) / self.deviation, -CLIP, CLIP)
        else:
            return None
        gone = column.absent()
        if gone.any():
            found[gone] = 0.0
        return found, ~gone

    def _marked(self, column: Coded) -> Floats:
        """What stands for 1 where a row has the category, and for 0 elsewhere."""
        code = column.values.index(self.category) if self.category in column.values else -2
        one, nought = (min(max((each - self.mean) / self.deviation, -CLIP), CLIP) for each in (1.0, 0.0))
        return np.where(column.codes == code, one, nought)


@dataclass(frozen=True)
class Pairs:
    """Of numbers standardised by the reference and clipped to ±`CLIP`, over rows that have both of a pair.

    Marks of categories are numbers here; see `Scale`. All are feature × feature: `n` rows, `sums` of the
    first's values, `squares` of the first's squares, `products` of both. Clipping keeps a few wild values
    from making or hiding a correlation.
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
        """Of rows; a feature that is not there, or of the other kind there, has no pairs."""
        begins = range(0, len(block), ROWS_AT_ONCE)
        parts = (cls._of(block.rows(slice(at, at + ROWS_AT_ONCE)), scales) for at in begins)
        first = next(parts, None)
        return cls.empty(tuple(scales)) if first is None else reduce(cls.merge, parts, first)

    @classmethod
    def _of(cls, block: Block, scales: Mapping[str, Scale]) -> Self:
        names = tuple(scales)
        values, there = np.zeros((len(names), len(block))), np.zeros((len(names), len(block)), dtype=bool)
        for at, (name, scale) in enumerate(scales.items()):
            found = scale.standardised(block.features.get(scale.feature or name))
            if found is not None:
                values[at], there[at] = found
        sums, squares = _where(there, values), _where(there, values * values)
        return cls(names, _where(there, there.astype(np.float64)), sums, squares, values @ values.T)

    def merge(self, other: Self) -> Self:
        """Of both sets of rows."""
        return type(self)(
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


def _where(there: Bools, values: Floats) -> Floats:
    """Feature × feature: sums of the first's values over rows that have the second."""
    whole = there.all(axis=1)
    found: Floats = np.repeat(values.sum(axis=1)[:, np.newaxis], len(there), axis=1)
    found[:, ~whole] = values @ there[~whole].T.astype(np.float64)
    return found
