"""An alarm of performance names the segment where it went wrong."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.performance import F1, Accuracy, FalsePositiveRate
from ops_core.profiles.batch import Batch
from ops_core.profiles.performance import METRICS
from ops_core.profiles.segments import segments
from tests.profiles.made import profile, reference, rows


def wrong_in(segment: str, n: int = 2000, wrong: float = 0.9) -> Batch:
    """Rows whose answers are wrong in one segment."""
    batch = rows(n)
    there = (batch.splits["segment"] == segment) & (np.random.default_rng(2).random(n) < wrong)
    return replace(batch, prediction=np.where(there, 1 - batch.prediction.astype(float), batch.prediction))


def f1(batch: Batch) -> Finding:
    """What the check of F1 says."""
    return F1().judge(profile(batch), reference())[0]


def test_the_worst_segment_is_named() -> None:
    """One pump of four fails, and the sentence says which, how badly and on how many rows."""
    finding = f1(wrong_in("B"))
    assert finding.verdict.is_alarming and "; worst segment B: 0.1" in finding.explanation
    assert finding.since is not None and f"; first seen {finding.since:%H:%M} UTC on" in finding.explanation
    assert finding.detail["segments"][0]["segment"] == "B"


def test_a_fault_that_is_everywhere_has_no_worst_segment() -> None:
    """Fifty windows: naming one would send people the wrong way."""
    told = [f1(rows(800, seed, error=0.4)) for seed in range(50)]
    assert all(each.verdict is Verdict.CRITICAL for each in told)
    assert sum("worst segment" in each.explanation for each in told) <= 1


def test_when_all_is_well_no_segment_is_blamed() -> None:
    """The detail still has them all."""
    finding = f1(rows(800))
    assert "segment" not in finding.explanation and len(finding.detail["segments"]) == 4


def test_a_high_rate_is_the_worst_where_high_is_bad() -> None:
    """Negatives called positive in one segment."""
    finding = FalsePositiveRate().judge(profile(wrong_in("C")), reference())[0]
    assert "worst segment C: 0.8" in finding.explanation


@pytest.mark.parametrize("name", ["accuracy", "f1", "recall"])
def test_a_metric_by_segment_is_sklearns(name: str) -> None:
    """Counted again from the rows of each segment."""
    batch = rows(400, error=0.2)
    assert batch.label is not None
    theirs = {"accuracy": metrics.accuracy_score, "f1": metrics.f1_score, "recall": metrics.recall_score}
    for each in segments(profile(batch), METRICS[name]):
        here = batch.splits["segment"] == each.name
        expected = theirs[name](batch.label[here], batch.prediction[here])
        assert each.rate.value == pytest.approx(expected, abs=1e-12)


def test_without_segments_nothing_is_said() -> None:
    """Rows that belong to none."""
    finding = Accuracy().judge(profile(replace(wrong_in("B"), splits={})), reference())[0]
    assert finding.verdict.is_alarming and "worst segment" not in finding.explanation
