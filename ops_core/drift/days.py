"""What days do beyond sampling: they differ from each other, and weekdays have their habits.

Rows of one day share its weather, its campaign, its batch job. A test that knows only the number of rows
calls every such day a drift. So each number's variance between days (τ²) and its weekly pattern are learnt
from the days of the reference and from production's own past, and every statistic is told of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ops_core.drift.windows import LONGEST, WEEK
from ops_core.profiles.columns import Bools, Counts, Floats

# Fewer rows say nothing about a day.
LEAST_ROWS = 10
# A difference between days counts at most as three standard deviations: a fault must not excuse itself.
MOST_SQUARED = 9.0
# The median of a squared standard normal number.
MEDIAN_SQUARED = 0.4549
# Lag-7 differences share their days, so three of them are worth two independent ones.
WORTH = 2 / 3
# How much more the average over all numbers of a kind says about one number than its own few days.
POOL_WEIGHT = 3.0
# Beyond this, numbers of a kind differ in how much their days differ.
MOST_DISAGREEMENT = 1.5
# Degrees of freedom that an average over many numbers may claim at most.
MOST_FREEDOM = 1000.0


@dataclass(frozen=True)
class Daily:
    """One number per day, on a scale where n rows have the sampling variance 1 / n.

    `x` and `n` are production's (… C D) and (… D), `y` and `m` the reference's days (… C R) and (… R) with y
    measured from the reference's mean. `squares` are set instead when the number is a vector: mean squared
    differences of the vector's unit-variance parts, see `Squares`.
    """

    x: Floats
    n: Floats
    y: Floats
    m: Floats


@dataclass(frozen=True)
class Squares:
    """Squared differences between days and the sampling variance that each has without day effects.

    `later` (… C D) and `later_chance` (… C D): of lag-7 differences of production, half of them; NaN where a
    day is missing. `usual` (… C R) and `usual_chance`: of the reference's days from their weekday's mean.
    `parts` (…) is how many numbers each square is the mean of.
    """

    later: Floats
    later_chance: Floats
    usual: Floats
    usual_chance: Floats
    parts: Floats


@dataclass(frozen=True)
class Variance:
    """An estimate of τ² with its standard error, and that error if there were no day effects: all … C D.

    `freedom` is how many independent squares it rests on; 0 where there are none.
    """

    tau: Floats
    error: Floats
    least_error: Floats
    freedom: Floats


def half_squares(x: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Half the squared lag-7 differences of x (… C D) and their chance (… C D), NaN where there is none."""
    rows = np.where(n >= LEAST_ROWS, n, np.nan)[..., None, :]
    squared, chance = np.full(x.shape, np.nan), np.full(np.broadcast_shapes(x.shape, rows.shape), np.nan)
    squared[..., WEEK:] = (x[..., WEEK:] - x[..., :-WEEK]) ** 2 / 2
    chance[..., WEEK:] = (1 / rows[..., WEEK:] + 1 / rows[..., :-WEEK]) / 2
    return np.where(np.isnan(chance), np.nan, squared), chance


def squares(daily: Daily, weekdays: Counts) -> Squares:
    """The squares of a number by day; `weekdays` are those of the reference's days (R)."""
    later, later_chance = half_squares(daily.x, daily.n)
    usual, usual_chance = around_weekday(daily.y, daily.m, weekdays)
    return Squares(later, later_chance, usual, usual_chance, np.ones(()))


def around_weekday(y: Floats, m: Floats, weekdays: Counts) -> tuple[Floats, Floats]:
    """Squared distances of the reference's days from their weekday's mean, unbiased, and their chance."""
    same = (weekdays[:, None] == weekdays[None, :]).astype(np.float64)
    mean = ((y * m[..., None, :]) @ same) / np.maximum((m @ same)[..., None, :], 1.0)
    # What is left of a day's own square when its weekday's mean is taken off.
    left = (1 - m / np.maximum(m @ same, 1.0))[..., None, :]
    known = (m[..., None, :] >= LEAST_ROWS) & (left > 0.2)
    squared = np.where(known, (y - mean) ** 2 / np.where(known, left, 1.0), np.nan)
    return squared, np.broadcast_to(1 / np.maximum(m, 1.0)[..., None, :], squared.shape)


def variance(squared: Squares) -> Variance:
    """τ² of each number for each day D, from what was known a week before: … C D.

    Production counts with the 28 lag-7 differences that end a week earlier, so that a drift of the last
    week does not count as variance, each clipped at three standard deviations (told from their median).
    """
    past = _past(squared.later)
    chance = _past(squared.later_chance)
    known = ~np.isnan(past)
    clipped = np.minimum(past, MOST_SQUARED / MEDIAN_SQUARED * _middle(past, known))
    recent = _mean(clipped - chance), _mean(chance), known.sum(axis=-1) * WORTH
    usual_known = ~np.isnan(squared.usual)
    usual = (
        _mean(squared.usual - squared.usual_chance)[..., None],
        _mean(np.where(usual_known, squared.usual_chance, np.nan))[..., None],
        # A quarter of the freedom goes into the means of weekdays with four days each.
        (usual_known.sum(axis=-1) * 0.75)[..., None],
    )
    return _combined(recent, usual, parts=squared.parts)


