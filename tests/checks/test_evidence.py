"""A threshold alone is not evidence."""

import numpy as np
import pytest

from ops_core.checks.evidence import Limit, judge, limits_of
from ops_core.checks.finding import Verdict
from ops_core.profiles.rates import Rate

NONE, GOOD = Rate(0, 0), Rate(970, 1000)
LIMITS = [Limit(0.8, Verdict.WARNING), Limit(0.7, Verdict.CRITICAL)]


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [
        (Rate(90, 100), Verdict.OK),
        (Rate(6, 10), Verdict.NO_EVIDENCE),
        (Rate(0, 9), Verdict.NO_EVIDENCE),  # nine rows are too few, however bad
        (Rate(600, 1000), Verdict.CRITICAL),
        (Rate(690, 1000), Verdict.WARNING),  # beyond the critical limit, but only by what chance can do
        (Rate(0, 0), Verdict.NO_DATA),
    ],
)
def test_the_verdict_follows_the_evidence(rate: Rate, verdict: Verdict) -> None:
    """Crossing by chance is no evidence; the gravest limit with evidence counts."""
    assert judge(rate, NONE, LIMITS, "lower").verdict is verdict


def test_several_tests_need_more_evidence() -> None:
    """What convinces for one feature does not for a hundred."""
    alone, among = (judge(Rate(66, 100), NONE, LIMITS[:1], "lower", tests=n).verdict for n in (1, 100))
    assert (alone, among) == (Verdict.WARNING, Verdict.NO_EVIDENCE)


def test_limits_relative_to_the_reference() -> None:
    """Ten per cent below 0.97 is 0.873."""
    limits = limits_of(GOOD, "lower", [], [(0.1, Verdict.WARNING)], even_if_reference_fails=False)
    assert [limit.value for limit in limits] == [pytest.approx(0.873)]


@pytest.mark.parametrize(("demanded", "left"), [(False, 0), (True, 1)])
def test_a_limit_that_the_reference_breaks(demanded: bool, left: int) -> None:
    """It cannot tell a fault, so it is left out unless demanded."""
    fixed = [(0.99, Verdict.WARNING)]
    assert len(limits_of(GOOD, "lower", fixed, [], even_if_reference_fails=demanded)) == left


def test_a_limit_that_a_small_reference_keeps_by_luck_is_left_out() -> None:
    """No false positive in 180 rows does not prove a rate under 1 %; none in 2,000 does."""
    fixed = [(0.01, Verdict.CRITICAL)]
    few, many = (
        limits_of(Rate(0, n), "higher", fixed, [], even_if_reference_fails=False) for n in (180, 2000)
    )
    assert (len(few), len(many)) == (0, 1)


def test_a_healthy_model_seldom_alarms() -> None:
    """With the truth on the limit itself, 4,000 windows of 200 rows alarm at most ten times."""
    hits = np.random.default_rng(5).binomial(200, 0.8, 4000).tolist()
    alarms = [judge(Rate(each, 200), NONE, LIMITS, "lower").verdict.is_alarming for each in hits]
    assert sum(alarms) <= 10
