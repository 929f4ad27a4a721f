"""Features that go together in another way, each as usual by itself."""

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