def _middle(past: Floats, known: Bools) -> Floats:
    """The median of those that are known, 0 where none is: … 1. NumPy's own takes ten times as long."""
    ordered, count = np.sort(past, axis=-1), known.sum(axis=-1, keepdims=True)  # NaN comes last
    low, high = (
        np.take_along_axis(ordered, np.maximum(at, 0), axis=-1) for at in ((count - 1) // 2, count // 2)
    )
    middle: Floats = np.where(count > 0, (low + high) / 2, 0.0)
    return middle


def _past(later: Floats) -> Floats:
    """The 28 values that end a week before each day: … D to … D 28, NaN before there are any."""
    room = np.full((*later.shape[:-1], LONGEST + WEEK - 1), np.nan)
    padded = np.concatenate([room, later], axis=-1)
    return sliding_window_view(padded, LONGEST, axis=-1)[..., : later.shape[-1], :]


def _mean(values: Floats) -> Floats:
    known = ~np.isnan(values)
    total: Floats = np.where(known, values, 0.0).sum(axis=-1)
    mean: Floats = total / np.maximum(known.sum(axis=-1), 1)
    return mean


def _combined(*sources: tuple[Floats, Floats, Floats], parts: Floats) -> Variance:
    """Estimates (τ², chance, freedom) together, weighted by their precision without day effects."""
    weights = [np.where(nu > 0, nu / np.maximum(chance, 1e-12) ** 2, 0.0) for _, chance, nu in sources]
    total = np.maximum(sum(weights), 1e-300)
    tau = sum(w * t for w, (t, _, _) in zip(weights, sources, strict=True)) / total
    plus = np.maximum(tau, 0.0)

    def error(extra: Floats) -> Floats:
        squared = (
            w**2 * 2 * (chance + extra) ** 2 / np.maximum(nu, 1e-9)
            for w, (_, chance, nu) in zip(weights, sources, strict=True)
        )
        found: Floats = np.sqrt(sum(squared)) / total
        return found

    # Chance spreads over the parts; what days do may lie in one direction.
    least = error(0 * plus) / np.sqrt(parts)[..., None, None]
    return Variance(tau, error(plus), least, sum(nu for _, _, nu in sources) + 0 * tau)


@dataclass(frozen=True)
class Pool:
    """What the numbers of a kind say together: τ², errors, freedom, and how far they disagree; … 1 D."""

    tau: Floats
    error: Floats
    least_error: Floats
    freedom: Floats
    disagreement: Floats


def pool_of(several: Sequence[Variance], lead: int = 0) -> Pool:
    """The average over all numbers of a kind, each by its precision."""

    def summed(each: Sequence[Floats]) -> Floats:
        return _summed(each, lead)

    precision = [_precision(each) for each in several]
    weight = np.maximum(summed(precision), 1e-300)
    each_of = list(zip(precision, several, strict=True))
    tau = summed([of * each.tau for of, each in each_of]) / weight
    return Pool(
        tau,
        np.sqrt(summed([(of * each.error) ** 2 for of, each in each_of])) / weight,
        np.sqrt(summed([(of * each.least_error) ** 2 for of, each in each_of])) / weight,
        np.minimum(summed([each.freedom for each in several]), MOST_FREEDOM),
        _disagreement(several, tau, lead),
    )


def shrunk_together(several: Sequence[Variance], lead: int = 0) -> list[Variance]:
    """Each number's τ², leaning on those of its kind; the first `lead` axes are worlds apart."""
    if not several:
        return []
    pool = pool_of(several, lead)
    return [shrunk(each, pool) for each in several]


def shrunk(own: Variance, pool: Pool) -> Variance:
    """One number's τ², leaning on the average over all numbers of its kind, itself among them.

    It stands alone where it is beyond doubt (two standard errors) greater than what the average makes of it.
    An average within a standard error of zero counts as zero.
    """
    least, pooled = pool.least_error, pool.tau
    tau = np.maximum((own.tau + POOL_WEIGHT * pooled) / (1 + POOL_WEIGHT), 0.0) * (pooled > least)
    # Where days clearly differ, a number whose own days differ more is believed at once; and where numbers
    # differ from each other in this, the average makes none of them surer.
    clear, apart = pooled > 3 * least, pool.disagreement > MOST_DISAGREEMENT
    tau = np.where(clear, np.maximum(tau, own.tau), tau)
    alone = ((own.tau - 2 * own.error > tau) | (clear & apart)) & (own.freedom > 0)
    return Variance(
        np.where(alone, np.maximum(own.tau, tau), tau),
        np.where(alone, own.error, pool.error + 0 * tau),
        np.where(alone, own.least_error, least + 0 * tau),
        np.where(alone, own.freedom, pool.freedom + 0 * tau),
    )


def _summed(several: Sequence[Floats], lead: int) -> Floats:
    """Summed over all numbers of a kind: … D becomes … 1 D."""
    sums = [each.sum(axis=tuple(range(lead, each.ndim - 1)))[..., None, :] for each in several]
    total: Floats = np.add.reduce(sums)
    return total


def _disagreement(several: Sequence[Variance], pooled: Floats, lead: int) -> Floats:
    """Mean squared distance of the numbers' τ² from the average, in their errors: about 1 if alike."""
    squared = [
        np.where(each.freedom > 0, ((each.tau - pooled) / np.maximum(each.error, 1e-150)) ** 2, 0.0)
        for each in several
    ]
    counted = _summed([(each.freedom > 0).astype(np.float64) for each in several], lead)
    return _summed(squared, lead) / np.maximum(counted, 1.0)


def _precision(each: Variance) -> Floats:
    """A weight that does not depend on the estimate, or small estimates would count most."""
    return np.where(each.freedom > 0, 1 / np.maximum(each.least_error, 1e-150) ** 2, 0.0)
