"""What is compared: one feature's counts by day in production, and in the reference."""

from __future__ import annotations

from dataclasses import dataclass, field

from ops_core.profiles.columns import Counts, Floats


@dataclass(frozen=True)
class Usual:
    """A feature on the reference: rows per cell (… K), missing (…), and by day (… R K), (… R) where known.

    `weekdays` (R) are 0–6. `singletons` (…) is the number of categories that one row alone holds, and
    what lies in the cell of unseen categories, if anything.
    """

    counts: Floats
    missing: Floats
    daily: Floats
    daily_missing: Floats
    weekdays: Counts
    singletons: Floats


@dataclass(frozen=True)
class Sample:
    """A feature in production, by day: rows per cell (… D K), missing (… D), on weekdays D.

    `is_ordered` tells numbers, whose cells have an order, from categories, whose last cell holds what the
    reference never had.
    """

    counts: Floats
    missing: Floats
    weekdays: Counts
    usual: Usual
    is_ordered: bool
    name: str = ""

    @property
    def known(self) -> Floats:
        """Rows with a value, by day: … D."""
        rows: Floats = self.counts.sum(axis=-1)
        return rows

    @property
    def rows(self) -> Floats:
        """All rows by day: … D."""
        return self.known + self.missing


@dataclass(frozen=True)
class Test:
    """One kind of statistic of one feature: p-value and effect of C numbers in each window, … C D W.

    `effect` is signed and in standard deviations (roots of the PSI for shapes, Cohen's h for shares), 0 where
    nothing was tested. `weights` (… C, sum 1) divide what the kind may spend among the numbers.
    """

    kind: str
    p_value: Floats
    effect: Floats
    weights: Floats
    cells: tuple[int, ...] = field(default=())
