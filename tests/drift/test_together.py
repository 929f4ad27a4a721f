"""How tables of two marks vary."""

from __future__ import annotations

import numpy as np
import pytest

from ops_core.drift.together import table_variance

ROWS, TABLES = 4_000, 3_000


@pytest.mark.parametrize(
    "table",
    [
        (0.25, 0.25, 0.25, 0.25),
        (0.05, 0.05, 0.05, 0.85),
        (0.04, 0.02, 0.02, 0.92),
        (0.3, 0.1, 0.1, 0.5),
        (0.0025, 0.0475, 0.0475, 0.9025),
    ],
)
def test_the_variance_is_that_of_simulated_tables(table: tuple[float, float, float, float]) -> None:
    """Within a tenth: without dependence 1, and more the rarer both are and the more they go together."""
    counts = np.random.default_rng(1).multinomial(ROWS, table, TABLES) / ROWS
    both, first, second, _ = counts.T
    one, other = both + first, both + second
    phi = (both - one * other) / np.sqrt(one * (1 - one) * other * (1 - other))
    p, q = np.array([table[0] + table[1]]), np.array([table[0] + table[2]])
    true = (table[0] - p * q) / np.sqrt(p * (1 - p) * q * (1 - q))
    assert ROWS * np.arctanh(phi).var() == pytest.approx(float(table_variance(true, p, q)[0]), rel=0.1)
