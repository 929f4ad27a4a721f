"""Drift measures agree with scipy, and say little when nothing drifts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from ops_core.profiles.drift import adjusted, chi_square_p, compare, merge_sparse, psi, psi_by_chance
from tests.profiles.made import patient

counts = some.lists(some.integers(20, 5000), min_size=10, max_size=10).map(np.array)


@patient
@given(counts, counts)
def test_psi_is_the_sum_of_both_divergences(window: np.ndarray, reference: np.ndarray) -> None:
    """Without smoothing, PSI is KL(w‖r) + KL(r‖w)."""
    theirs = stats.entropy(window, reference) + stats.entropy(reference, window)
    assert psi(window, reference, smoothing=0) == pytest.approx(theirs, abs=1e-9)


@patient
@given(counts, counts)
def test_the_p_value_is_that_of_the_contingency_table(window: np.ndarray, reference: np.ndarray) -> None:
    """Where no cell is sparse, the test is scipy's χ² of a 2 × 10 table."""
    theirs = stats.chi2_contingency([window, reference], correction=False).pvalue
    assert chi_square_p(window, reference, least=0) == pytest.approx(theirs, abs=1e-9)


def test_without_drift_the_corrected_psi_is_near_zero() -> None:
    """On average sampling adds what `psi_by_chance` takes away."""
    random = np.random.default_rng(3)
    pairs = [(random.multinomial(150, [0.1] * 10), random.multinomial(4000, [0.1] * 10)) for _ in range(2000)]
    mean = np.mean([psi(window, reference) for window, reference in pairs])
    assert mean == pytest.approx(psi_by_chance(10, 150, 4000), rel=0.08)


def test_without_drift_p_values_are_seldom_small() -> None:
    """At most about 1 % fall under 0.01."""
    random = np.random.default_rng(4)
    pairs = [(random.multinomial(150, [0.1] * 10), random.multinomial(400, [0.1] * 10)) for _ in range(4000)]
    assert np.mean([chi_square_p(*pair) <= 0.01 for pair in pairs]) <= 0.015


def test_an_empty_cell_does_not_make_the_psi_infinite() -> None:
    """A category that vanished is large but finite."""
    apart = compare(np.array([0, 1000]), np.array([500, 500]))
    assert 1 < apart.corrected < 10 and apart.p_value < 1e-9


def test_nothing_to_compare_is_no_drift() -> None:
    """An empty side gives zero and p = 1 instead of a division by zero."""
    assert compare(np.zeros(3, dtype=int), np.array([1, 2, 3])).p_value == 1.0


@patient
@given(some.lists(some.integers(0, 30), min_size=1, max_size=30).map(np.array))
def test_merging_sparse_cells_loses_no_row(window: np.ndarray) -> None:
    """The totals stay what they were."""
    merged, _ = merge_sparse(window, window + 1, 10)
    assert merged.sum() == window.sum()


def test_adjusted_p_values_are_holms() -> None:
    """The textbook example, in the order given."""
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
