"""The statistics: location, spread, shape, nulls, single categories, unseen categories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from ops_core.drift.days import Daily
from ops_core.drift.samples import Sample
from ops_core.drift.scores import Score, location_and_spread
from ops_core.drift.windows import trailing
from ops_core.profiles.columns import Floats

MOST_CATEGORIES = 20
# What the smaller sample must expect in a cell of the χ² test.
LEAST_EXPECTED = 10.0
# A window this small, or smaller, is not tested.
LEAST_WINDOW = 10


@dataclass(frozen=True)
class Measured:
    """C numbers of one kind: z without day effects and its variance (… C D W), and each number by day."""

    kind: str
    z: Floats
    chance: Floats
    daily: Daily
    weights: Floats
    cells: tuple[int, ...] = ()


def measured(sample: Sample) -> list[Measured]:
    """Every scalar statistic of the feature that its cells allow."""
    found = [_nulls(sample)]
    if sample.is_ordered:
        location, spread = location_and_spread(sample.usual.counts)
        return [_mean_of(sample, "location", location), _mean_of(sample, "spread", spread), *found]
    if sample.counts.shape[-1] > 1:
        found += [_categories(sample), _unseen(sample)]
    return found


def chance_of(rows: Floats, usual_rows: Floats) -> Floats:
    """Sampling variance 1/n_w + 1/n_r of a unit-variance number (… D W); infinite where a side is empty."""
    usual = usual_rows[..., None, None]
    possible = (rows >= LEAST_WINDOW) & (usual >= LEAST_WINDOW)
    return np.where(possible, 1 / np.maximum(rows, 1) + 1 / np.maximum(usual, 1), np.inf)


def _mean_of(sample: Sample, kind: str, score: Score) -> Measured:
    """Mean score of a window: its z, corrected for the skewness of the score (Cornish & Fisher 1938)."""
    sums = (sample.counts * score.values[..., None, :]).sum(axis=-1)
    rows, usual = trailing(sample.known), sample.usual.counts.sum(axis=-1)
    chance = chance_of(rows, usual)
    z = np.where(np.isfinite(chance), trailing(sums) / np.maximum(rows, 1), 0.0) / np.sqrt(chance)
    third = 1 / np.maximum(rows, 1) ** 2 - 1 / np.maximum(usual, 1)[..., None, None] ** 2
    skew = score.skewness[..., None, None] * third / chance**1.5
    z = np.sign(z) * np.maximum(np.minimum(np.abs(z), np.abs(z) - np.sign(z) * skew * (z**2 - 1) / 6), 0)
    daily = Daily(
        (sums / np.maximum(sample.known, 1))[..., None, :],
        sample.known,
        _daily_mean(sample.usual.daily, score.values),
        sample.usual.daily.sum(axis=-1),
    )
    return Measured(kind, z[..., None, :, :], chance[..., None, :, :], daily, np.ones(1))


def _daily_mean(daily: Floats, values: Floats) -> Floats:
    rows = np.maximum(daily.sum(axis=-1), 1)
    mean: Floats = ((daily * values[..., None, :]).sum(axis=-1) / rows)[..., None, :]
    return mean


def _nulls(sample: Sample) -> Measured:
    usual = sample.usual
    rows = usual.counts.sum(axis=-1) + usual.missing
    days = usual.daily.sum(axis=-1) + usual.daily_missing
    return _shares(
        "nulls",
        (sample.missing[..., None, :], sample.rows),
        (usual.missing[..., None], rows),
        (usual.daily_missing[..., None, :], days),
    )


def _categories(sample: Sample) -> Measured:
    """The share of each of the most frequent categories: the layout lists them in that order."""
    usual = sample.usual
    most = min(MOST_CATEGORIES, sample.counts.shape[-1] - 1)
    found = _shares(
        "category",
        (np.moveaxis(sample.counts[..., :most], -1, -2), sample.known),
        (usual.counts[..., :most], usual.counts.sum(axis=-1)),
        (np.moveaxis(usual.daily[..., :most], -1, -2), usual.daily.sum(axis=-1)),
    )
    counts = usual.counts[..., :most]
    # Half alike, half by share: what many rows hold deserves more of the attention.
    weights = 0.5 / most + 0.5 * counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1.0)
    return Measured(found.kind, found.z, found.chance, found.daily, weights, tuple(range(most)))


def _unseen(sample: Sample) -> Measured:
    """Categories that the reference never had, against its singletons (Good 1953): how many to expect.

    Only more of them than expected is news.
    """
    usual, rows = sample.usual, sample.usual.counts.sum(axis=-1)
    nothing = np.zeros((*usual.daily.shape[:-2], 1, 0))
    found = _shares(
        "unseen",
        (sample.counts[..., None, :, -1], sample.known),
        (usual.singletons[..., None], rows),
        (nothing, nothing[..., 0, :]),
    )
    last = sample.counts.shape[-1] - 1
    return Measured("unseen", np.maximum(found.z, 0.0), found.chance, found.daily, found.weights, (last,))


def _shares(
    kind: str, window: tuple[Floats, Floats], usual: tuple[Floats, Floats], days: tuple[Floats, Floats]
) -> Measured:
    """Shares (hits … C D of rows … D) against the reference's: hits … C of rows …, by day … C R of … R."""
    (hits, rows), (usual_hits, usual_rows) = window, usual
    merged, merged_rows = trailing(hits), trailing(rows)
    chance = np.broadcast_to(chance_of(merged_rows, usual_rows)[..., None, :, :], merged.shape)
    z = signed_root(
        merged, merged_rows[..., None, :, :], usual_hits[..., None, None], usual_rows[..., None, None, None]
    )
    centre = angle(usual_hits, usual_rows[..., None])[..., None]
    daily = Daily(
        angle(hits, rows[..., None, :]) - centre,
        rows,
        angle(days[0], days[1][..., None, :]) - centre,
        days[1],
    )
    return Measured(kind, np.where(np.isfinite(chance), z, 0.0), chance, daily, np.ones(1))


def angle(hits: Floats, rows: Floats) -> Floats:
    """2 arcsin √share, whose sampling variance is 1 / rows whatever the share (Anscombe 1948)."""
    result: Floats = 2 * np.arcsin(np.sqrt((hits + 0.375) / (rows + 0.75)))
    return result


def signed_root(hits: Floats, rows: Floats, usual_hits: Floats, usual_rows: Floats) -> Floats:
    """Signed root of the deviance of a 2 × 2 table, half a row moved towards equality: about normal."""
    total, all_rows = hits + usual_hits, np.maximum(rows + usual_rows, 1)
    expected = total * rows / all_rows
    apart = hits - expected
    moved = np.sign(apart) * np.maximum(np.abs(apart) - 0.5, 0.0)
    cells = (
        (expected + moved, expected),
        (total - expected - moved, total - expected),
        (rows - expected - moved, rows - expected),
        (usual_rows - total + expected + moved, usual_rows - total + expected),
    )
    deviance = sum(xlogy(seen, np.maximum(seen, 1e-300) / np.maximum(usual, 1e-300)) for seen, usual in cells)
    root: Floats = np.sign(moved) * np.sqrt(np.maximum(2 * deviance, 0.0))
    return root
