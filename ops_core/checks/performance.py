"""Checks of how often the model is right, by labels that came later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ops_core.checks.check import figures, no_rows, report
from ops_core.checks.evidence import Judged, Limit, doubt, judge, limits_of
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.checks.series import since
from ops_core.profiles.performance import METRICS, Confusion, Metric
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Rate


@dataclass(frozen=True)
class Performance:
    """A rate stays on the good side of fixed limits and of a share of the reference's rate.

    `*_limit` are values 0–1; `*_change_ratio` is how much worse than the reference is too much (0.1: 10 %
    worse). A fixed limit that the reference does not surely keep is left out unless
    `even_if_reference_fails`.
    """

    name: ClassVar[str]

    warning_limit: float | None = None
    critical_limit: float | None = None
    warning_change_ratio: float | None = None
    critical_change_ratio: float | None = None
    even_if_reference_fails: bool = False

    @property
    def metric(self) -> Metric:
        """The rate that the check's name names."""
        return METRICS[self.name.partition(".")[2]]

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding; `no_data` while no labels are due or none have come."""
        if not window.n:
            return [no_rows(self, window)]
        counted = Confusion.of(window.confusion, window.layout)
        rate, normal = self.metric.rate(counted), self._normal(reference)
        judged = judge(rate, normal, self._limits(normal), self.metric.worse)
        limit = None if judged.limit is None else judged.limit.value
        return [
            report(
                self,
                window,
                judged.verdict,
                self._explain(window, rate, normal, judged),
                {
                    **_detail(window, counted, rate, judged.limit, self.metric),
                    "left_out": self._left_out(normal),
                },
                value=rate.value,
                limit=limit,
                reference=normal.value,
                n=window.n_labelled,
                interval=rate.interval() if rate.n else None,
                p_value=judged.p_value,
                since=self._since(window, judged, limit),
            )
        ]

    def _normal(self, reference: Profile) -> Rate:
        return self.metric.rate(Confusion.of(reference.confusion, reference.layout))

    def _limits(self, normal: Rate) -> list[Limit]:
        warning, critical = Verdict.WARNING, Verdict.CRITICAL
        return limits_of(
            normal,
            self.metric.worse,
            [(self.warning_limit, warning), (self.critical_limit, critical)],
            [(self.warning_change_ratio, warning), (self.critical_change_ratio, critical)],
            even_if_reference_fails=self.even_if_reference_fails,
        )

    def _left_out(self, normal: Rate) -> list[JSON]:
        """Fixed limits that the reference does not surely keep."""
        kept = {limit.value for limit in self._limits(normal) if limit.scale is None}
        return [
            limit
            for limit in (self.warning_limit, self.critical_limit)
            if limit is not None and limit not in kept
        ]

    def _since(self, window: Profile, judged: Judged, limit: float | None) -> datetime | None:
        if limit is None or judged.verdict in (Verdict.OK, Verdict.NO_DATA):
            return None
        return since(window, self.metric, limit)

    def _explain(self, window: Profile, rate: Rate, normal: Rate, judged: Judged) -> str:
        if rate.value is None:
            return f"{self.metric.label} cannot be told: {_why_undefined(window, self.metric)}"
        limit = None if judged.limit is None else judged.limit.value
        value, usual, bound = figures(rate.value, normal.value, limit)
        low, high = (f"{end:.2f}" for end in rate.interval())
        against = f" against {usual} on the reference" if normal.n else ""
        limited = f" (limit {bound})" if limit is not None else ""
        text = f"{self.metric.label} {value}{against}{limited}, n = {window.n_labelled:,}, 95 % {low}–{high}"
        if judged.verdict is Verdict.NO_EVIDENCE:
            text += f"; {doubt(rate, judged)}"
        return text + _missing_labels(window)


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


def _detail(
    window: Profile, counted: Confusion, rate: Rate, limit: Limit | None, metric: Metric
) -> dict[str, JSON]:
    low, high = rate.interval()
    safe = (
        limit is not None
        and rate.n > 0
        and (low > limit.value if metric.worse == "lower" else high < limit.value)
    )
    return {
        "confusion": {"tp": counted.tp, "fp": counted.fp, "fn": counted.fn, "tn": counted.tn},
        "denominator": rate.n,
        "n_served": window.n,
        "n_missing_labels": window.n_missing_labels,
        "n_pending_labels": window.n_pending_labels,
        # The whole interval lies on the good side: what a rollback has to show.
        "proven_good": safe,
    }


def _why_undefined(window: Profile, metric: Metric) -> str:
    if window.n_labelled:
        return f"{metric.undefined}, n = {window.n_labelled:,}"
    if window.n_missing_labels:
        where = next((each.where for each in window.problems if "label" in each.what), "")
        return f"{window.n_missing_labels:,} labels are due and none has come, n = 0" + (
            f" ({where})" if where else ""
        )
    if window.n_pending_labels:
        return f"no label is due yet for the {window.n_pending_labels:,} rows served, n = 0"
    return "the rows have no usable prediction, n = 0"


def _missing_labels(window: Profile) -> str:
    due = window.n_labelled + window.n_missing_labels
    if window.n_missing_labels * 10 <= due:
        return ""
    return f"; {window.n_missing_labels:,} of {due:,} due labels are missing"
