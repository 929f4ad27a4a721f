"""How features go together: one test of whether any correlation has changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ops_core.profiles.columns import Bools, Floats
from ops_core.profiles.pairs import HEAVY_TAILS

# Features that repeat each other have no finite z.
HELD = 0.999999
LEAST_ROWS = 30
# Rows that are to be expected with a category, and without it: fewer are too coarse for the normal law.
LEAST_OF_MARK = 10


@dataclass(frozen=True)
class Correlated:
    """Correlations (F × F, NaN where unknown) and the rows that each rests on (F × F)."""

    values: Floats
    n: Floats


@dataclass(frozen=True)
class Together:
    """Two (their positions), their correlation, its rows now, and its p-value among all others."""

    p_value: float
    pair: tuple[int, int]
    before: float
    now: float
    n: int

    @property
    def moved(self) -> float:
        """By how much that correlation moved."""
        return abs(self.now - self.before)


def changed_together(
    window: Correlated, usual: Correlated, compared: Bools, shares: Floats, least: float
) -> Together | None:
    """Compares the correlations of the pairs that are `compared` (F × F); None where none is known.

    Of those that moved by `least` or more the one with the largest of Fisher's z-statistics (1921), else the
    one that moved most; its two-sided p-value times the number of all pairs (Bonferroni), which holds however
    features depend on each other. The variance of each is that of normal
    numbers times `HEAVY_TAILS`, for numbers that are not. Marks of categories, whose `shares` of the
    reference's rows (F, NaN for numbers) are given, vary more where they depend on each other and are rare:
    see `table_variance`; those that too few rows are likely to have are left out.
    """
    known = compared & np.isfinite(window.values) & np.isfinite(usual.values)
    fewest = np.minimum(window.n, usual.n)
    rarer = np.fmin(shares, 1 - shares)
    rarest = np.fmin(rarer, rarer[:, np.newaxis])
    known &= (fewest >= LEAST_ROWS) & ~(fewest * rarest < LEAST_OF_MARK)
    rows, columns = np.nonzero(np.triu(known, 1))
    if not len(rows):
        return None
    now, before = window.values[rows, columns], usual.values[rows, columns]
    tables = np.nan_to_num(table_variance(before, shares[rows], shares[columns]))
    variance = np.maximum(HEAVY_TAILS, tables)
    apart = np.arctanh(np.clip(now, -HELD, HELD)) - np.arctanh(np.clip(before, -HELD, HELD))
    spread = variance * (1 / (window.n[rows, columns] - 3) + 1 / (usual.n[rows, columns] - 3))
    z, moved = np.abs(apart) / np.sqrt(spread), np.abs(now - before)
    far = moved >= least
    at = int(np.where(far, z, -1.0).argmax() if far.any() else moved.argmax())
    pair = (int(rows[at]), int(columns[at]))
    p_value = min(1.0, len(rows) * math.erfc(float(z[at]) / math.sqrt(2)))
    return Together(p_value, pair, float(before[at]), float(now[at]), int(window.n[pair]))


def table_variance(correlation: Floats, one: Floats, other: Floats) -> Floats:
    """The variance of √n times Fisher's z of φ, of 2 × 2 tables (T) with these shares in row and column (T).

    By the delta method (Bishop, Fienberg & Holland 1975, "Discrete Multivariate Analysis", 11.3.3), 1 for
    tables without dependence.
    """
    phi = np.clip(correlation, -HELD, HELD)
    both = one * (1 - one) * other * (1 - other)
    skewed = (2 * one - 1) * (2 * other - 1) / np.sqrt(both)
    squares = (2 * one - 1) ** 2 / (one * (1 - one)) + (2 * other - 1) ** 2 / (other * (1 - other))
    variance = 1 - phi**2 + phi * (1 + phi**2 / 2) * skewed - 0.75 * phi**2 * squares
    found: Floats = variance / (1 - phi**2) ** 2
    return found
