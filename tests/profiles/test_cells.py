"""Cells are where a statistician would put them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from ops_core.profiles.cells import Categorical, Numeric
from tests.profiles.made import patient

numbers = some.lists(some.floats(allow_nan=False, width=32), max_size=200).map(
    lambda v: np.array(v, dtype=float)
)


@patient
@given(numbers, numbers)
def test_counting_equals_placing(reference: np.ndarray, values: np.ndarray) -> None:
    """The fast count by sorting is the count of each value's cell."""
    cells = Numeric.of(reference)
    placed = np.bincount(cells.place(values), minlength=cells.cells)
    assert cells.count(values).tolist() == placed.tolist()


def test_the_coarse_cells_hold_a_tenth_each() -> None:
    """Ten equal parts of the reference, as PSI is usually computed."""
    values = np.random.default_rng(0).normal(size=5000)
    cells = Numeric.of(values)
    assert cells.coarsen(cells.count(values)).tolist() == [500] * 10


def test_a_constant_is_seen_to_move_either_way() -> None:
    """The constant has a cell of its own between two open ones."""
    cells = Numeric.of(np.full(100, 3.0))
    assert [cells.place(np.array([value]))[0] for value in (2.9, 3.0, 3.1)] == [0, 1, 2]


def test_zeros_have_a_cell_of_their_own() -> None:
    """A zero-inflated feature keeps its zeros apart from small values."""
    values = np.concatenate([np.zeros(700), np.linspace(0.001, 1, 300)])
    cells = Numeric.of(values)
    assert 700 in cells.coarsen(cells.count(values)).tolist()


def test_values_outside_the_reference_have_cells() -> None:
    """The outermost fine cells are empty on the reference."""
    values = np.random.default_rng(1).random(1000)
    counts = Numeric.of(values).count(values)
    assert counts[0] == counts[-1] == 0


def test_a_reference_without_values_has_one_cell() -> None:
    """All null, or all infinite: everything falls into the same cell."""
    assert Numeric.of(np.array([np.nan, np.inf])).count(np.array([1.0, 2.0])).tolist() == [2]


def test_unseen_categories_are_counted_last() -> None:
    """What the reference does not have is kept apart."""
    cells = Categorical.of(np.array(["a", "a", "b", None], dtype=object))
    assert cells.count(np.array(["b", "new", "a"], dtype=object)).tolist() == [1, 1, 1]
