"""What is kept of one feature: counts per cell, what was missing or no number, and moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from ops_core.profiles.cells import FEW, Categorical, Cells, Numeric
from ops_core.profiles.columns import Coded, Counted, Counts, Floats, Numbers, finite_of
from ops_core.profiles.moments import NOTHING, Moments
from ops_core.profiles.scratch import scratch, scratch_heads
from ops_core.profiles.short import heads

MOST_UNSEEN = 50
MANY = 4096
"""Fewer are sorted in full as quickly as by their heads."""
SOME = 64
"""The middle one of so many is near enough to the middle of all to lose no digits."""


@dataclass(frozen=True)
class Tally:
    """Counts per cell of one feature in a window.

    `missing` are nulls and NaN, `nan` those of them that are NaN; `infinite` are values counted in the
    outermost cells. `absent` are rows of files that do not have the column or hold another type in it,
    `mistyped` those of the latter. `unseen` are the most frequent categories that the reference does not
    have, with their counts; beyond `MOST_UNSEEN` of them the rarest are dropped.
    """

    counts: Counts
    missing: int = 0
    absent: int = 0
    moments: Moments = NOTHING
    mistyped: int = 0
    nan: int = 0
    infinite: int = 0
    unseen: Mapping[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Rows that have a value."""
        return int(self.counts.sum())

    @classmethod
    def empty(cls, cells: Cells, absent: int = 0) -> Self:
        """The tally of rows none of which has the column."""
        return cls(np.zeros(cells.cells, dtype=np.int64), absent=absent)

    @classmethod
    def of(cls, column: Counted, cells: Cells) -> Self:
        """The tally of a column whose type fits the cells; TypeError when it does not."""
        if isinstance(cells, Numeric) and isinstance(column, Numbers):
            return cls._of_numbers(column, cells)
        if isinstance(cells, Categorical) and isinstance(column, Coded):
            return cls._of_texts(column, cells)
        raise TypeError("a column of another type than the reference's")

    @classmethod
    def _of_numbers(cls, column: Numbers, cells: Numeric) -> Self:
        quick = _quickly(column, cells) if len(column) >= MANY else None
        if quick is not None:
            counts, missing, moments = quick
            return cls(counts, missing, moments=moments)
        values, nulls, nan = _in_order(column)
        finite = finite_of(values)
        counts = cells.count(values) if len(values) <= FEW else cells.count_sorted(values)
        moments = Moments.of_sorted(finite)
        return cls(counts, nulls + nan, moments=moments, nan=nan, infinite=len(values) - len(finite))

    @classmethod
    def _of_texts(cls, column: Coded, cells: Categorical) -> Self:
        counts, table = column.counts(), cells.table(column)
        found = np.zeros(cells.cells, dtype=np.int64)
        np.add.at(found, table, counts[:-1])
        strange = np.flatnonzero((table == cells.cells - 1) & (counts[:-1] > 0)) if found[-1] else ()
        unseen = Counter({column.values[at]: int(counts[at]) for at in strange})
        return cls(found, int(counts[-1]), unseen=_most(unseen))

    def merge(self, other: Tally) -> Tally:
        """The tally of both sets of rows."""
        return Tally(
            self.counts + other.counts,
            self.missing + other.missing,
            self.absent + other.absent,
            self.moments.merge(other.moments),
            self.mistyped + other.mistyped,
            self.nan + other.nan,
            self.infinite + other.infinite,
            _most(Counter(self.unseen) + Counter(other.unseen)) if self.unseen or other.unseen else {},
        )

    def to_plain(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {
            "counts": self.counts,
            "rows": [self.missing, self.absent, self.mistyped, self.nan, self.infinite],
            "moments": self.moments.to_plain(),
            "unseen": dict(self.unseen),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The tally that `to_plain` wrote."""
        missing, absent, mistyped, nan, infinite = plain["rows"]
        moments = Moments.from_plain(plain["moments"])
        return cls(plain["counts"], missing, absent, moments, mistyped, nan, infinite, plain["unseen"])


def _quickly(column: Numbers, cells: Numeric) -> tuple[Counts, int, Moments] | None:
    """Counts per cell, nulls and moments of finite numbers; None when some are not, or in doubt.

    Nulls are counted as one of the values, then taken out again.
    """
    values, nulls = _doubles(column), 0
    first = 0 if column.valid is None else int(column.valid.argmax())
    near = column.rows(slice(first, first + SOME)).there()
    one = float(np.sort(near)[len(near) // 2]) if len(near) else np.nan
    if column.valid is not None:
        nulls = len(column) - int(np.count_nonzero(column.valid))
        np.copyto(values, one, where=~column.valid)
    least, greatest = values.min(), values.max()
    if not (np.isfinite(least) and np.isfinite(greatest)):
        return None
    ordered = scratch_heads(len(column))
    np.copyto(ordered, heads(values))
    ordered.sort()
    counts = cells.count_short(ordered, values)
    if counts is None:
        return None
    counts[cells.place(np.array([one]))] -= nulls
    return counts, nulls, Moments.around(one, values, len(column) - nulls, (least, greatest))


def _doubles(column: Numbers) -> Floats:
    """The values as float64, in memory that is used again unless they are that as they lie."""
    own = column.values
    if column.valid is None and own.dtype == np.float64 and own.flags.c_contiguous and own.flags.aligned:
        return own
    values = scratch("order", len(own))
    np.copyto(values, own, casting="unsafe")
    return values


def _in_order(column: Numbers) -> tuple[Floats, int, int]:
    """The values sorted, in memory that is used again; how many are null, and how many NaN."""
    values = scratch("order", len(column))
    np.copyto(values, column.values, casting="unsafe")
    nulls = 0
    if column.valid is not None:
        nulls = len(column) - int(np.count_nonzero(column.valid))
        np.copyto(values, np.nan, where=~column.valid)
    values.sort()
    known = len(values)
    if known and np.isnan(values[-1]):  # NaN comes last
        known = int(np.searchsorted(values, np.inf, side="right"))
    return values[:known], nulls, len(values) - known - nulls


def _most(unseen: Counter[str]) -> dict[str, int]:
    return dict(sorted(unseen.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_UNSEEN])
