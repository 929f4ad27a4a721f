"""Windows of merged days: a small change needs many rows, a large one should not wait for them."""

from __future__ import annotations

import numpy as np

from ops_core.profiles.columns import Counts, Floats

WINDOWS = (1, 2, 3, 5, 8, 12, 18, 28)
LONGEST = WINDOWS[-1]
WEEK = 7


def trailing(daily: Floats, axis: int = -1) -> Floats:
    """Sums over the last w days, for every day and every w of `WINDOWS`: … D … becomes … D W ….

    Zero where fewer than w days are known, so that short histories are not looked at twice.
    """
    days = np.moveaxis(daily, axis, 0).astype(np.float64)
    total = np.concatenate([np.zeros((1, *days.shape[1:])), days.cumsum(axis=0)])
    sums = np.zeros((len(days), len(WINDOWS), *days.shape[1:]))
    for position, w in enumerate(WINDOWS):
        if w <= len(days):
            sums[w - 1 :, position] = total[w:] - total[:-w]
    at = axis if axis >= 0 else axis - 1
    return np.moveaxis(sums, (0, 1), (at, at + 1))


def share_of_weekdays(rows: Floats, weekdays: Counts) -> Floats:
    """Which share of each window's rows fell on each weekday: rows … D and weekdays D (0–6) to … D W 7."""
    by_weekday = rows[..., None] * (weekdays[:, None] == np.arange(WEEK))
    merged = trailing(by_weekday, axis=-2)
    shares: Floats = merged / np.maximum(merged.sum(axis=-1, keepdims=True), 1.0)
    return shares
