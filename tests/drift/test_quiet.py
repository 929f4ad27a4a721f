"""A year without drift is quiet, and a drift is found: short simulations with fixed seeds."""

import numpy as np
import pytest
from scipy.special import erfc

from ops_core.drift.assessment import assess
from ops_core.drift.budget import NUMERIC, Budget, open_since
from ops_core.drift.samples import Sample, Usual
from ops_core.drift.samples import Test as OneTest
from ops_core.drift.weekly import believed, signal, weekday_means
from ops_core.drift.windows import WINDOWS, trailing
from ops_core.profiles.columns import Bools
from tests.benchmarks.detection.made_features import Change, World, Year, samples

FROM_DAY = 35


def rings(
    n: int, days: int, *, world: World | None = None, change: Change | None = None, seed: int = 5
) -> Bools:
    """Which days ring (models × days) on eight models of twenty features."""
    year = Year(np.random.default_rng(seed), 8, 10_000, n, days, world or World(), change)
    drawn = samples(year)
    budget = Budget(0.45, len(drawn))
    told = [
        budget.rings(tests, ordered=sample.is_ordered)
        for sample, tests in zip(drawn, assess(drawn), strict=True)
    ]
    ringing: Bools = np.maximum.reduce(told).max(axis=-1) >= 1
    return ringing


def days_until(change: Change, n: int, world: World | None = None) -> float:
    """Median days until it rings."""
    after = rings(n, FROM_DAY + 21, world=world, change=change)[:, FROM_DAY:]
    return float(np.median(np.where(after.any(axis=1), after.argmax(axis=1) + 1, 99)))


@pytest.mark.parametrize(
    "world", [World(), World(weekend=0.1, day=0.03)], ids=["days alike", "weekends and day effects"]
)
@pytest.mark.parametrize("n", [200, 10_000])
def test_without_drift_it_is_quiet(world: World, n: int) -> None:
    """At most two episodes in eight models over four months: usual tests give hundreds."""
    assert (open_since(rings(n, 120, world=world)) == 0).sum() <= 2


@pytest.mark.parametrize(
    ("change", "most"),
    [
        (Change(0, FROM_DAY, shift=0.25), 1),
        (Change(5, FROM_DAY, scale=1.2), 1),
        (Change(17, FROM_DAY, top=1.5), 2),
        (Change(2, FROM_DAY, nulls=0.06), 1),
        (Change(17, FROM_DAY, unseen=0.02), 1),
        (Change(0, FROM_DAY, shift=0.1), 4),
    ],
    ids=["0.25σ", "lognormal × 1.2", "top category × 1.5", "nulls 2 → 6 %", "never seen", "0.1σ"],
)
def test_a_change_of_one_feature_is_found(change: Change, most: int) -> None:
    """At 1,000 rows a day."""
    assert days_until(change, 1000) <= most


def test_a_change_shows_through_day_effects() -> None:
    """Half a deviation, where weekends differ by a tenth of one."""
    assert days_until(Change(0, FROM_DAY, shift=0.5), 1000, World(weekend=0.1, day=0.03)) <= 2


def test_an_episode_stays_open_for_a_week() -> None:
    """A second ring within it does not begin another."""
    ringing = np.isin(np.arange(30), [3, 8, 25])
    since = open_since(ringing)
    assert (since == 0).sum() == 2 and since[14] == 11 and since[16] == -1 and since[29] == 4


def test_looks_at_all_windows_cost_what_the_budget_says() -> None:
    """Two thousand years of one normal number a day: most of what location may spend, and no more."""
    drawn = np.random.default_rng(11).standard_normal((2000, 365))
    rows = np.arange(1, 366)[:, None] >= np.array(WINDOWS)
    z = np.where(rows, trailing(drawn), 0.0) / np.sqrt(WINDOWS)
    budget = Budget(0.24, 1)
    test = OneTest("location", erfc(np.abs(z) / np.sqrt(2))[:, None], np.ones((2000, 1, 365, 8)), np.ones(1))
    begun = open_since(budget.rings([test], ordered=True).max(axis=-1) >= 1) == 0
    a_year = budget.a_year * NUMERIC["location"]
    assert 0.7 * a_year < begun.sum(axis=-1).mean() < a_year


def test_what_all_days_have_in_common_is_no_weekly_pattern() -> None:
    """Angles of no hits lie off the reference, alike on every day: nulls that never come have no habit."""
    rows, weekdays = np.full(28, 350.0), np.arange(28) % 7
    offset, tau = np.full((1, 28), 0.05), np.zeros(1)
    alike = signal(*weekday_means(offset, rows, weekdays), tau)
    weekends = signal(*weekday_means(offset + 0.5 * (weekdays >= 5), rows, weekdays), tau)
    assert not believed({"nulls": [alike]})["nulls"][0].any()
    assert believed({"nulls": [weekends]})["nulls"][0].all()


def test_neighbouring_cells_that_move_against_each_other_are_seen() -> None:
    """Every second of twenty cells holds less, the others more: pairs of them hold what they held."""
    random, before = np.random.default_rng(2), np.full(20, 0.05)
    after = before + 0.04 * np.tile([1, -1], 10)
    usual = random.multinomial(357, before, 28).astype(float)
    counts = np.concatenate([random.multinomial(1000, before, 35), random.multinomial(1000, after, 2)])
    nothing = np.zeros(28)
    reference = Usual(usual.sum(axis=0), np.zeros(()), usual, nothing, np.arange(28) % 7, np.zeros(()))
    sample = Sample(counts.astype(float), np.zeros(37), np.arange(37) % 7, reference, is_ordered=True)
    found = {each.kind: each.p_value[0, -1, 1] for each in assess([sample])[0]}
    assert found["shape"] < 1e-9
