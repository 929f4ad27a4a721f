"""Tallies the features of rows, and what of them fell on which day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

import numpy as np

from ops_core.profiles.batch import Block, Problem
from ops_core.profiles.cells import Categorical, Cells, Numeric
from ops_core.profiles.columns import Counted, Numbers
from ops_core.profiles.days import DAY, Days
from ops_core.profiles.layout import Layout
from ops_core.profiles.tally import Tally

# A day of at least so many rows is counted by itself; fewer are placed row by row.
ROWS_A_DAY = 500


def tallied(layout: Layout, block: Block) -> tuple[dict[str, Tally], Days]:
    """The tally of each feature and the counts by day of at least one row."""
    first, last = int(block.at.min()) // DAY, int(block.at.max()) // DAY
    if first < last and (last - first + 1) * ROWS_A_DAY > len(block):
        tallies = {name: _tally(block, name, cells) for name, cells in layout.features.items()}
        return tallies, Days.of(block, layout.features, tallies)
    parts = [(first, block)] if first == last else list(by_day(block))
    apart = {
        name: [_tally(part, name, cells) for _, part in parts] for name, cells in layout.features.items()
    }
    days = Days.of_days([(day, len(part)) for day, part in parts], layout.features, apart)
    return {name: reduce(Tally.merge, each) for name, each in apart.items()}, days


def by_day(block: Block) -> Iterator[tuple[int, Block]]:
    """The rows of each day, in the order of days; there must be rows."""
    days = block.at // DAY
    if not np.all(days[1:] >= days[:-1]):
        order = np.argsort(days, kind="stable")
        block, days = block.rows(order), days[order]
    begins = np.flatnonzero(np.diff(days, prepend=days[0] - 1)).tolist()
    for begin, end in zip(begins, [*begins[1:], len(block)], strict=True):
        yield int(days[begin]), block.rows(slice(begin, end))


def misfits(layout: Layout, block: Block) -> Iterator[Problem]:
    """Columns that hold another type than the reference's."""
    for name, cells in layout.features.items():
        column = block.features.get(name)
        if column is not None and not _fits(column, cells) and not column.absent().all():
            found, expected = ("a number", "text") if isinstance(cells, Categorical) else ("text", "a number")
            yield Problem(f"column {name}", f"holds {found}, but {expected} in the reference; left out")


def _tally(block: Block, name: str, cells: Cells) -> Tally:
    column = block.features.get(name)
    if column is not None and not _fits(column, cells) and column.absent().all():
        # Arrow knows no type for a column that is all null.
        return replace(Tally.empty(cells), missing=len(block))
    if column is None or not _fits(column, cells):
        mistyped = 0 if column is None else len(block)
        return replace(Tally.empty(cells, absent=len(block)), mistyped=mistyped)
    return Tally.of(column, cells)


def _fits(column: Counted, cells: Cells) -> bool:
    return isinstance(column, Numbers) == isinstance(cells, Numeric)
