"""What the check of streams makes of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.stream import StreamErrors
from tests.signals.made import LOOK, NOW, judged, stream


def test_three_times_the_errors_are_critical() -> None:
    """With since when, the rates, and how sure that is."""
    finding = judged(StreamErrors, stream(0.15, n_after=420))
    assert (finding.verdict, finding.value, finding.reference) == (Verdict.CRITICAL, 0.15, 0.05)
    assert finding.since == NOW - timedelta(minutes=10) and finding.n == 420
    assert finding.explanation == (
        "15 % of the answers that were pushed have been wrong since 11:50:00 on 25 November, against 5 % "
        "before and of the reference, n = 420 since then, 95 % 11.9 %–18.7 %"
    )


def test_half_as_many_more_are_a_warning() -> None:
    """And a tenth more is left alone."""
    assert judged(StreamErrors, stream(0.075)).verdict is Verdict.WARNING
    assert judged(StreamErrors, stream(0.055)).verdict is Verdict.OK


def test_a_busy_stream_needs_more_evidence() -> None:
    """So that it rings falsely no more often in a year than a slow one."""
    busy = replace(stream(0.15, evidence=18.0), n=10_000_000)
    assert judged(StreamErrors, stream(0.15, evidence=18.0)).verdict is Verdict.CRITICAL
    assert judged(StreamErrors, busy).verdict is Verdict.OK
    assert judged(StreamErrors, busy, false_alarms_a_year=50_000).verdict is Verdict.CRITICAL


def test_a_stream_that_went_silent_is_not_well() -> None:
    """Nor does its last alarm end by silence."""
    silent = replace(stream(0.15), last_at=NOW - timedelta(hours=2))
    finding = judged(StreamErrors, silent)
    assert finding.verdict is Verdict.NO_DATA and "pushed for 2 h" in finding.explanation
    assert judged(StreamErrors, silent, silent_seconds=9000).verdict is Verdict.CRITICAL


def test_a_few_answers_are_no_evidence() -> None:
    """Nor is a stream of nothing."""
    assert judged(StreamErrors, replace(stream(), n=9)).verdict is Verdict.NO_EVIDENCE
    assert judged(StreamErrors, replace(stream(), n=0, value=None)).verdict is Verdict.NO_DATA


@pytest.mark.parametrize(("n", "proven"), [(30, False), (3_000, True)])
def test_few_good_answers_are_no_proof(n: int, proven: bool) -> None:
    """The whole interval must lie on the good side, as a rollback asks."""
    (finding,) = StreamErrors().judge([replace(stream(), n=n)], LOOK)
    assert (finding.verdict, finding.detail["proven_good"]) == (Verdict.OK, proven)


def test_it_survives_json() -> None:
    """On its way to the database."""
    finding = judged(StreamErrors, stream(0.15))
    assert Finding.from_json(finding.to_json()) == finding
