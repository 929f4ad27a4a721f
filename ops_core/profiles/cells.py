"""The cells in which the values of one feature are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, TypeAlias

import numpy as np

from ops_core.profiles.columns import Coded, Counts, Floats, Texts
from ops_core.profiles.short import Heads, ShortEdges, shortened

FINE_CELLS = 1024
DAILY_CELLS = 20
# How far beyond the reference's range a value may lie, as a share of the range, and be no surprise.
TOLERANCE = 0.1
MOST_CATEGORIES = 1000
# Placing each value costs about ten times as much as sorting it, but searching all edges has its price too.
FEW = 200
GREATEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True)
class Numeric:
    """Cells of a number: cell i holds edges[i-1] ≤ x < edges[i], the first and last are open.

    `coarse` and `daily` are positions in `edges`: the inner edges of ten and of twenty equal parts of the
    reference. A value that alone holds a tenth of the reference gets a cell of its own in all, so constants
    and zero-inflated features are seen to move. `outer` are the positions of the edges that lie `TOLERANCE`
    beyond the reference's range.
    """

    edges: tuple[float, ...]
    coarse: tuple[int, ...]
    daily: tuple[int, ...] = ()
    outer: tuple[int, int] = (0, -1)

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.edges) + 1

    @cached_property
    def quick(self) -> ShortEdges:
        """The same edges for values by their leading bits."""
        return ShortEdges.of(self.inner)

    @cached_property
    def inner(self) -> Floats:
        """The edges as an array."""
        return np.asarray(self.edges, dtype=np.float64)

    def count(self, values: Floats) -> Counts:
        """Counts per cell of values without NaN."""
        if len(values) <= FEW:
            return np.bincount(self.place(values), minlength=self.cells).astype(np.int64)
        return self.count_sorted(np.sort(values))

    def count_sorted(self, values: Floats) -> Counts:
        """The same of sorted values: the edges are searched in them, a tenth of the cost of the reverse."""
        counts = np.zeros(self.cells, dtype=np.int64)
        if not len(values):
            return counts
        first, last = np.searchsorted(self.inner, (values[0], values[-1]), side="right").tolist()
        below = np.searchsorted(values, self.inner[first:last], side="left")
        counts[first:last] = below
        counts[last] = len(values)
        counts[first + 1 : last + 1] -= below
        return counts

    def count_short(self, ordered: Heads, values: Floats) -> Counts | None:
        """The same of finite values whose heads are given in order; None when that is not quick."""
        below = self.quick.below(ordered, values)
        if below is None:
            return None
        counts = np.empty(self.cells, dtype=np.int64)
        counts[:-1], counts[-1] = below, len(values)
        counts[1:] -= below
        return counts

    def place(self, values: Floats) -> Counts:
        """The cell of each value (NaN is placed last; the caller knows where it is)."""
        return np.searchsorted(self.inner, values, side="right").astype(np.int64)

    def outside(self, counts: Counts) -> int:
        """Values that lie well outside the reference's range; 0 when the reference had no values."""
        if not self.edges:
            return 0
        low, high = (position % len(self.edges) for position in self.outer)
        return int(counts[: low + 1].sum() + counts[high + 1 :].sum())

    def counted_outside(self, counts: Counts, ends: tuple[float, float]) -> int:
        """Values below the first or from the second of two edges; 0 when they are no edges of these cells."""
        if not set(ends) <= set(self.edges):
            return 0
        low, high = np.searchsorted(self.inner, ends).tolist()
        return int(counts[: low + 1].sum() + counts[high + 1 :].sum())

    def coarsen(self, counts: Counts) -> Counts:
        """Counts per cell, along the first axis, merged into the ten-part cells."""
        return _merged(counts, self.coarse)

    def by_day(self, counts: Counts) -> Counts:
        """Counts per cell, along the first axis, merged into the twenty-part cells."""
        return _merged(counts, self.daily)

    @cached_property
    def of_day(self) -> Counts:
        """The twenty-part cell of each cell."""
        return np.searchsorted(np.asarray(self.daily), np.arange(self.cells), side="left").astype(np.int64)

    @property
    def daily_cells(self) -> int:
        """Number of twenty-part cells."""
        return len(self.daily) + 1

    @classmethod
    def of(
        cls, values: Floats, cells: int = FINE_CELLS, parts: int = 10, extra: Sequence[float] = ()
    ) -> Self:
        """Cells from the reference's values; NaN and infinities are left out. No values: one cell for all.

        `extra` are further edges that somebody wants counts at exactly.
        """
        return cls.of_sorted(np.sort(values[np.isfinite(values)]), cells, parts, extra)

    @classmethod
    def of_sorted(
        cls, known: Floats, cells: int = FINE_CELLS, parts: int = 10, extra: Sequence[float] = ()
    ) -> Self:
        """The same from finite values in order."""
        if not len(known):
            return cls(tuple(sorted(set(extra))), ())
        atoms = _atoms(known, parts)
        alone = np.concatenate([atoms, np.nextafter(atoms, np.inf)])
        least = max(cells, DAILY_CELLS, parts)
        coarse, daily, fine = (
            np.unique(np.concatenate([shortened(_quantiles(known, each), known, least), *more]))
            for each, more in ((parts, [alone]), (DAILY_CELLS, [alone]), (cells, []))
        )
        room = TOLERANCE * known[-1] - TOLERANCE * known[0]
        ends = np.array([known[0], np.nextafter(known[-1], np.inf)])
        with np.errstate(over="ignore"):
            outer = np.clip(ends + np.array([-room, room]), -GREATEST, GREATEST)
        every = [coarse, daily, fine, ends, outer, np.asarray(extra, dtype=np.float64)]
        edges = np.unique(np.concatenate(every))
        found = [np.searchsorted(edges, some).tolist() for some in (coarse, daily, outer)]
        return cls(tuple(edges.tolist()), tuple(found[0]), tuple(found[1]), (found[2][0], found[2][1]))


