"""The shape of a distribution: a two-sample χ² test over its cells that knows of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ops_core.drift.days import LEAST_ROWS, Squares
from ops_core.drift.samples import Sample
from ops_core.drift.statistics import LEAST_EXPECTED, chance_of
from ops_core.drift.windows import WEEK, trailing
from ops_core.profiles.columns import Counts, Floats

# As many as there are cells by day: neighbours that move against each other are seen by nothing else.
PARTS = 20


@dataclass(frozen=True)
class Shape:
    """Window and reference on twenty parts: … D W K and … K, what sampling explains (… D W) and days."""

    window: Floats
    usual: Floats
    chance: Floats
    squares: Squares
    patterns: tuple[Floats, Floats, Floats]


def in_parts(samples: Sequence[Sample]) -> list[Sample]:
    """Numbers on about twenty cells of equal weight; categories as they are."""
    return [_in_parts(each) if each.is_ordered else each for each in samples]


def _in_parts(sample: Sample) -> Sample:
    usual, starts = sample.usual, part_starts(sample.usual.counts)
    counts, whole, daily = (
        np.add.reduceat(each, starts, axis=-1) for each in (sample.counts, usual.counts, usual.daily)
    )
    return replace(sample, counts=counts, usual=replace(usual, counts=whole, daily=daily))


def shape_of(sample: Sample) -> Shape:
    """The shape's counts, and how its parts differ between days; of a sample `in_parts`."""
    usual, window = sample.usual, sample.counts
    days, whole = usual.daily, usual.counts
    shares = whole / np.maximum(whole.sum(axis=-1, keepdims=True), 1)
    return Shape(
        trailing(window, axis=-2),
        whole,
        chance_of(trailing(sample.known), usual.counts.sum(axis=-1)),
        _squares(window, days, shares, usual.weekdays),
        _by_weekday(days, usual.weekdays),
    )


def part_starts(counts: Floats, parts: int = PARTS) -> Counts:
    """First cells of about so many neighbouring groups of equal weight in the reference (summed over …)."""
    weights = counts.reshape(-1, counts.shape[-1]).mean(axis=0)
    share = weights.cumsum() / max(weights.sum(), 1.0)
    before = np.concatenate([[0.0], share[:-1]])
    group = np.floor((before + 1e-9) * parts)
    return np.flatnonzero(np.diff(group, prepend=-1.0) > 0).astype(np.int64)


def _squares(window: Floats, days: Floats, shares: Floats, weekdays: Counts) -> Squares:
    """Mean squares of the parts' unit-variance differences, as `days.squares` makes them of one number."""
    degrees = np.maximum((shares > 0).sum(axis=-1) - 1, 1)
    weight = np.where(shares > 0, 1 / np.maximum(shares, 1e-12), 0.0)[..., None, :] / degrees[..., None, None]
    rows, usual_rows = window.sum(axis=-1), days.sum(axis=-1)
    x = window / np.maximum(rows, 1)[..., None]
    counted = np.where(rows >= LEAST_ROWS, rows, np.nan)
    later, chance = np.full(rows.shape, np.nan), np.full(rows.shape, np.nan)
    later[..., WEEK:] = ((x[..., WEEK:, :] - x[..., :-WEEK, :]) ** 2 * weight).sum(axis=-1) / 2
    chance[..., WEEK:] = (1 / counted[..., WEEK:] + 1 / counted[..., :-WEEK]) / 2
    later = np.where(np.isnan(chance), np.nan, later)
    same = (weekdays[:, None] == weekdays[None, :]).astype(np.float64)
    of_weekday = usual_rows @ same
    mean = np.moveaxis(np.moveaxis(days, -1, -2) @ same, -1, -2) / np.maximum(of_weekday, 1)[..., None]
    left = 1 - usual_rows / np.maximum(of_weekday, 1)
    distance = ((days / np.maximum(usual_rows, 1)[..., None] - mean) ** 2 * weight).sum(axis=-1)
    usual = np.where((usual_rows >= LEAST_ROWS) & (left > 0.2), distance / np.maximum(left, 0.2), np.nan)
    return Squares(
        later[..., None, :],
        chance[..., None, :],
        usual[..., None, :],
        (1 / np.maximum(usual_rows, 1))[..., None, :],
        degrees.astype(np.float64),
    )


def _by_weekday(days: Floats, weekdays: Counts) -> tuple[Floats, Floats, Floats]:
    """Counts (… 7 K) and rows (… 7) of the reference by weekday, and its days (7)."""
    of = (weekdays[:, None] == np.arange(WEEK)).astype(np.float64)
    counts = np.moveaxis(np.moveaxis(days, -1, -2) @ of, -1, -2)
    return counts, counts.sum(axis=-1), of.sum(axis=0)


def chi_square(window: Floats, usual: Floats, usual_rows: Floats) -> tuple[Floats, Floats]:
    """Two-sample χ² and its degrees of freedom over the last axis; `usual_rows` is the reference's worth.

    Cells of which the smaller sample expects fewer than `LEAST_EXPECTED` are taken together, and left out if
    even so they are too few.
    """
    rows = window.sum(axis=-1, keepdims=True)
    worth = usual_rows[..., None]
    usual = usual / np.maximum(usual.sum(axis=-1, keepdims=True), 1e-300) * worth
    pooled = window + usual
    expected = pooled * np.minimum(rows, worth) / np.maximum(rows + worth, 1.0)
    large = expected >= LEAST_EXPECTED
    with np.errstate(all="ignore"):
        ratio = np.sqrt(np.maximum(worth, 1e-300) / np.maximum(rows, 1e-300))
    terms = np.where(large, _term(window, usual, ratio), 0.0).sum(axis=-1)
    small_window, small_usual = (np.where(large, 0.0, each).sum(axis=-1) for each in (window, usual))
    small = np.where(large, 0.0, expected).sum(axis=-1)
    counted = small >= LEAST_EXPECTED
    terms = terms + np.where(counted, _term(small_window, small_usual, ratio[..., 0]), 0.0)
    degrees = large.sum(axis=-1) + counted - 1.0
    return np.where(degrees > 0, terms, 0.0), np.maximum(degrees, 0.0)


def _term(window: Floats, usual: Floats, ratio: Floats) -> Floats:
    together = np.maximum(window + usual, 1e-300)
    term: Floats = (window * ratio - usual / ratio) ** 2 / together
    return term
