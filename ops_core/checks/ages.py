"""Checks of how old the newest thing is: a backup, a heartbeat of a pipeline, a feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.checks.signal_check import MOST_SUBJECTS_TOLD, Look, aside, clouded, report, split, unread
from ops_core.checks.states import State
from ops_core.checks.wording import words
from ops_core.signals.signal import Signal


@dataclass(frozen=True)
class Age:
    """The newest is younger than its limit: its own, where one is set with it, or the check's.

    Beyond `critical_times` the limit it is critical; so is what is not there at all. An age is a plain state
    and needs no sample.
    """

    name: ClassVar[str]
    reads: ClassVar[str]
    label: ClassVar[str]
    unit: ClassVar[str] = "seconds"

    limit_seconds: float = 3600.0
    critical_times: float = 3.0

    def judge(self, signals: Sequence[Signal], look: Look) -> list[Finding]:
        """One finding about the one that is most overdue; `no_data` when none could be looked at."""
        read, failed = split(signals)
        if not read:
            return [unread(self, look, signals, self.label)]
        read.sort(key=lambda each: -self._overdue(each))
        worst = read[0]
        late = [each.subject or each.source for each in read if self._overdue(each) > 1]
        subjects: list[JSON] = [
            {"subject": each.subject, "source": each.source, "seconds": each.value, "absent": each.absent}
            for each in read[:MOST_SUBJECTS_TOLD]
        ]
        return [
            report(
                self,
                look,
                clouded(self._verdict(worst), failed),
                self._explain(worst, len(read), len(late)) + aside(failed),
                worst,
                limit=self._limit(worst),
                n=len(read),
                detail={"source": worst.source, "subjects": subjects},
            )
        ]

    def _limit(self, signal: Signal) -> float:
        return self.limit_seconds if signal.planned is None else signal.planned

    def _overdue(self, signal: Signal) -> float:
        """Its age as a multiple of its limit."""
        if signal.value is None:
            return float("inf")
        limit = self._limit(signal)
        return signal.value / limit if limit else float("inf") if signal.value > 0 else 0.0

    def _verdict(self, signal: Signal) -> Verdict:
        overdue = self._overdue(signal)
        if overdue <= 1:
            return Verdict.OK
        return Verdict.CRITICAL if overdue > self.critical_times else Verdict.WARNING

    def _explain(self, signal: Signal, count: int, late: int) -> str:
        of = f" of {signal.subject}" if signal.subject else ""
        limit = words(timedelta(seconds=self._limit(signal)))
        among = f", the oldest of n = {count}" if count > 1 else ", n = 1"
        more = f"; {late} are late" if late > 1 else ""
        if signal.value is None:
            return (
                f"{self.label}{of} is not there: {signal.said or signal.source} (limit {limit}){among}{more}"
            )
        age = words(timedelta(seconds=max(0.0, signal.value)))
        ahead = "; its time lies in the future" if signal.value < 0 else ""
        return f"{self.label}{of} is {age} old (limit {limit}){among}{more}{ahead}"


@dataclass(frozen=True)
class BackupAge(Age):
    """The newest backup is a day old at most, with two hours to make it in (seed 002, "Backup status")."""

    name: ClassVar[str] = "backup.age"
    reads: ClassVar[str] = "backup.age"
    label: ClassVar[str] = "The newest backup"
    limit_seconds: float = 26 * 3600.0


@dataclass(frozen=True)
class PipelineHealth(Age):
    """Data pipelines give a sign of life; one that has stopped is critical (seed 002)."""

    name: ClassVar[str] = "pipeline.health"
    reads: ClassVar[str] = "pipeline.health"
    label: ClassVar[str] = "The last sign of life"
    critical_times: float = 1.0


@dataclass(frozen=True)
class FeatureStaleness(Age):
    """Features are brought up to date at least once a day."""

    name: ClassVar[str] = "feature_store.staleness"
    reads: ClassVar[str] = "feature_store.staleness"
    label: ClassVar[str] = "The newest value of features"
    limit_seconds: float = 86_400.0


@dataclass(frozen=True)
class FeatureStoreHealth(State):
    """The feature store answers its health check (seed 004, "Feature store unavailable")."""

    name: ClassVar[str] = "feature_store.health"
    reads: ClassVar[str] = "feature_store.health"
    label: ClassVar[str] = "The feature store"
