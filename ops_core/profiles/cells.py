"""The cells in which the values of one feature are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np

from ops_core.profiles.batch import Counts, Floats, Texts

FINE_CELLS = 128
# How far beyond the reference's range a value may lie, as a share of the range, and be no surprise.
TOLERANCE = 0.1
MOST_CATEGORIES = 1000


@dataclass(frozen=True)
class Numeric:
    """Cells of a number: cell i holds edges[i-1] ≤ x < edges[i], the first and last are open.

    `coarse` are positions in `edges`: the inner edges of ten equal parts of the reference. A value that
    alone holds a tenth of the reference gets a cell of its own in both, so constants and zero-inflated
    features are seen to move. The first and the last cell begin `TOLERANCE` beyond the reference's range.
    """

    edges: tuple[float, ...]
    coarse: tuple[int, ...]

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.edges) + 1

    def count(self, values: Floats) -> Counts:
        """Counts per cell of values without NaN: sort once, then search the edges in the sorted values."""
        below = np.searchsorted(np.sort(values), np.asarray(self.edges), side="left")
        return np.diff(below, prepend=0, append=len(values)).astype(np.int64)

    def place(self, values: Floats) -> Counts:
        """The cell of each value (NaN is placed last; the caller knows where it is)."""
        return np.searchsorted(np.asarray(self.edges), values, side="right").astype(np.int64)

    def outside(self, counts: Counts) -> int:
        """Values that lie well outside the reference's range; 0 when the reference had no values."""
        return int(counts[0] + counts[-1]) if self.edges else 0

    def coarsen(self, counts: Counts) -> Counts:
        """Counts per cell, along the first axis, merged into the ten-part cells."""
        starts = np.asarray([0, *(position + 1 for position in self.coarse)], dtype=np.int64)
        return np.add.reduceat(counts, starts, axis=0)

    @classmethod
    def of(cls, values: Floats, cells: int = FINE_CELLS, parts: int = 10) -> Self:
        """Cells from the reference's values; NaN and infinities are left out. No values: one cell for all."""
        known = np.sort(values[np.isfinite(values)])
        if not len(known):
            return cls((), ())
        deciles = _quantiles(known, parts)
        atoms = _atoms(known, parts)
        coarse = np.unique(np.concatenate([deciles, atoms, np.nextafter(atoms, np.inf)]))
        room = TOLERANCE * (known[-1] - known[0])
        room = room if np.isfinite(room) else 0.0
        outer = np.array([known[0], np.nextafter(known[-1], np.inf)])
        outer = np.concatenate([outer, outer + np.array([-room, room])])
        edges = np.unique(np.concatenate([coarse, _quantiles(known, cells), outer]))
        return cls(tuple(edges.tolist()), tuple(np.searchsorted(edges, coarse).tolist()))


def _quantiles(known: Floats, parts: int) -> Floats:
    """The inner edges that cut sorted values into `parts` of equal weight."""
    return known[(np.arange(1, parts) * len(known)) // parts]


def _atoms(known: Floats, parts: int) -> Floats:
    """Values that hold at least one part of the sorted values each."""
    values, counts = np.unique(known, return_counts=True)
    return values[counts * parts >= len(known)]


@dataclass(frozen=True)
class Categorical:
    """The categories of a text feature; whatever else comes is counted as unseen in the last cell."""

    values: tuple[str, ...]

    @property
    def cells(self) -> int:
        """Number of cells, the one for unseen values included."""
        return len(self.values) + 1

    def count(self, values: Texts) -> Counts:
        """Counts per cell of values without None."""
        found, counts = np.unique(values.astype(str), return_counts=True)
        index = {value: cell for cell, value in enumerate(self.values)}
        cells = np.zeros(self.cells, dtype=np.int64)
        for value, count in zip(found.tolist(), counts.tolist(), strict=True):
            cells[index.get(value, -1)] += count
        return cells

    def place(self, values: Texts) -> Counts:
        """The cell of each value; one more than there are for None."""
        index: dict[str | None, int] = {value: cell for cell, value in enumerate(self.values)}
        index[None] = self.cells
        return np.array([index.get(value, self.cells - 1) for value in values.tolist()], dtype=np.int64)

    @classmethod
    def of(cls, values: Texts, most_categories: int = MOST_CATEGORIES) -> Self:
        """The most frequent categories of the reference."""
        known = np.array([value for value in values.tolist() if value is not None], dtype=str)
        found, counts = np.unique(known, return_counts=True)
        most = np.argsort(-counts, kind="stable")[:most_categories]
        return cls(tuple(found[most].tolist()))


Cells: TypeAlias = Numeric | Categorical


def cells_to_json(cells: Cells) -> dict[str, Any]:
    """Plain values that tell the two kinds apart."""
    if isinstance(cells, Numeric):
        return {"edges": list(cells.edges), "coarse": list(cells.coarse)}
    return {"values": list(cells.values)}


def cells_from_json(plain: Mapping[str, Any]) -> Cells:
    """The cells that `cells_to_json` wrote."""
    if "values" in plain:
        return Categorical(tuple(plain["values"]))
    return Numeric(tuple(plain["edges"]), tuple(plain["coarse"]))
