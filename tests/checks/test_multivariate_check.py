"""Features that go together in another way, each as usual by itself."""

from dataclasses import replace

import numpy as np
import pytest

from ops_core.checks.correlations import Correlations
from ops_core.checks.drift import DataDrift
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.multivariate import MultivariateDrift
from ops_core.profiles.batch import Batch
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile, Scope
from tests.profiles.made import SCOPE, rows


def together(n: int, seed: int, correlation: float) -> Batch:
    """Four numbers, the first two with this correlation."""
    values = np.random.default_rng(seed).normal(size=(4, n))
    values[1] = correlation * values[0] + np.sqrt(1 - correlation**2) * values[1]
    return rows(n, seed, features={f"x{at}": each for at, each in enumerate(values)})


USUAL = together(4000, 1, 0.6)
LAYOUT = Layout.of([USUAL], positive=1)


def profiled(batch: Batch, scope: Scope = SCOPE) -> Profile:
    """On the layout of USUAL."""
    return profile_rows(LAYOUT, batch, scope, "1")


def judged(n: int, seed: int, correlation: float) -> Finding:
    """Against USUAL."""
    return MultivariateDrift().judge(
        profiled(together(n, seed, correlation)), profiled(USUAL, Scope("tumour"))
    )[0]


def test_a_changed_correlation_is_seen_where_no_feature_drifts() -> None:
    """From 0.6 to none; data drift says nothing."""
    window, usual = profiled(together(1000, 2, 0.0)), profiled(USUAL, Scope("tumour"))
    found = MultivariateDrift().judge(window, usual)[0]
    assert found.verdict is Verdict.WARNING and found.detail["pair"] == ["x0", "x1"]
    assert DataDrift().judge(window, usual)[0].verdict is Verdict.OK


def test_as_usual_it_is_quiet() -> None:
    """Forty windows of the same distribution."""
    assert all(judged(400, seed, 0.6).verdict is Verdict.OK for seed in range(10, 50))


@pytest.mark.parametrize("n", [3, 29])
def test_few_rows_say_nothing(n: int) -> None:
    """A correlation of so few rows is anything."""
    assert judged(n, 5, -0.6).verdict is Verdict.NO_DATA


def heavy(n: int, seed: int) -> Batch:
    """Four numbers without correlation that share a scale of their own in each row, as amounts do."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(4, n)) * np.sqrt(3 / random.chisquare(3, n))
    return rows(n, seed, features={f"x{at}": each for at, each in enumerate(values)})


@pytest.mark.parametrize("check", [MultivariateDrift(), Correlations()], ids=lambda each: each.name)
def test_heavy_tails_are_no_change(check: MultivariateDrift | Correlations) -> None:
    """Of a hundred small windows whose numbers are far from normal none rings."""
    layout = Layout.of([heavy(4000, 1)], positive=1)
    usual = profile_rows(layout, heavy(4000, 1), Scope("tumour"), "1")
    found = [
        check.judge(profile_rows(layout, heavy(100, seed), SCOPE, "1"), usual)[0] for seed in range(2, 102)
    ]
    assert not any(each.verdict.is_alarming for each in found)


def test_the_p_value_is_never_too_small() -> None:
    """Of two hundred windows without change at most a twentieth lies below 0.05."""
    share = np.mean([(judged(300, seed, 0.6).p_value or 1.0) < 0.05 for seed in range(100, 300)])
    assert share <= 0.05


def categories(n: int, seed: int, *, tied: float, share: float = 0.4) -> Batch:
    """A plan, a region that is its plan's with this probability, and an amount that goes with neither."""
    random = np.random.default_rng(seed)
    plan = random.choice(["free", "team", "firm"], n, p=[1 - share - 0.2, share, 0.2])
    region = np.where(random.random(n) < tied, plan, random.choice(["free", "team", "firm"], n))
    amounts = {"amount": random.lognormal(3, 1, n), "load": random.normal(size=n)}
    return rows(n, seed, features={"plan": plan.astype(object), "region": region.astype(object), **amounts})


def of_categories(window: Batch, usual: Batch) -> Finding:
    """One against the other."""
    layout = Layout.of([usual], positive=1)
    now, before = (profile_rows(layout, each, Scope("tumour"), "1") for each in (window, usual))
    return MultivariateDrift().judge(now, before)[0]


@pytest.mark.parametrize("tied", [0.0, 0.6])
def test_categories_that_go_together_in_another_way_are_seen(tied: float) -> None:
    """Whether they begin to or cease; each by itself is as it was."""
    found = of_categories(categories(1000, 2, tied=0.6 - tied), categories(8000, 1, tied=tied))
    assert found.verdict is Verdict.WARNING
    assert {each.partition("=")[0] for each in found.detail["pair"]} == {"plan", "region"}
    assert found.explanation.startswith("Features go together in another way: the correlation of ")


def test_a_number_that_goes_with_a_category_is_seen() -> None:
    """Firms begin to pay more, and others less."""
    usual, window = categories(8000, 1, tied=0.3), categories(1000, 2, tied=0.3)
    shifted = window.features["load"] + 1.5 * (window.features["plan"] == "firm")
    found = of_categories(replace(window, features={**window.features, "load": shifted}), usual)
    assert found.verdict is Verdict.WARNING
    assert sorted(each.partition("=")[0] for each in found.detail["pair"]) == ["load", "plan"]


def test_half_as_many_rows_need_a_larger_change_but_not_many_more() -> None:
    """The power at 1,000 rows: 0.3 in Cramér's V is found in nine of ten weeks."""
    usual = categories(10_000, 1, tied=0.0)
    found = [of_categories(categories(1000, seed, tied=0.35), usual).verdict for seed in range(2, 22)]
    assert found.count(Verdict.WARNING) >= 18


def test_more_of_a_category_is_no_change_of_how_they_go_together() -> None:
    """That is drift of one feature."""
    usual = categories(8000, 1, tied=0.0)
    window = categories(4000, 2, tied=0.0, share=0.7)
    assert of_categories(window, usual).verdict is Verdict.OK


def test_missing_categories_count_for_nothing() -> None:
    """Rows that lack one of two tell nothing of them."""
    usual, window = categories(8000, 1, tied=0.6), categories(2000, 2, tied=0.6)
    gone = window.features["plan"].copy()
    gone[:1500] = None
    found = of_categories(replace(window, features={**window.features, "plan": gone}), usual)
    assert found.verdict is Verdict.OK
    gone[:] = None
    found = of_categories(replace(window, features={**window.features, "plan": gone}), usual)
    assert found.verdict is Verdict.OK and found.n == 2000


def year(seed: int, n: int, tied: float) -> int:
    """Alarms of 52 weekly looks at n rows each, without any change."""
    usual = categories(4000, 10_000 * seed, tied=tied)
    layout = Layout.of([usual], positive=1)
    before = profile_rows(layout, usual, Scope("tumour"), "1")
    weeks = (
        profile_rows(layout, categories(n, 10_000 * seed + week, tied=tied), SCOPE, "1")
        for week in range(1, 53)
    )
    return sum(MultivariateDrift().judge(week, before)[0].verdict.is_alarming for week in weeks)


@pytest.mark.parametrize("tied", [0.0, 0.7])
@pytest.mark.parametrize("n", [100, 1000])
def test_years_without_a_change_are_quiet(n: int, tied: float) -> None:
    """Five years of weekly looks, whether categories go together or not."""
    assert sum(year(seed, n, tied) for seed in range(1, 6)) == 0
