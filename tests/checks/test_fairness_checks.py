"""What the fairness checks say about windows whose bias we know."""

from dataclasses import replace

import numpy as np
import pytest

from ops_core.checks.fairness import (
    DemographicParity,
    DisparateImpact,
    EqualisedOdds,
    EqualOpportunity,
    Fairness,
    MetricGap,
    as_metric,
)
from ops_core.checks.finding import Verdict
from ops_core.errors import Invalid
from ops_core.profiles.batch import Batch
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.performance import METRICS, Confusion
from tests.profiles.made import SCOPE, profile, reference, rows

EVERY = pytest.mark.parametrize(
    "check",
    [
        DemographicParity(),
        EqualOpportunity(),
        EqualisedOdds(),
        DisparateImpact(),
        MetricGap(),
        MetricGap(metric="f1"),
    ],
    ids=lambda c: f"{c.name} {getattr(c, 'metric', '')}".strip(),
)


def biased(n: int = 2000, missed: float = 0.7) -> Batch:
    """Rows whose positives are missed more often when they are young."""
    batch = rows(n)
    unlucky = (batch.splits["group"] == "young") & (np.random.default_rng(1).random(n) < missed)
    return replace(batch, prediction=np.where(unlucky, 0.0, batch.prediction))


@EVERY
def test_a_bias_is_critical_and_names_both_groups(check: Fairness) -> None:
    """Seven in ten positives of the young are lost."""
    finding = check.judge(profile(biased()), reference())[0]
    assert finding.verdict is Verdict.CRITICAL
    assert (finding.detail["worse_off"], finding.detail["better_off"]) == ("young", "old")
    assert "in young, " in finding.explanation and finding.interval is not None


@EVERY
def test_groups_treated_alike_do_not_alarm(check: Fairness) -> None:
    """A hundred windows of 300 rows each."""
    usual = reference()
    found = [check.judge(profile(rows(300, seed)), usual)[0].verdict for seed in range(100)]
    assert not any(verdict.is_alarming for verdict in found)


def test_demographic_parity_is_the_formula() -> None:
    """One less the difference of both selection rates."""
    batch = biased(500)
    young = batch.splits["group"] == "young"
    difference = batch.prediction[~young].mean() - batch.prediction[young].mean()
    assert DemographicParity().judge(profile(batch), reference())[0].value == pytest.approx(
        1 - difference, abs=1e-12
    )


def test_disparate_impact_is_the_formula() -> None:
    """The lower selection rate as a share of the higher."""
    batch = biased(500)
    young = batch.splits["group"] == "young"
    ratio = batch.prediction[young].mean() / batch.prediction[~young].mean()
    assert DisparateImpact().judge(profile(batch), reference())[0].value == pytest.approx(ratio, abs=1e-12)


def test_equalised_odds_sees_false_alarms_too() -> None:
    """Negatives of one group are called positive: equal opportunity stays, equalised odds do not."""
    batch = rows(2000)
    accused = (batch.splits["group"] == "old") & (np.arange(2000) % 2 == 0)
    window = profile(replace(batch, prediction=np.where(accused, 1.0, batch.prediction)))
    odds, chance = (check.judge(window, reference())[0] for check in (EqualisedOdds(), EqualOpportunity()))
    assert (odds.verdict, odds.detail["rate"]) == (Verdict.CRITICAL, "false_positive")
    assert not chance.verdict.is_alarming


def test_a_small_group_with_bad_luck_is_no_evidence() -> None:
    """A dozen young rows cannot prove a bias, and the finding says so."""
    batch = biased(36, missed=0.6)
    finding = DemographicParity().judge(profile(batch), reference())[0]
    assert finding.verdict is Verdict.NO_EVIDENCE and "may be chance" in finding.explanation


def test_an_unfair_reference_excuses_nothing() -> None:
    """What was unfair from the beginning is unfair still."""
    finding = EqualOpportunity().judge(profile(biased()), profile(biased(4000)))[0]
    assert finding.verdict is Verdict.CRITICAL and (finding.reference or 1) < 0.8


@EVERY
def test_one_group_alone_is_no_data(check: Fairness) -> None:
    """There is nobody to compare it with."""
    finding = check.judge(profile(rows(99, splits={"group": np.full(99, "old", dtype=object)})), reference())[
        0
    ]
    assert finding.verdict is Verdict.NO_DATA and "two groups are needed" in finding.explanation


@EVERY
def test_no_column_of_groups_is_no_data(check: Fairness) -> None:
    """Somebody asked for the check and named no column."""
    batch = rows(99, splits={})
    made = profile_rows(Layout.of([batch], positive=1), batch, SCOPE)
    assert "no column names the group" in check.judge(made, made)[0].explanation


def test_the_finding_in_four_words() -> None:
    """As the operational playbook writes fairness metrics."""
    told = as_metric(EqualOpportunity().judge(profile(rows(2000)), reference())[0])
    assert told == {
        "metric": "equal_opportunity",
        "value": pytest.approx(0.98, abs=0.02),
        "threshold": 0.9,
        "status": "acceptable",
    }


def test_a_bias_in_four_words_is_not_acceptable() -> None:
    """The status is the verdict."""
    assert as_metric(DisparateImpact().judge(profile(biased()), reference())[0])["status"] == "critical"


@pytest.mark.parametrize("metric", METRICS)
def test_any_metric_by_group_is_that_of_the_groups_rows(metric: str) -> None:
    """As if each group were a model of its own; the interval holds the gap."""
    batch = biased()
    finding = MetricGap(metric=metric).judge(profile(batch), reference())[0]
    for told in finding.detail["groups"]:
        alone = profile(of_group(batch, told["group"]))
        expected = METRICS[metric].rate(Confusion.of(alone.confusion, alone.layout)).value
        assert told[metric]["value"] == pytest.approx(expected, abs=1e-12)
    assert finding.interval is not None and finding.value is not None
    assert finding.interval[0] <= finding.value <= finding.interval[1]


def of_group(batch: Batch, group: str) -> Batch:
    """The rows of one group."""
    return batch.rows(batch.splits["group"] == group)


def test_an_unknown_metric_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(Invalid, match="no metric by group named 'mood'") as refused:
        MetricGap(metric="mood")
    assert "false_positive_rate" in (refused.value.hint or "")
