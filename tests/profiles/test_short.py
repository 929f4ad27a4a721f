"""Numbers sorted by their leading bits are counted in the same cells as the numbers themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_core.profiles.cells import Numeric
from ops_core.profiles.columns import Floats, Numbers
from ops_core.profiles.short import heads, shortened
from ops_core.profiles.tally import MANY, Tally

ROWS = 2 * MANY
KINDS = ("normal", "far", "whole", "zeros", "large", "tiny")


def values_of(kind: str, seed: int) -> Floats:
    """Numbers of both signs, unless their kind has none."""
    random = np.random.default_rng(seed)
    normal = random.normal(0.1, 1.0, ROWS)
    made = {
        "normal": normal,
        "far": normal * 1e-3 + 1e9,
        "whole": np.rint(normal * 3),
        "zeros": np.where(normal < 0.3, 0.0, normal),
        "large": normal * 1e300,
        "tiny": normal * 1e-310,
    }
    return made[kind]


def plainly(column: Numbers, cells: Numeric) -> Tally:
    """The tally of the same rows, a few at a time, which are counted one by one."""
    parts = [Tally.of(column.rows(slice(at, at + 100)), cells) for at in range(0, len(column), 100)]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.merge(part)
    return whole


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), moved=st.sampled_from((0.0, 0.5, -3.0)), nulls=st.booleans())
def test_counts_are_those_of_the_numbers(kind: str, seed: int, moved: float, *, nulls: bool) -> None:
    """Whatever the edges are and wherever the window has moved to; and so are ends and moments."""
    cells = Numeric.of(values_of(kind, seed), extra=(-0.5, 0.0, 1 / 3))
    values = values_of(kind, seed + 1) * (1 + moved)
    column = Numbers(values, np.random.default_rng(seed).random(ROWS) < 0.9 if nulls else None)
    quick, plain = Tally.of(column, cells), plainly(column, cells)
    assert quick.counts.tolist() == plain.counts.tolist()
    assert (quick.missing, quick.moments.least) == (plain.missing, plain.moments.least)
    assert (quick.n, quick.moments.greatest) == (plain.n, plain.moments.greatest)
    assert quick.moments.mean == pytest.approx(plain.moments.mean, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("wild", [np.nan, -np.nan, np.inf, -np.inf, -0.0])
def test_wild_numbers_among_many_are_told_from_the_others(wild: float) -> None:
    """NaN is missing, infinities are counted at the ends, and minus zero is zero."""
    values = np.random.default_rng(1).normal(0, 1, ROWS)
    cells = Numeric.of(values)
    values[::1000] = wild
    quick, plain = Tally.of(Numbers(values), cells), plainly(Numbers(values), cells)
    assert quick.counts.tolist() == plain.counts.tolist()
    assert (quick.nan, quick.infinite, quick.missing) == (plain.nan, plain.infinite, plain.missing)


def test_an_outlier_first_costs_no_digits() -> None:
    """The spread of numbers around 1 is told to nine digits though one of them is a trillion."""
    values = np.random.default_rng(2).normal(1, 1, ROWS)
    values[0] = 1e12
    column = Numbers(values, np.arange(ROWS) % 2 == 0)
    found = Tally.of(column, Numeric.of(values)).moments
    assert found.squares == pytest.approx(plainly(column, Numeric.of(values)).moments.squares, rel=1e-9)


def test_no_head_lies_on_both_sides_of_a_short_edge() -> None:
    """And a short edge is at most a millionth of it below the edge."""
    known = np.sort(np.random.default_rng(3).normal(0, 1, 100_000))
    edges = known[1000::1000]
    short = shortened(edges, known, cells=100)
    assert ((short <= edges) & (edges - short <= 1e-6 * np.abs(edges))).all()
    assert (heads(np.nextafter(short, -np.inf)) != heads(short)).all()


def test_edges_stay_where_numbers_differ_only_in_their_last_bits() -> None:
    """Times in microseconds of one hour, say: short edges would throw a cell's rows together."""
    known = np.sort(1.7e15 + np.random.default_rng(4).uniform(0, 3.6e9, 10_000))
    edges = known[100::100]
    assert shortened(edges, known, cells=100).tolist() == edges.tolist()