def _merged(counts: Counts, positions: tuple[int, ...]) -> Counts:
    starts = np.asarray([0, *(position + 1 for position in positions)], dtype=np.int64)
    return np.add.reduceat(counts, starts, axis=0)


def _quantiles(known: Floats, parts: int) -> Floats:
    """The inner edges that cut sorted values into `parts` of equal weight."""
    return known[(np.arange(1, parts) * len(known)) // parts]


def _atoms(known: Floats, parts: int) -> Floats:
    """Values that hold at least one part of the sorted values each: such a run covers a part's border."""
    at = np.minimum((np.arange(parts + 1) * len(known)) // parts, len(known) - 1)
    values = np.unique(known[at])
    held = np.searchsorted(known, values, side="right") - np.searchsorted(known, values, side="left")
    return values[held * parts >= len(known)]


@dataclass(frozen=True)
class Categorical:
    """The categories of a text feature; whatever else comes is counted as unseen in the last cell."""

    values: tuple[str, ...]

    @property
    def cells(self) -> int:
        """Number of cells, the one for unseen values included."""
        return len(self.values) + 1

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The cell of each category."""
        return {value: cell for cell, value in enumerate(self.values)}

    def count(self, values: Coded | Texts) -> Counts:
        """Counts per cell of values, without those that are missing."""
        texts = _coded(values)
        cells = np.zeros(self.cells, dtype=np.int64)
        np.add.at(cells, self.table(texts), texts.counts()[:-1])
        return cells

    def table(self, texts: Coded) -> Counts:
        """The cell of each value of the dictionary."""
        index, last = self.index, self.cells - 1
        return np.fromiter((index.get(value, last) for value in texts.values), np.int64, len(texts.values))

    def place(self, values: Coded | Texts) -> Counts:
        """The cell of each value; one more than there are for None."""
        texts = _coded(values)
        return texts.looked_up(self.table(texts), self.cells)

    @classmethod
    def of(cls, values: Texts, most_categories: int = MOST_CATEGORIES) -> Self:
        """The most frequent categories of the reference."""
        texts = _coded(values)
        return cls.ranked(dict(zip(texts.values, texts.counts().tolist(), strict=False)), most_categories)

    @classmethod
    def ranked(cls, counts: Mapping[str, int], most_categories: int = MOST_CATEGORIES) -> Self:
        """The most frequent of categories that were counted, by name where equally frequent."""
        return cls(tuple(sorted(counts, key=lambda value: (-counts[value], value))[:most_categories]))


Cells: TypeAlias = Numeric | Categorical


def _coded(values: Coded | Texts) -> Coded:
    return values if isinstance(values, Coded) else Coded.of(values)


def cells_to_json(cells: Cells) -> dict[str, Any]:
    """Plain values that tell the two kinds apart."""
    if isinstance(cells, Categorical):
        return {"values": list(cells.values)}
    positions = {"coarse": list(cells.coarse), "daily": list(cells.daily), "outer": list(cells.outer)}
    return {"edges": list(cells.edges), **positions}


def cells_from_json(plain: Mapping[str, Any]) -> Cells:
    """The cells that `cells_to_json` wrote."""
    if "values" in plain:
        return Categorical(tuple(plain["values"]))
    low, high = plain["outer"]
    return Numeric(tuple(plain["edges"]), tuple(plain["coarse"]), tuple(plain["daily"]), (low, high))
