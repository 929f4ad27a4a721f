"""Rates by group are what the formulas say, and the intervals of gaps hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ops_core.profiles.parity import Impact, Parity, treatments
from ops_core.profiles.rates import Rate, p_beyond
from tests.profiles.made import patient, profile, rows, with_missing

counts = some.integers(1, 400).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n)))


@patient
@given(seed=some.integers(0, 1000))
def test_rates_by_group_are_the_formulas(seed: int) -> None:
    """Counted again from the rows, to the last digit."""
    batch = rows(200, seed, error=0.3)
    assert batch.label is not None
    found = treatments(profile(batch))
    for name, told in found.items():
        label, said = (each[batch.splits["group"] == name] == 1 for each in (batch.label, batch.prediction))
        assert told.selection.value == said.mean()
        assert told.true_positive.value == said[label].mean()
        assert told.false_positive.value == said[~label].mean()


def test_rows_without_group_or_prediction_are_left_out() -> None:
    """They belong to nobody, or were not treated at all."""
    batch = rows(300)
    group = with_missing(batch.splits["group"], 0.5).astype(object)
    made = replace(batch, splits={"group": group}, prediction=with_missing(batch.prediction, 0.2, 3))
    told = sum(each.selection.n for each in treatments(profile(made)).values())
    known = np.array([each is not None for each in group]) & ~np.isnan(made.prediction)
    assert told == known.sum()


def test_a_group_that_the_reference_lacks_is_another() -> None:
    """It is compared with the others all the same."""
    batch = rows(50, splits={"group": np.full(50, "new", dtype=object)})
    assert list(treatments(profile(batch))) == ["another"]


@patient
@given(counts, counts)
def test_the_value_lies_in_its_interval(low: tuple[int, int], high: tuple[int, int]) -> None:
    """Of both measures, however few the rows."""
    for gap in (Parity(Rate(*low), Rate(*high)), Impact(Rate(*low), Rate(*high))):
        least, most = gap.interval()
        if gap.value is not None and gap.value <= 1:
            assert least - 1e-9 <= gap.value <= most + 1e-9


@pytest.mark.parametrize("kind", [Parity, Impact])
@pytest.mark.parametrize("n", [30, 300])
def test_chance_breaks_a_limit_as_seldom_as_p_says(kind: type[Parity] | type[Impact], n: int) -> None:
    """With the truth on the limit, p ≤ 0.01 comes up in about 1 % of 4,000 windows, not more than 2 %."""
    random = np.random.default_rng(n)
    low, high = random.binomial(n, 0.4, 4000), random.binomial(n, 0.5, 4000)
    gaps = [kind(Rate(a, n), Rate(b, n)) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    limit = 0.9 if kind is Parity else 0.8
    assert np.mean([p_beyond(gap, limit, "lower") <= 0.01 for gap in gaps]) <= 0.02


def test_without_a_column_there_are_no_groups() -> None:
    """An empty answer, not an error."""
    assert treatments(profile(rows(20)), "region") == {}
