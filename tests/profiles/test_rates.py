"""Rates agree with scipy, and chance crosses a limit as seldom as the p-value says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from ops_core.profiles.rates import Rate, Worse, p_beyond, p_beyond_scaled
from tests.profiles.made import patient


@patient
@given(some.integers(1, 5000).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_the_interval_is_wilsons(hits_n: tuple[int, int]) -> None:
    """Our closed form equals scipy's."""
    theirs = stats.binomtest(*hits_n).proportion_ci(0.95, method="wilson")
    assert Rate(*hits_n).interval() == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@patient
@given(some.integers(1, 2000).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_the_interval_of_f1_holds_its_value(hits_n: tuple[int, int]) -> None:
    """The transformed interval stays within 0–1 and around the value."""
    rate = Rate(*hits_n, harmonic=True)
    low, high = rate.interval()
    assert rate.value is not None and 0 <= low <= rate.value <= high <= 1


@pytest.mark.parametrize(("worse", "side"), [("lower", "less"), ("higher", "greater")])
@patient
@given(some.integers(1, 500).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_p_beyond_a_fixed_limit_is_the_binomial_tests(
    worse: Worse, side: str, hits_n: tuple[int, int]
) -> None:
    """Exact in both directions."""
    theirs = stats.binomtest(*hits_n, 0.3, alternative=side).pvalue
    assert p_beyond(Rate(*hits_n), 0.3, worse) == pytest.approx(theirs, abs=1e-12)


def test_a_huge_reference_counts_as_fixed() -> None:
    """The reference's own error vanishes with its size."""
    fixed = p_beyond(Rate(65, 100), 0.9 * 0.85, "lower")
    scaled = p_beyond_scaled(Rate(65, 100), Rate(85 * 10**7, 10**9), 0.9, "lower")
    assert scaled == pytest.approx(fixed, rel=1e-3)


def test_a_small_reference_weakens_the_evidence() -> None:
    """The same fall against fewer reference rows is less certain."""
    many, few = (p_beyond_scaled(Rate(65, 100), Rate(97 * k, 100 * k), 0.9, "lower") for k in (100, 1))
    assert many < few


def test_nothing_beyond_the_limit_is_no_evidence() -> None:
    """On the good side p is large, in both directions."""
    assert p_beyond(Rate(90, 100), 0.8, "lower") > 0.99 and p_beyond(Rate(1, 100), 0.2, "higher") > 0.99


@pytest.mark.parametrize("n", [10, 40, 400])
def test_chance_crosses_a_relative_limit_as_often_as_p_says(n: int) -> None:
    """With the truth exactly on the limit, p ≤ 0.01 comes up in about 1 % of samples, not more than 2.5 %."""
    random = np.random.default_rng(n)
    normal, now = random.binomial(1000, 0.95, 4000), random.binomial(n, 0.9 * 0.95, 4000)
    pairs = zip(now.tolist(), normal.tolist(), strict=True)
    found = [p_beyond_scaled(Rate(a, n), Rate(b, 1000), 0.9, "lower") <= 0.01 for a, b in pairs]
    assert np.mean(found) <= 0.025
