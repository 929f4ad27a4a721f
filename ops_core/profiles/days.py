"""How each UTC day's values fell into a few cells, for what changes from day to day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from ops_core.profiles.batch import Block
from ops_core.profiles.cells import Categorical, Cells
from ops_core.profiles.columns import Coded, Counted, Counts, Numbers
from ops_core.profiles.tally import Tally

DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Days:
    """Counts by UTC day: `days` are days since 1970 in order, `n` their rows.

    `counts` is, by feature, day × cell: the about twenty `daily` cells of numbers, all cells of texts.
    `missing` is, by feature, nulls and NaN of each day. Days without rows are not there.
    """

    days: Counts
    n: Counts
    counts: Mapping[str, Counts]
    missing: Mapping[str, Counts]

    @classmethod
    def empty(cls, features: Mapping[str, Cells]) -> Self:
        """No day."""
        none = np.zeros(0, dtype=np.int64)
        counts = {name: np.zeros((0, daily_cells(cells)), dtype=np.int64) for name, cells in features.items()}
        return cls(none, none, counts, dict.fromkeys(features, none))

    @classmethod
    def of_days(
        cls,
        days: Sequence[tuple[int, int]],
        features: Mapping[str, Cells],
        tallies: Mapping[str, Sequence[Tally]],
    ) -> Self:
        """Of rows of each day that were tallied: `days` are day and rows, `tallies` one a day, by feature."""
        counts = {
            name: np.stack([_daily(tally, cells) for tally in tallies[name]])
            for name, cells in features.items()
        }
        missing = {name: np.array([tally.missing for tally in tallies[name]]) for name in features}
        which, rows = zip(*days, strict=True)
        return cls(np.array(which), np.array(rows), counts, missing)

    @classmethod
    def of(cls, block: Block, features: Mapping[str, Cells], tallies: Mapping[str, Tally]) -> Self:
        """Of rows of any days, placed one by one; `tallies` are those of the same rows."""
        days, which = np.unique(block.at // DAY, return_inverse=True)
        counts, missing = {}, {}
        for name, cells in features.items():
            column, size = block.features.get(name), daily_cells(cells)
            placed = _placed(column, cells) if column is not None and not tallies[name].absent else None
            told = np.full(len(block), size + 1) if placed is None else placed
            joint = np.bincount(which * (size + 2) + told, minlength=len(days) * (size + 2))
            by_day = joint.astype(np.int64).reshape(len(days), size + 2)
            counts[name], missing[name] = by_day[:, :size], by_day[:, size]
        return cls(days, np.bincount(which).astype(np.int64), counts, missing)

    def merge(self, other: Days) -> Days:
        """Of both sets of rows."""
        if not len(self.days) or not len(other.days):
            return self if len(self.days) else other
        days = np.union1d(self.days, other.days)
        mine, others = np.searchsorted(days, self.days), np.searchsorted(days, other.days)

        def summed(one: Counts, two: Counts) -> Counts:
            total = np.zeros((len(days), *one.shape[1:]), dtype=np.int64)
            total[mine] = one
            total[others] += two  # no day is in there twice
            return total

        return Days(
            days,
            summed(self.n, other.n),
            {name: summed(counts, other.counts[name]) for name, counts in self.counts.items()},
            {name: summed(counts, other.missing[name]) for name, counts in self.missing.items()},
        )

    def to_plain(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {"days": self.days, "n": self.n, "counts": dict(self.counts), "missing": dict(self.missing)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_plain` wrote."""
        return cls(plain["days"], plain["n"], plain["counts"], plain["missing"])


def _daily(tally: Tally, cells: Cells) -> Counts:
    return tally.counts if isinstance(cells, Categorical) else cells.by_day(tally.counts)


def daily_cells(cells: Cells) -> int:
    """How many cells a feature has by day."""
    return cells.cells if isinstance(cells, Categorical) else cells.daily_cells


def _placed(column: Counted, cells: Cells) -> Counts | None:
    """The daily cell of each value, one more for a missing one; None when the types do not fit."""
    if isinstance(cells, Categorical):
        return cells.place(column) if isinstance(column, Coded) else None
    if not isinstance(column, Numbers):
        return None
    borders = cells.inner[list(cells.daily)] if cells.daily else np.zeros(0)
    placed = np.searchsorted(borders, column.filled(), side="right").astype(np.int64)
    placed[column.absent()] = cells.daily_cells
    return placed
