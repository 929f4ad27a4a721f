"""What is kept of one feature: counts per cell, what was missing, and moments."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from ops_core.profiles.batch import Column, Counts, Floats, absent
from ops_core.profiles.cells import Cells, Numeric


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
        """Moments of values, infinities left out."""
        finite = values[np.isfinite(values)]
        if not len(finite):
            return cls()
        mean = float(finite.mean())
        squares = float(((finite - mean) ** 2).sum())
        return cls(len(finite), mean, squares, float(finite.min()), float(finite.max()))

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

    def to_json(self) -> list[float] | None:
        """Plain values; None without values, whose least and greatest JSON cannot hold."""
        return [self.n, self.mean, self.squares, self.least, self.greatest] if self.n else None

    @classmethod
    def from_json(cls, plain: Sequence[Any] | None) -> Self:
        """The moments that `to_json` wrote."""
        return cls(*plain) if plain else cls()


NOTHING = Moments()


@dataclass(frozen=True)
class Tally:
    """Counts per cell of one feature in a window.

    `missing` are nulls and NaN; `absent` are rows of files that do not have the column or hold another type
    in it, `mistyped` those of the latter.
    """

    counts: Counts
    missing: int = 0
    absent: int = 0
    moments: Moments = NOTHING
    mistyped: int = 0

    @property
    def n(self) -> int:
        """Rows that have a value."""
        return int(self.counts.sum())

    @classmethod
    def empty(cls, cells: Cells, absent: int = 0) -> Self:
        """The tally of rows none of which has the column."""
        return cls(np.zeros(cells.cells, dtype=np.int64), absent=absent)

    @classmethod
    def of(cls, column: Column, cells: Cells) -> Self:
        """The tally of a column whose type fits the cells."""
        known = column[~absent(column)]
        missing = len(column) - len(known)
        if isinstance(cells, Numeric):
            values = known.astype(np.float64, copy=False)
            return cls(cells.count(values), missing, moments=Moments.of(values))
        return cls(cells.count(known.astype(object, copy=False)), missing)

    def merge(self, other: Tally) -> Tally:
        """The tally of both sets of rows."""
        return Tally(
            self.counts + other.counts,
            self.missing + other.missing,
            self.absent + other.absent,
            self.moments.merge(other.moments),
            self.mistyped + other.mistyped,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "counts": self.counts.tolist(),
            "missing": self.missing,
            "absent": self.absent,
            "moments": self.moments.to_json(),
            "mistyped": self.mistyped,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The tally that `to_json` wrote."""
        counts = np.asarray(plain["counts"], dtype=np.int64)
        moments = Moments.from_json(plain["moments"])
        return cls(counts, plain["missing"], plain["absent"], moments, plain["mistyped"])
