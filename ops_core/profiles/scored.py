"""What scores said about rows whose labels came: the statistics behind log loss and calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ops_core.profiles.batch import Counts, Floats
from ops_core.profiles.tally import NOTHING, Moments

UNIT = 2.0**-30
"""Scores are summed as whole numbers of this unit, so that sums merge exactly in any order."""
EPSILON = float(np.finfo(np.float64).eps)
"""Scores this close to 0 or 1 are moved there before their logarithm is taken, as scikit-learn does."""


@dataclass(frozen=True)
class Scored:
    """Counts and sums of labelled rows whose score is a probability.

    `counts` is score cell × (negative, positive); `sums` the sum of scores per cell, in `UNIT`. `outside` are
    labelled rows whose score does not lie in 0–1: they are counted nowhere else here.
    """

    counts: Counts
    sums: Counts
    log_loss: Moments = NOTHING
    squared_error: Moments = NOTHING
    outside: int = 0

    @classmethod
    def empty(cls, cells: int) -> Self:
        """No rows."""
        return cls(np.zeros((cells, 2), dtype=np.int64), np.zeros(cells, dtype=np.int64))

    @classmethod
    def of(cls, cells: int, placed: Counts, scores: Floats, positive: NDArray[np.bool_]) -> Self:
        """Of rows given their cells, scores (no NaN) and whether their label is the positive one."""
        inside = (scores >= 0) & (scores <= 1)
        at, p, y = placed[inside], scores[inside], positive[inside]
        sums = np.bincount(at, weights=np.rint(p / UNIT), minlength=cells)
        # Sorted, so that the order of rows does not show in the last digit.
        right = np.sort(np.where(y, p, 1 - p))
        return cls(
            np.bincount(at * 2 + y, minlength=cells * 2).astype(np.int64).reshape(cells, 2),
            sums.astype(np.int64),
            Moments.of(-np.log(np.maximum(right, EPSILON))),
            Moments.of((1 - right) ** 2),
            int((~inside).sum()),
        )

    def merge(self, other: Scored) -> Scored:
        """Of both sets of rows."""
        return Scored(
            self.counts + other.counts,
            self.sums + other.sums,
            self.log_loss.merge(other.log_loss),
            self.squared_error.merge(other.squared_error),
            self.outside + other.outside,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "counts": self.counts.tolist(),
            "sums": self.sums.tolist(),
            "log_loss": self.log_loss.to_json(),
            "squared_error": self.squared_error.to_json(),
            "outside": self.outside,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_json` wrote."""
        return cls(
            np.asarray(plain["counts"], dtype=np.int64).reshape(-1, 2),
            np.asarray(plain["sums"], dtype=np.int64),
            Moments.from_json(plain["log_loss"]),
            Moments.from_json(plain["squared_error"]),
            plain["outside"],
        )
