"""Weekly patterns: weekends are not like the other days, and a window must be compared with its like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from ops_core.drift.windows import WEEK
from ops_core.profiles.columns import Counts, Floats

# Below this p-value numbers of one kind, or one number, have a pattern, whatever the others do.
PATTERN_P = 0.01
# Below this one, a kind's pattern is a matter of the whole model.
COMMON_P = 0.001


@dataclass(frozen=True)
class Pattern:
    """What weekdays add to a number: `means` (… C 7) less the reference's, from `rows` (… 7) of `days` (7).

    `trust` (… C) is 1 where it is believed, else 0: see `believed`.
    """

    means: Floats
    rows: Floats
    days: Floats
    trust: Floats


@dataclass(frozen=True)
class Signal:
    """The sum of squares that a pattern raises (… C) and its degrees of freedom without one (… C)."""

    squares: Floats
    freedom: Floats


def weekday_means(y: Floats, m: Floats, weekdays: Counts) -> tuple[Floats, Floats, Floats]:
    """Means (… C 7) less that of all days, rows (… 7) and days (7) by weekday of the reference's days.

    What all days have in common is no pattern: angles of few hits lie off the reference's alike.
    """
    of = (weekdays[:, None] == np.arange(WEEK)).astype(np.float64)
    rows = m @ of
    sums = (y * m[..., None, :]) @ of
    usual = sums.sum(axis=-1) / np.maximum(rows.sum(axis=-1), 1.0)[..., None]
    means = sums / np.maximum(rows, 1.0)[..., None, :] - usual[..., None]
    return means, rows, of.sum(axis=0)


def signal(means: Floats, rows: Floats, days: Floats, tau: Floats) -> Signal:
    """Σ of squared weekday means over their variance, about χ² with 6 degrees without a pattern."""
    chance = 1 / np.maximum(rows, 1.0)[..., None, :] + tau[..., None] / np.maximum(days, 1.0)
    found: Floats = np.where(rows[..., None, :] > 0, means**2 / chance, 0.0).sum(axis=-1)
    return Signal(found, np.maximum((rows > 0).sum(axis=-1) - 1.0, 0.0)[..., None] + 0 * found)


def believed(kinds: Mapping[str, Sequence[Signal]], lead: int = 0) -> dict[str, list[Floats]]:
    """1 where a number (… C) is to be matched by weekday, else 0, for every kind.

    Because its kind as a whole has a pattern beyond chance, or it alone, or another kind very clearly. The
    first `lead` axes are worlds apart.
    """
    p_values = {kind: _together(signals, lead) for kind, signals in kinds.items() if signals}
    common = np.zeros(1, dtype=bool)
    for p_value in p_values.values():
        common = common | (p_value < COMMON_P)
    return {
        kind: [
            (common | (p_values[kind] < PATTERN_P) | (_p(each.squares, each.freedom) < PATTERN_P)).astype(
                np.float64
            )
            for each in signals
        ]
        for kind, signals in kinds.items()
    }


def _together(signals: Sequence[Signal], lead: int) -> Floats:
    def summed(several: Iterable[Floats]) -> Floats:
        total: Floats = np.add.reduce(
            [each.sum(axis=tuple(range(lead, each.ndim)))[..., None] for each in several]
        )
        return total

    return _p(summed(each.squares for each in signals), summed(each.freedom for each in signals))


def _p(squares: Floats, freedom: Floats) -> Floats:
    p_value: Floats = np.where(freedom > 0, chdtrc(np.maximum(freedom, 1.0), squares), 1.0)
    return p_value
