"""What the checks of scores say about windows whose truth we know."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.scores import Calibrated, LogLoss, RocAuc
from ops_core.profiles.profile import Profile, Scope
from tests.profiles.made import LAYOUT, NOW, SCOPE, profile, reference, rows

EVERY = pytest.mark.parametrize("check", [RocAuc(), LogLoss(), Calibrated()], ids=lambda check: check.name)


def auc(n: int, error: float) -> Finding:
    """What the check of the AUC says about rows with a share of errors."""
    return RocAuc().judge(profile(rows(n, error=error)), reference())[0]


@pytest.mark.parametrize(
    ("error", "verdict"), [(0.05, Verdict.OK), (0.12, Verdict.WARNING), (0.3, Verdict.CRITICAL)]
)
def test_a_ranking_that_fell_alarms_by_how_far(error: float, verdict: Verdict) -> None:
    """5 % below the reference is a warning, 10 % critical."""
    assert auc(2000, error).verdict is verdict


def test_the_sentence_has_value_limit_and_interval() -> None:
    """As for any rate; the detail states how exact the value is."""
    finding = auc(400, 0.4)
    assert finding.explanation.startswith("AUC 0.6") and ", n = 400, 95 % 0." in finding.explanation
    assert finding.interval is not None and 0 <= finding.detail["within"] < 0.01


def test_the_floor_of_auc_holds_without_a_reference_where_it_is_demanded() -> None:
    """0.85, as the seeds have it."""
    check = RocAuc(even_if_reference_fails=True)
    finding = check.judge(profile(rows(900, error=0.3)), Profile.empty(LAYOUT, Scope("tumour")))[0]
    assert (finding.verdict, finding.limit) == (Verdict.WARNING, 0.85)


def test_few_rows_are_no_evidence() -> None:
    """Eleven rows with a bad ranking may be chance."""
    finding = RocAuc().judge(profile(rows(11, error=0.3, seed=2)), reference())[0]
    assert finding.verdict is Verdict.NO_EVIDENCE


def test_surely_wrong_scores_cost_log_loss() -> None:
    """Twice the reference's is a warning that says by how much."""
    finding = LogLoss().judge(profile(rows(2000, error=0.3)), reference())[0]
    assert finding.verdict is Verdict.WARNING and finding.explanation.startswith("Log loss 1.07")


def test_scores_that_say_too_much_are_badly_calibrated() -> None:
    """Ranked as before, but what is said to come in 95 of 100 cases comes in 70."""
    finding = Calibrated().judge(profile(rows(2000, error=0.3)), reference())[0]
    assert finding.verdict is Verdict.WARNING and finding.detail["brier"] > 0.2
    assert sum(part["n"] for part in finding.detail["parts"]) == 2000


def test_a_reference_that_is_badly_calibrated_raises_the_limit() -> None:
    """Scores that never were probabilities do not ring all day; `even_if_reference_fails` demands it."""
    usual, window = profile(rows(4000, 9, error=0.3), Scope("tumour")), profile(rows(2000, error=0.3))
    kept, demanded = (
        Calibrated(even_if_reference_fails=each).judge(window, usual)[0].verdict for each in (False, True)
    )
    assert (kept, demanded) == (Verdict.OK, Verdict.WARNING)


@EVERY
def test_no_scores_are_no_data(check: RocAuc | LogLoss | Calibrated) -> None:
    """Labels alone do not do."""
    finding = check.judge(profile(rows(200, score=None)), reference())[0]
    assert finding.verdict is Verdict.NO_DATA and "no labelled row has a score" in finding.explanation


@EVERY
def test_labels_that_are_not_due_are_awaited(check: RocAuc | LogLoss | Calibrated) -> None:
    """As for every check of performance."""
    waiting = replace(SCOPE, labels_due_at=NOW - timedelta(days=2))
    finding = check.judge(profile(rows(50), waiting), reference())[0]
    assert finding.verdict is Verdict.NO_DATA and "no label is due yet" in finding.explanation


def test_one_class_has_no_ranking() -> None:
    """The finding says which class is missing."""
    finding = RocAuc().judge(profile(rows(100, label=np.ones(100))), reference())[0]
    assert "no labelled row is negative" in finding.explanation


@pytest.mark.parametrize("check", [LogLoss(), Calibrated()], ids=lambda check: check.name)
def test_margins_are_no_probabilities(check: LogLoss | Calibrated) -> None:
    """Scores beyond 1 are counted and said."""
    finding = check.judge(profile(rows(100, score=np.linspace(2, 9, 100))), reference())[0]
    assert "100 lie outside 0–1" in finding.explanation
