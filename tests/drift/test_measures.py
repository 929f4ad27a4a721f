"""Measures of drift agree with scipy's on the same bins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats
from scipy.spatial.distance import jensenshannon

from ops_core.drift import measures
from ops_core.profiles.columns import Floats
from tests.profiles.made import patient

counts = some.lists(some.integers(1, 5000), min_size=8, max_size=8).map(np.array)
numbers = some.lists(some.integers(-50, 50), min_size=5, max_size=200).map(lambda each: np.array(each, float))
EDGES: Floats = np.arange(-50.5, 50.6)


def shares(values: np.ndarray, edges: np.ndarray) -> Floats:
    """The share of the values between any two edges."""
    counts: Floats = np.histogram(values, edges)[0] / len(values)
    return counts


@patient
@given(counts, counts)
def test_divergences_are_scipys(window: np.ndarray, reference: np.ndarray) -> None:
    """Kullback–Leibler, PSI as both of them, Jensen–Shannon in bits."""
    w, r = measures.both(window, reference, smoothing=0.0)
    theirs = stats.entropy(window, reference)
    assert measures.kullback_leibler(w, r) == pytest.approx(theirs, abs=1e-9)
    assert measures.stability_index(w, r) == pytest.approx(
        theirs + stats.entropy(reference, window), abs=1e-9
    )
    assert measures.jensen_shannon(w, r) == pytest.approx(jensenshannon(window, reference, 2), abs=1e-7)


@patient
@given(counts, counts)
def test_chi_square_and_hellinger_are_the_textbooks(window: np.ndarray, reference: np.ndarray) -> None:
    """Pearson's statistic for each row, and the root of one less Bhattacharyya's coefficient."""
    w, r = measures.both(window, reference, smoothing=0.0)
    theirs = stats.chisquare(window, reference / reference.sum() * window.sum()).statistic / window.sum()
    assert measures.chi_square_distance(w, r) == pytest.approx(theirs, abs=1e-9)
    assert measures.hellinger(w, r) == pytest.approx(np.sqrt(max(0, 1 - np.sqrt(w * r).sum())), abs=1e-7)


@patient
@given(numbers, numbers)
def test_wasserstein_is_scipys_where_every_value_has_a_cell(
    window: np.ndarray, reference: np.ndarray
) -> None:
    """Whole numbers with an edge between any two."""
    ends = np.concatenate([[-60.0], EDGES, [60.0]])
    w, r = shares(window, ends), shares(reference, ends)
    theirs = stats.wasserstein_distance(window, reference)
    assert measures.wasserstein(w, r, EDGES) == pytest.approx(theirs, abs=1e-9)


@patient
@given(numbers, numbers, some.integers(2, 30))
def test_kolmogorov_smirnov_holds_its_bound(window: np.ndarray, reference: np.ndarray, step: int) -> None:
    """The exact statistic lies between the one at the borders and that plus its bound."""
    edges = np.concatenate([[-1e9], np.arange(-50, 50, step), [1e9]])
    w, r = shares(window, edges), shares(reference, edges)
    found, bound = measures.kolmogorov_smirnov(w, r)
    exact = stats.ks_2samp(window, reference, method="asymp").statistic
    assert found - 1e-9 <= exact <= found + bound + 1e-9


@patient
@given(counts)
def test_a_distribution_is_not_apart_from_itself(window: np.ndarray) -> None:
    """All measures are zero, whatever the number of rows."""
    w, r = measures.both(window * 3, window, smoothing=0.0)
    assert all(abs(measure(w, r)) < 1e-7 for measure in measures.MEASURES.values())
