"""What the check of concept drift finds."""

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
