"""The median's interval and the sign test beneath it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from ops_core.profiles.rates import p_beyond
from ops_core.signals.typical import Typical

points = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=60)


@given(points)
def test_the_interval_holds_the_median_and_is_made_of_points(values: list[float]) -> None:
    """Or is without ends when there are too few."""
    typical = Typical(tuple(values))
    low, high = typical.interval()
    assert low <= (typical.value or 0.0) <= high
    assert low in (-math.inf, *values) and high in (math.inf, *values)
    assert math.isinf(low) == (len(values) < 6)


@pytest.mark.parametrize("above", range(11, 22))
def test_the_p_value_is_that_of_the_exact_sign_test(above: int) -> None:
    """Of 21 points, as scipy has it."""
    typical = Typical((2.0,) * above + (1.0,) * (21 - above))
    exact = binomtest(above, 21, 0.5, alternative="greater").pvalue
    assert p_beyond(typical, 1.5, "higher") == pytest.approx(exact, rel=1e-6)


def test_no_points_have_no_value() -> None:
    """And no end."""
    assert Typical(()).value is None and Typical(()).interval() == (-math.inf, math.inf)
