"""The simulations draw counts, not rows: both fall into the cells alike."""

import numpy as np
import pytest
from scipy.stats import chisquare

from ops_core.profiles.cells import Numeric
from tests.benchmarks.detection.made_features import NUMBERS, true_shares

ROWS = 200_000


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 1.0), (0.25, 1.0), (0.0, 1.2)])
@pytest.mark.parametrize("at", [0, 5, 9, 12, 13, 14], ids=["normal", "log", "t", "Poisson", "zeros", "peaks"])
def test_rows_fall_into_the_cells_as_their_true_shares_say(at: int, shift: float, scale: float) -> None:
    """So counts of n rows are multinomial: χ² of 200,000 rows on the product's cells of a reference."""
    random, number = np.random.default_rng([at, 3]), NUMBERS[at]
    cells = Numeric.of(number.made(random.normal(size=10_000)))
    rows = number.made(random.normal(size=ROWS) + shift) * scale
    shares = true_shares(number, cells.inner[list(cells.daily)], np.full(1, shift), scale)
    expected = ROWS * shares
    some = expected > 0
    counts = cells.by_day(cells.count(rows))
    assert not counts[~some].any()
    assert chisquare(counts[some], expected[some]).pvalue > 1e-3
