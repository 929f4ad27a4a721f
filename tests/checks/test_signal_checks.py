"""Checks of signals: the seeds' numbers, and what a person reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ops_core.checks.ages import BackupAge, PipelineHealth
from ops_core.checks.cost import Spike
from ops_core.checks.finding import Verdict
from ops_core.checks.infrastructure import Cpu, Disk
from ops_core.checks.service import Availability, ErrorRate, Health, LatencyP95, LatencyP99, Throughput
from tests.signals.made import NOW, costs, course, judged, signal

OK, NO_EVIDENCE, WARNING, CRITICAL = Verdict.OK, Verdict.NO_EVIDENCE, Verdict.WARNING, Verdict.CRITICAL


@pytest.mark.parametrize(
    ("kind", "value", "verdict"),
    [
        (Availability, 0.9991, OK),
        (Availability, 0.997, WARNING),
        (Availability, 0.994, CRITICAL),
        (LatencyP95, 1.9, OK),
        (LatencyP95, 2.1, WARNING),
        (LatencyP95, 3.1, CRITICAL),
        (LatencyP99, 5.1, WARNING),
        (LatencyP99, 7.1, CRITICAL),
        (ErrorRate, 0.0011, WARNING),
        (ErrorRate, 0.0051, CRITICAL),
        (Throughput, 0.81, WARNING),
        (Cpu, 0.81, WARNING),
        (Cpu, 0.91, CRITICAL),
    ],
)
def test_the_limits_are_the_seeds(kind: type[Any], value: float, verdict: Verdict) -> None:
    """A level that stands there for five minutes."""
    assert judged(kind, course(kind, *[value] * 21)).verdict is verdict


def test_a_moment_beyond_the_limit_is_no_evidence() -> None:
    """13 of 21 points may be chance; 18 are not, and since when is told."""
    assert judged(LatencyP95, course(LatencyP95, *[1.0] * 8, *[4.0] * 13)).verdict is NO_EVIDENCE
    finding = judged(LatencyP95, course(LatencyP95, *[1.0] * 3, *[4.0] * 18))
    assert finding.verdict is CRITICAL and finding.since == NOW - timedelta(seconds=15) * 17


def test_few_requests_are_no_evidence() -> None:
    """One of twenty failed; fifty of ten thousand did."""
    few = signal(ErrorRate, 0.05, n=20, window=timedelta(minutes=5))
    many = signal(ErrorRate, 0.008, n=10_000, window=timedelta(minutes=5))
    assert judged(ErrorRate, few).verdict is NO_EVIDENCE
    finding = judged(ErrorRate, many)
    assert finding.verdict is CRITICAL
    assert finding.explanation == "Error rate 0.8 % (limit 0.5 %), n = 10,000 in 5 min, 95 % 0.643 %–0.994 %"


def test_a_single_value_alone_never_alarms() -> None:
    """With what would be evidence."""
    finding = judged(Cpu, signal(Cpu, 0.99))
    assert finding.verdict is NO_EVIDENCE
    assert finding.explanation == "CPU in use 99 % (limit 80 %), n = 1; 1 point is no evidence, 10 are needed"


def test_the_worst_of_several_leads() -> None:
    """The others are in the detail."""
    disks = [course(Disk, *[used] * 21, subject=name) for name, used in (("/", 0.3), ("/data", 0.85))]
    finding = judged(Disk, *disks)
    assert finding.explanation == (
        "Disk in use of /data 85 % (limit 80 %), median of n = 21 points over 5 min, "
        "95 % 85 %–85 %, the worst of 2"
    )
    assert [each["subject"] for each in finding.detail["subjects"]] == ["/data", "/"]


def test_a_server_that_is_down_says_why() -> None:
    """One probe is enough."""
    finding = judged(Health, signal(Health, 0.0, said="is not healthy: connection refused"))
    assert finding.verdict is CRITICAL
    assert finding.explanation == "The model server is not healthy: connection refused, n = 1 probe"


def test_a_backup_that_is_late_or_missing_rings() -> None:
    """Each by its own limit."""
    fine = signal(BackupAge, 3600.0, subject="models")
    late = signal(BackupAge, 30 * 3600.0, subject="configuration")
    gone = signal(BackupAge, None, subject="data", absent=True, said="nothing is at /backups/data")
    assert judged(BackupAge, fine).verdict is OK
    assert judged(BackupAge, fine, late).explanation == (
        "The newest backup of configuration is 30 h old (limit 26 h), the oldest of n = 2"
    )
    finding = judged(BackupAge, fine, late, gone)
    assert (
        finding.verdict is CRITICAL
        and "of data is not there: nothing is at /backups/data" in finding.explanation
    )


def test_a_heartbeat_from_the_future_is_told() -> None:
    """A clock is wrong somewhere; the pipeline is not down."""
    finding = judged(PipelineHealth, signal(PipelineHealth, -90.0, subject="nightly"))
    assert finding.verdict is OK and "lies in the future" in finding.explanation


def test_a_day_that_costs_twice_the_usual_is_a_spike() -> None:
    """Unless such days come."""
    assert judged(Spike, costs(Spike, 1.9)).verdict is OK
    finding = judged(Spike, costs(Spike, 2.5))
    assert finding.verdict is WARNING and "2.5 times the median 10 EUR" in finding.explanation
    before = signal(Spike, 0.0, points=(*[10.0] * 20, 40.0, 10.0, 30.0))
    assert judged(Spike, before).verdict is NO_EVIDENCE
