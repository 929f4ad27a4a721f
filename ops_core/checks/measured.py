"""The shape of checks that estimate one number from labelled rows and hold it against limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ops_core.checks.check import figures, no_rows, report
from ops_core.checks.concept import wrong_since
from ops_core.checks.evidence import Judged, Limit, doubt, judge, limits_of
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Estimate, Worse


@dataclass(frozen=True)
class Measured:
    """An estimate stays on the good side of fixed limits and of a share of the reference's.

    `*_limit` are values of the estimate; `*_change_ratio` is how much worse than the reference is too much
    (0.1: 10 % worse). A fixed limit that the reference does not surely keep is left out unless
    `even_if_reference_fails`, and crossing it is no evidence while the reference has no rows.
    """

    name: ClassVar[str]
    unit: ClassVar[str] = "ratio"
    by_labels: ClassVar[bool] = True
    began: ClassVar[str] = "answers are wrong more often since"

    warning_limit: float | None = None
    critical_limit: float | None = None
    warning_change_ratio: float | None = None
    critical_change_ratio: float | None = None
    even_if_reference_fails: bool = False

    @property
    def label(self) -> str:
        """What people call the number."""
        raise NotImplementedError

    @property
    def worse(self) -> Worse:
        """Which direction is bad."""
        raise NotImplementedError

    def measure(self, profile: Profile) -> Estimate:
        """The number on a profile."""
        raise NotImplementedError

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding; `no_data` while no labels are due or none have come."""
        if not window.n:
            return [no_rows(self, window)]
        found, normal = self.compare(window, reference)
        judged = judge(found, normal, self.limits(normal), self.worse)
        if not reference.n and not self.even_if_reference_fails:
            judged = judged.without_reference()
        limit = None if judged.limit is None else judged.limit.value
        since = self._since(window, reference, judged)
        return [
            report(
                self,
                window,
                judged.verdict,
                self._explain(window, found, normal, judged, since)
                if found.value is not None
                else f"{self.label} cannot be told: {self._why_undefined(window, reference)}",
                {**self._common(window, found, normal, judged), **self.details(window, found)},
                value=found.value,
                limit=limit,
                unit=self.unit,
                reference=normal.value,
                n=self.rows(window, found),
                interval=_finite(None if found.value is None else found.interval()),
                p_value=judged.p_value,
                since=since,
            )
        ]

    def compare(self, window: Profile, reference: Profile) -> tuple[Estimate, Estimate]:
        """The number on the window and on the reference."""
        return self.measure(window), self.measure(reference)

    def limits(self, normal: Estimate) -> list[Limit]:
        """The limits that hold, given the reference's estimate."""
        warning, critical = Verdict.WARNING, Verdict.CRITICAL
        return limits_of(
            normal,
            self.worse,
            [(self.warning_limit, warning), (self.critical_limit, critical)],
            [(self.warning_change_ratio, warning), (self.critical_change_ratio, critical)],
            even_if_reference_fails=self.even_if_reference_fails,
        )

    def rows(self, window: Profile, found: Estimate) -> int:
        """The rows that the finding names as its sample."""
        return found.n

    def details(self, window: Profile, found: Estimate) -> Mapping[str, JSON]:
        """What else the finding holds."""
        return {}

    def where(self, window: Profile) -> str:
        """Which part of the rows is worst, said of an alarm, if that can be told."""
        return ""

    def started(self, window: Profile, reference: Profile, limit: float) -> datetime | None:
        """Since when the limit has been broken, if that can be told; else since when answers are wrong."""
        return wrong_since(window, reference) if self.by_labels else None

    def undefined(self, window: Profile) -> str:
        """Why labelled rows do not make the number."""
        raise NotImplementedError

    def _common(
        self, window: Profile, found: Estimate, normal: Estimate, judged: Judged
    ) -> Mapping[str, JSON]:
        return {
            "denominator": found.n,
            "n_served": window.n,
            "n_missing_labels": window.n_missing_labels,
            "n_pending_labels": window.n_pending_labels,
            # The whole interval lies on the good side: what a rollback has to show.
            "proven_good": _is_safe(found, judged.limit, self.worse),
            "left_out": self._left_out(normal),
        }

    def _left_out(self, normal: Estimate) -> list[JSON]:
        """Fixed limits that the reference does not surely keep."""
        kept = {limit.value for limit in self.limits(normal) if limit.scale is None}
        return [
            limit
            for limit in (self.warning_limit, self.critical_limit)
            if limit is not None and limit not in kept
        ]

    def _since(self, window: Profile, reference: Profile, judged: Judged) -> datetime | None:
        if judged.limit is None or judged.verdict in (Verdict.OK, Verdict.NO_DATA):
            return None
        return self.started(window, reference, judged.limit.value)

    def _explain(
        self, window: Profile, found: Estimate, normal: Estimate, judged: Judged, since: datetime | None
    ) -> str:
        limit = None if judged.limit is None else judged.limit.value
        value, usual, bound = figures(found.value, normal.value, limit)
        low, high = (f"{end:.2f}" for end in found.interval())
        against = "" if normal.value is None else f" against {usual} on the reference"
        limited = f" (limit {bound})" if limit is not None else ""
        n = self.rows(window, found)
        text = f"{self.label} {value}{against}{limited}, n = {n:,}, 95 % {low}–{high}"
        if judged.verdict is Verdict.NO_EVIDENCE:
            text += f"; {doubt(found, judged)}"
        if judged.verdict.is_alarming:
            text += "" if since is None else f"; {self.began} {since:%H:%M} UTC on {since:%d %B}"
            text += self.where(window)
        return text + (_missing_labels(window) if self.by_labels else "")

    def _why_undefined(self, window: Profile, reference: Profile) -> str:
        if window.n_labelled or not self.by_labels:
            return f"{self.undefined(window)}, n = {window.n_labelled if self.by_labels else 0:,}"
        if window.n_unknown_labels:
            known = ", ".join(map(str, window.layout.classes))
            return f"all {window.n_unknown_labels:,} labels are of other classes than {known}, n = 0"
        if window.n_missing_labels and reference.n and not reference.n_labelled:
            return "neither the window nor the reference has labels, n = 0"
        if window.n_missing_labels:
            where = next((each.where for each in window.problems if "label" in each.what), "")
            return f"{window.n_missing_labels:,} labels are due and none has come, n = 0" + (
                f" ({where})" if where else ""
            )
        if window.n_pending_labels:
            return f"no label is due yet for the {window.n_pending_labels:,} rows served, n = 0"
        unread = next((each.what for each in window.problems if each.where.startswith("answers")), "")
        return f"{f'the answers {unread}' if unread else 'the rows have no usable prediction'}, n = 0"


def _is_safe(found: Estimate, limit: Limit | None, worse: Worse) -> bool:
    if limit is None or found.value is None:
        return False
    low, high = found.interval()
    return low > limit.value if worse == "lower" else high < limit.value


def _finite(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if interval is None or not all(map(math.isfinite, interval)) else interval


def _missing_labels(window: Profile) -> str:
    due = window.n_labelled + window.n_missing_labels
    if window.n_missing_labels * 10 <= due:
        return ""
    return f"; {window.n_missing_labels:,} of {due:,} due labels are missing"
