"""The order in which real rows come as traffic."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

RESAMPLED_RATIO = 0.1


def endless_order(rows: int, seed: int) -> Iterator[int]:
    """Row numbers without end: every lap is shuffled anew, and a tenth of it is drawn at random."""
    random = np.random.default_rng(seed)
    while True:
        lap = random.permutation(rows)
        drawn = random.random(rows) < RESAMPLED_RATIO
        lap[drawn] = random.integers(0, rows, drawn.sum())
        yield from (int(place) for place in lap)
