"""Checks of how often the model is right, by labels that came later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ops_core.checks.check import figures
from ops_core.checks.finding import JSON
from ops_core.checks.measured import Measured
from ops_core.checks.series import since
from ops_core.profiles.performance import METRICS, Confusion, Metric
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Estimate, Rate, Worse
from ops_core.profiles.segments import Segment, segments, worst_segment


@dataclass(frozen=True)
class Performance(Measured):
    """A rate read off the confusion counts keeps its limits."""

    needs: ClassVar[tuple[str, ...]] = ("classification",)
    began: ClassVar[str] = "first seen"

    @property
    def metric(self) -> Metric:
        """The rate that the check's name names."""
        return METRICS[self.name.partition(".")[2]]

    @property
    def label(self) -> str:
        """The metric's."""
        return self.metric.label

    @property
    def worse(self) -> Worse:
        """The metric's bad direction."""
        return self.metric.worse

    def measure(self, profile: Profile) -> Rate:
        """The metric of the rows that have a label and a prediction."""
        return self.metric.rate(Confusion.of(profile.confusion, profile.layout))

    def rows(self, window: Profile, found: Estimate) -> int:
        """All labelled rows, also those that the rate does not divide by."""
        return window.n_labelled

    def details(self, window: Profile, found: Estimate) -> Mapping[str, JSON]:
        """The confusion counts, and the metric by segment where there are segments."""
        counted = Confusion.of(window.confusion, window.layout)
        confusion: JSON = {"tp": counted.tp, "fp": counted.fp, "fn": counted.fn, "tn": counted.tn}
        parts: list[JSON] = [_plain(each) for each in segments(window, self.metric)]
        return {"confusion": confusion, "segments": parts} if parts else {"confusion": confusion}

    def where(self, window: Profile) -> str:
        """The segment that is surely worse than the whole."""
        worst = worst_segment(segments(window, self.metric))
        if worst is None:
            return ""
        name = window.layout.part("segment", worst.name)
        return f"; worst segment {name}: {figures(worst.rate.value)[0]}, n = {worst.rate.n:,}"

    def started(self, window: Profile, reference: Profile, limit: float) -> datetime | None:
        """From the course of the window."""
        return since(window, self.metric, limit)

    def undefined(self, window: Profile) -> str:
        """What the metric has nothing to divide by."""
        return self.metric.undefined


@dataclass(frozen=True)
class Accuracy(Performance):
    """Rows predicted right, of all labelled rows."""

    name: ClassVar[str] = "performance.accuracy"
    warning_limit: float | None = 0.85
    critical_limit: float | None = 0.80
    warning_change_ratio: float | None = 0.05


@dataclass(frozen=True)
class F1(Performance):
    """Harmonic mean of precision and recall."""

    name: ClassVar[str] = "performance.f1"
    warning_limit: float | None = 0.75
    critical_limit: float | None = 0.70
    warning_change_ratio: float | None = 0.10
    critical_change_ratio: float | None = 0.20


@dataclass(frozen=True)
class Precision(Performance):
    """Rows rightly predicted positive, of all predicted positive."""

    name: ClassVar[str] = "performance.precision"
    warning_limit: float | None = 0.80
    warning_change_ratio: float | None = 0.15


@dataclass(frozen=True)
class Recall(Performance):
    """Positive rows that were predicted positive."""

    name: ClassVar[str] = "performance.recall"
    warning_limit: float | None = 0.75
    warning_change_ratio: float | None = 0.15


@dataclass(frozen=True)
class FalsePositiveRate(Performance):
    """Negative rows that were predicted positive."""

    name: ClassVar[str] = "performance.false_positive_rate"
    critical_limit: float | None = 0.01
    warning_change_ratio: float | None = 1.0


def _plain(segment: Segment) -> JSON:
    low, high = segment.rate.interval()
    told = {"segment": segment.name, "value": segment.rate.value, "n": segment.rate.n}
    return {**told, "low": low, "high": high, "p_value": segment.p_value}
