"""What scores said about rows whose labels came: the statistics behind ranking, log loss and calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from ops_core.profiles.cells import Numeric
from ops_core.profiles.columns import Counts, Floats
from ops_core.profiles.moments import NOTHING, Moments

UNIT = 2.0**-30
"""Scores are summed as whole numbers of this unit, so that sums merge exactly in any order."""
EPSILON = float(np.finfo(np.float64).eps)
"""Scores this close to 0 or 1 are moved there before their logarithm is taken, as scikit-learn does."""


@dataclass(frozen=True)
class Scored:
    """Counts and sums of labelled rows with a score.

    `ranks` is rank cell × (negative, positive), of all of them. The others are of those whose score is a
    probability: `counts` is score cell × (negative, positive), `sums` the sum of scores per score cell, in
    `UNIT`. `outside` are rows whose score does not lie in 0–1.
    """

    counts: Counts
    sums: Counts
    ranks: Counts
    log_loss: Moments = NOTHING
    squared_error: Moments = NOTHING
    outside: int = 0

    @classmethod
    def empty(cls, score: Numeric, ranks: Numeric) -> Self:
        """No rows."""
        by_label = (np.zeros((cells, 2), dtype=np.int64) for cells in (score.cells, ranks.cells))
        counts, ranked = by_label
        return cls(counts, np.zeros(score.cells, dtype=np.int64), ranked)

    @classmethod
    def of(cls, score: Numeric, ranks: Numeric, scores: Floats, *, positive: bool) -> Self:
        """Of rows of one label, given their scores in order (no NaN)."""
        first, last = np.searchsorted(scores, 0.0, side="left"), np.searchsorted(scores, 1.0, side="right")
        inside, at = scores[first:last], int(positive)
        empty = cls.empty(score, ranks)
        empty.ranks[:, at] = ranks.count_sorted(scores)
        empty.counts[:, at] = counts = score.count_sorted(inside)
        units = np.concatenate([[0], np.cumsum(np.rint(inside / UNIT).astype(np.int64))])
        ends = np.cumsum(counts)
        sums = units[ends] - units[ends - counts]
        # In order, whichever the label, so that the order of rows does not show in the last digit.
        right = inside[::-1] if positive else 1 - inside
        log_loss = Moments.of_sorted(-np.log(np.maximum(right, EPSILON)))
        squared = Moments.of_sorted((1 - right) ** 2)
        return cls(empty.counts, sums, empty.ranks, log_loss, squared, len(scores) - len(inside))

    def merge(self, other: Scored) -> Scored:
        """Of both sets of rows."""
        return Scored(
            self.counts + other.counts,
            self.sums + other.sums,
            self.ranks + other.ranks,
            self.log_loss.merge(other.log_loss),
            self.squared_error.merge(other.squared_error),
            self.outside + other.outside,
        )

    def to_plain(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {
            "counts": self.counts,
            "sums": self.sums,
            "ranks": self.ranks,
            "log_loss": self.log_loss.to_plain(),
            "squared_error": self.squared_error.to_plain(),
            "outside": self.outside,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_plain` wrote."""
        return cls(
            plain["counts"],
            plain["sums"],
            plain["ranks"],
            Moments.from_plain(plain["log_loss"]),
            Moments.from_plain(plain["squared_error"]),
            plain["outside"],
        )
