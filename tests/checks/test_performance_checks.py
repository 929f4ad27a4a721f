"""What the performance checks say about windows whose truth we know."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ops_core.checks.finding import Verdict
from ops_core.checks.performance import F1, Accuracy, FalsePositiveRate, Recall
from ops_core.profiles.profile import Profile, Scope
from tests.profiles.made import LAYOUT, NOW, SCOPE, profile, reference, rows


def test_a_broken_model_is_critical_and_says_why() -> None:
    """Value, reference, limit, n, interval and since when stand in one sentence."""
    finding = F1().judge(profile(rows(400, error=0.4)), reference())[0]
    assert finding.verdict is Verdict.CRITICAL
    assert finding.explanation == (
        "F1 0.66 against 0.95 on the reference (limit 0.76), n = 400, 95 % 0.61–0.71; "
        "first seen 16:17 UTC on 19 November"
    )


def test_a_fall_of_a_tenth_is_a_warning() -> None:
    """Between −10 % and −20 % of the reference's F1."""
    assert F1().judge(profile(rows(2000, error=0.19)), reference())[0].verdict is Verdict.WARNING


def test_few_rows_beyond_the_limit_are_no_evidence() -> None:
    """Twelve rows that look bad may be chance, and the finding says so."""
    finding = Accuracy().judge(profile(rows(12, error=0.3, seed=2)), reference())[0]
    assert finding.verdict is Verdict.NO_EVIDENCE and "may be chance" in finding.explanation


@pytest.mark.parametrize(("demanded", "verdict"), [(False, Verdict.NO_EVIDENCE), (True, Verdict.CRITICAL)])
def test_without_a_reference_only_demanded_limits_alarm(demanded: bool, verdict: Verdict) -> None:
    """The default ones do not know what is normal; the limit is told all the same."""
    check = Accuracy(even_if_reference_fails=demanded)
    finding = check.judge(profile(rows(500, error=0.4)), Profile.empty(LAYOUT, Scope("tumour")))[0]
    assert (finding.verdict, finding.limit, finding.reference) == (verdict, 0.80, None)


def test_the_false_positive_rate_is_bad_when_high() -> None:
    """The reference breaks 1 % itself, so twice the reference's rate is the limit."""
    finding = FalsePositiveRate().judge(profile(rows(800, error=0.3)), reference())[0]
    assert finding.verdict is Verdict.WARNING and finding.limit == pytest.approx(2 * (finding.reference or 0))


def test_no_labels_yet_is_no_data() -> None:
    """Before the labels are due nothing can be said, and that is said."""
    waiting = replace(SCOPE, labels_due_at=NOW - timedelta(days=2))
    finding = Recall().judge(profile(rows(50), waiting), reference())[0]
    assert finding.verdict is Verdict.NO_DATA and "no label is due yet" in finding.explanation


def test_labels_that_never_came_are_said() -> None:
    """Due but missing labels are counted in the sentence."""
    assert (
        "50 labels are due and none has come"
        in F1().judge(profile(rows(50, label=None)), reference())[0].explanation
    )


@pytest.mark.parametrize(("n", "proven"), [(10, False), (1000, True)])
def test_proof_of_health_needs_rows(n: int, proven: bool) -> None:
    """After a rollback, few good answers are not yet a proof."""
    assert F1().judge(profile(rows(n)), reference())[0].detail["proven_good"] is proven
