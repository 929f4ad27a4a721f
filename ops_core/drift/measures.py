"""Measures of how far two distributions on the same cells lie apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from ops_core.profiles.columns import Counts, Floats

SMOOTHING = 0.5


def shares(counts: Counts, smoothing: float) -> Floats:
    """Shares of cells, `smoothing` rows added to each."""
    kept = counts + smoothing
    found: Floats = kept / kept.sum()
    return found


def both(window: Counts, reference: Counts, smoothing: float = SMOOTHING) -> tuple[Floats, Floats]:
    """Shares w and r of the cells that either side uses; empty arrays when a side has no rows."""
    if not window.sum() or not reference.sum():
        return np.zeros(0), np.zeros(0)
    used = (window + reference) > 0
    return shares(window[used], smoothing), shares(reference[used], smoothing)


def kullback_leibler(w: Floats, r: Floats) -> float:
    """Σ w ln(w / r), in nats; infinite where r is 0 and w is not."""
    with np.errstate(divide="ignore"):
        terms = np.where(w > 0, w * np.log(np.where(w > 0, w, 1.0) / r), 0.0)
    return float(terms.sum())


def stability_index(w: Floats, r: Floats) -> float:
    """PSI: Σ (w − r) ln(w / r), both Kullback–Leibler divergences together."""
    return kullback_leibler(w, r) + kullback_leibler(r, w)


def jensen_shannon(w: Floats, r: Floats) -> float:
    """The distance: root of the mean divergence from the middle, in bits; 0–1 (as scipy's with base 2)."""
    middle = (w + r) / 2
    divergence = (kullback_leibler(w, middle) + kullback_leibler(r, middle)) / 2 if len(w) else 0.0
    return float(np.sqrt(max(0.0, divergence) / np.log(2)))


def hellinger(w: Floats, r: Floats) -> float:
    """√(½ Σ (√w − √r)²); 0–1."""
    return float(np.sqrt(((np.sqrt(w) - np.sqrt(r)) ** 2).sum() / 2))


def chi_square_distance(w: Floats, r: Floats) -> float:
    """Pearson's φ² = Σ (w − r)² / r: the χ² statistic of w against r for each row."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.where(w == r, 0.0, (w - r) ** 2 / r).sum())


def kolmogorov_smirnov(w: Floats, r: Floats) -> tuple[float, float]:
    """The greatest distance of the distribution functions at the cells' borders, and how much it may hide.

    Inside a cell, one function may have risen to the cell's end while the other is still at its beginning.
    """
    if not len(w):
        return 0.0, 0.0
    here, there = np.cumsum(w), np.cumsum(r)
    statistic = float(np.abs(here - there).max())
    before, since = np.concatenate([[0.0], here[:-1]]), np.concatenate([[0.0], there[:-1]])
    possible = float(np.maximum(here - since, there - before).max())
    return statistic, max(0.0, possible - statistic)


def wasserstein(w: Floats, r: Floats, edges: Floats) -> float:
    """∫ |W − R| dx between the borders of the cells (K cells, K − 1 edges): how far values moved.

    What lies beyond the outermost borders counts as lying on them.
    """
    if len(edges) < 2 or not len(w):
        return 0.0
    apart = np.abs(np.cumsum(w) - np.cumsum(r))[: len(edges)]
    return float((apart[:-1] * np.diff(edges)).sum())


MEASURES: Mapping[str, Callable[[Floats, Floats], float]] = MappingProxyType(
    {
        "psi": stability_index,
        "kl": kullback_leibler,
        "js": jensen_shannon,
        "ks": lambda w, r: kolmogorov_smirnov(w, r)[0],
        "chi_square": chi_square_distance,
        "hellinger": hellinger,
    }
)
"""By name; Wasserstein's needs the cells' borders as well."""
