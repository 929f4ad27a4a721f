"""What the check of concept drift finds."""

from dataclasses import replace

import numpy as np

from ops_core.checks.concept import ConceptDrift
from ops_core.checks.finding import Verdict
from tests.checks.test_series import during
from tests.profiles.made import NOW, joined, profile, reference, rows


def test_errors_that_doubled_are_found_with_their_moment() -> None:
    """Twenty good hours, four bad ones."""
    finding = ConceptDrift().judge(profile(joined(during(24, 4), during(4, 0, error=0.3))), reference())[0]
    assert finding.verdict is Verdict.CRITICAL and finding.since is not None
    assert 3 <= (NOW - finding.since).total_seconds() / 3600 <= 5


def test_a_steady_rate_is_fine() -> None:
    """As many errors as on the reference."""
    assert not any(
        ConceptDrift().judge(profile(rows(3000, seed)), reference())[0].verdict.is_alarming
        for seed in range(30)
    )


def test_without_labels_nothing_can_be_told() -> None:
    """And the finding says which side has none."""
    finding = ConceptDrift().judge(profile(rows(300, label=np.full(300, np.nan))), reference())[0]
    assert finding.verdict is Verdict.NO_DATA and "the window" in finding.explanation


def test_labels_of_unknown_classes_are_no_wrong_answers() -> None:
    """They are left out here too: `quality.validity` tells of them."""
    batch = rows(2000)
    label = np.where(np.arange(2000) % 2, 7.0, np.asarray(batch.label, dtype=float))
    finding = ConceptDrift().judge(profile(replace(batch, label=label)), reference())[0]
    assert finding.verdict is Verdict.OK and finding.n == 1000


def test_predictions_of_unknown_classes_are_wrong_answers() -> None:
    """A model that begins to answer something else is wrong."""
    batch = rows(2000)
    prediction = np.where(np.arange(2000) % 2, 7.0, batch.prediction)
    finding = ConceptDrift().judge(profile(replace(batch, prediction=prediction)), reference())[0]
    assert finding.verdict is Verdict.CRITICAL and finding.n == 2000
