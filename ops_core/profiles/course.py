"""How labels and predictions met over time: outcome counts per short stretch of the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import numpy as np

from ops_core.profiles.columns import Counts

MOST_STRETCHES = 6000
SECOND = 1_000_000
WIDTHS = tuple(
    seconds * SECOND
    for seconds in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
)


def width_for(span: timedelta, stretches: int = MOST_STRETCHES) -> int:
    """The smallest round width, in microseconds, that cuts `span` into at most so many stretches."""
    least = span / timedelta(microseconds=1) / stretches
    return next((width for width in WIDTHS if width >= least), max(WIDTHS[-1], int(least) + 1))


@dataclass(frozen=True)
class Course:
    """Outcome counts per stretch of `width` microseconds; only stretches with rows are kept, in order.

    `starts` and `firsts` (the first row) are microseconds since 1970; `counts` is stretch × label state ×
    prediction state as in `Profile.outcomes`. Of a regression, a label and a prediction that are numbers are
    label state 0 and prediction state 0, or 1 where the error is larger than the layout's `usual_error`.
    """

    width: int
    starts: Counts
    firsts: Counts
    counts: Counts

    @classmethod
    def of(cls, width: int, at: Counts, labels: Counts, predictions: Counts, shape: tuple[int, int]) -> Self:
        """The course of rows given their times and codes."""
        starts, firsts, positions = _stretches(width, at)
        cells = (positions * shape[0] + labels) * shape[1] + predictions
        counts = np.bincount(cells, minlength=len(starts) * shape[0] * shape[1]).astype(np.int64)
        return cls(width, starts * width, firsts, counts.reshape(len(starts), *shape))

    def merge(self, other: Course) -> Course:
        """The course of both sets of rows."""
        if not len(self.starts) or not len(other.starts):
            return self if len(self.starts) else other
        if self.starts[-1] <= other.starts[0]:
            return self._followed_by(other)
        if other.starts[-1] <= self.starts[0]:
            return other._followed_by(self)
        starts = np.concatenate([self.starts, other.starts])
        firsts = np.concatenate([self.firsts, other.firsts])
        return self._grouped(self.width, starts, firsts, np.concatenate([self.counts, other.counts]))

    def _followed_by(self, later: Course) -> Course:
        """Of stretches of which at most one is in both, as of blocks that come in order of time."""
        shared = int(self.starts[-1] == later.starts[0])
        counts = np.concatenate([self.counts, later.counts[shared:]])
        firsts = np.concatenate([self.firsts, later.firsts[shared:]])
        if shared:
            at = len(self.starts) - 1
            counts[at] += later.counts[0]
            firsts[at] = min(firsts[at], later.firsts[0])
        return Course(self.width, np.concatenate([self.starts, later.starts[shared:]]), firsts, counts)

    def after(self, start: int) -> Course:
        """Only the stretches whose first row came after `start`, microseconds since 1970."""
        kept = self.firsts > start
        return Course(self.width, self.starts[kept], self.firsts[kept], self.counts[kept])

    def widened(self, width: int) -> Course:
        """The same counts in stretches of `width`; a multiple of the own width keeps them exact."""
        return self._grouped(width, self.starts // width * width, self.firsts, self.counts)

    @classmethod
    def _grouped(cls, width: int, starts: Counts, firsts: Counts, counts: Counts) -> Self:
        kept, positions = np.unique(starts, return_inverse=True)
        earliest = np.full(len(kept), np.iinfo(np.int64).max)
        np.minimum.at(earliest, positions, firsts)
        summed = np.zeros((len(kept), *counts.shape[1:]), dtype=np.int64)
        np.add.at(summed, positions, counts)
        return cls(width, kept, earliest, summed)

    def to_plain(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {
            "width": self.width,
            "starts": self.starts,
            "firsts": self.firsts,
            "counts": self.counts,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The course that `to_plain` wrote."""
        return cls(plain["width"], plain["starts"], plain["firsts"], plain["counts"])


def _stretches(width: int, at: Counts) -> tuple[Counts, Counts, Counts]:
    """Which stretches there are, the first row of each, and the position among them of every row."""
    if len(at) and (at[-1] // width - at[0] // width) < len(at) and np.all(at[1:] >= at[:-1]):
        return _runs(width, at)
    stretches = at // width
    if not np.all(stretches[1:] >= stretches[:-1]):
        starts, positions = np.unique(stretches, return_inverse=True)
        firsts = np.full(len(starts), np.iinfo(np.int64).max)
        np.minimum.at(firsts, positions, at)
        return starts, firsts, positions
    # The rows of a stretch lie together, in whatever order.
    begins = np.flatnonzero(np.diff(stretches, prepend=stretches[:1] - 1))
    lengths = np.diff(begins, append=len(at))
    positions = np.repeat(np.arange(len(begins)), lengths)
    return stretches[begins], np.minimum.reduceat(at, begins) if len(at) else at, positions


def _runs(width: int, at: Counts) -> tuple[Counts, Counts, Counts]:
    """The same of rows in order of time, as they are written: each stretch is a run that is looked up."""
    stretches = np.arange(at[0] // width, at[-1] // width + 1)
    begins = np.searchsorted(at, stretches * width)
    lengths = np.diff(begins, append=len(at))
    there = lengths > 0
    positions = np.repeat(np.arange(np.count_nonzero(there)), lengths[there])
    return stretches[there], at[begins[there]], positions
