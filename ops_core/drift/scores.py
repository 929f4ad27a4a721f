"""Scores of cells: numbers whose mean over a window tells how far, and how wide, its values lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from ops_core.profiles.columns import Floats

# Below this variance a score is that of a constant, or of two cells that have no spread beside their place.
LEAST_VARIANCE = 1e-9


@dataclass(frozen=True)
class Score:
    """Values by cell (… K) with mean 0 and variance 1 under the reference (all zero where there are none).

    `skewness` (…) is the reference's, of these values.
    """

    values: Floats
    skewness: Floats


def location_and_spread(usual: Floats) -> tuple[Score, Score]:
    """Scores of the reference's counts (… K): mean normal scores of the cells, and their squares.

    The normal scores (van der Waerden 1952) of ranks lose nothing against the mean where values are normal
    and are robust where they are not; a shift of 1 is about one standard deviation. The squares are made
    orthogonal to them. A cell empty in the reference counts as half a row.
    """
    shares = usual / np.maximum(usual.sum(axis=-1, keepdims=True), 1.0)
    held = usual + np.where(usual > 0, 0.0, 0.5)
    held = held / held.sum(axis=-1, keepdims=True)
    upper = np.minimum(held.cumsum(axis=-1), 1.0)
    ends = ndtri(np.concatenate([np.zeros_like(upper[..., :1]), upper[..., :-1]], axis=-1))
    ends = np.concatenate([ends, np.full_like(ends[..., :1], np.inf)], axis=-1)
    finite = np.where(np.isfinite(ends), ends, 0.0)
    density = np.where(np.isfinite(ends), np.exp(-0.5 * finite**2) / np.sqrt(2 * np.pi), 0.0)
    place = (density[..., :-1] - density[..., 1:]) / held
    square = 1 + ((finite * density)[..., :-1] - (finite * density)[..., 1:]) / held
    location = standardised(place, shares)
    overlap = (shares * square * location.values).sum(axis=-1, keepdims=True)
    return location, standardised(square - overlap * location.values, shares)


def standardised(values: Floats, shares: Floats) -> Score:
    """The values (… K) with mean 0 and variance 1 over cells that hold these shares (… K)."""
    centred = values - (shares * values).sum(axis=-1, keepdims=True)
    variance = (shares * centred**2).sum(axis=-1, keepdims=True)
    unit = np.where(variance > LEAST_VARIANCE, centred / np.sqrt(np.maximum(variance, LEAST_VARIANCE)), 0.0)
    return Score(unit, (shares * unit**3).sum(axis=-1))
