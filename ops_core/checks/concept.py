"""The check of whether inputs still mean what they meant: errors over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import numpy as np

from ops_core.checks.check import no_rows, report
from ops_core.checks.evidence import LEAST_ROWS
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.wording import amounts, percent
from ops_core.drift.running import ROWS_A_FALSE_ALARM
from ops_core.drift.stream import Errors, Turn, turn
from ops_core.profiles.course import Course
from ops_core.profiles.profile import Profile, moment
from ops_core.profiles.rates import Rate


@dataclass(frozen=True)
class ConceptDrift:
    """Answers are not wrong more often, from some moment until now, than on the reference and before.
    A sequential detector on the errors by stretch of time, which rings falsely at most about once in
    `rows_a_false_alarm` labelled rows. A rise by less than `least_change_ratio` is left alone;
    `critical_change_ratio` is a rise that makes it critical. A regression's answer is wrong when its error
    is larger than nine tenths of the reference's.
    """

    name: ClassVar[str] = "drift.concept"

    rows_a_false_alarm: float = ROWS_A_FALSE_ALARM
    least_change_ratio: float = 0.2
    critical_change_ratio: float = 1.0

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding; `no_data` without labels that are due, or without labels in the reference."""
        if not window.n:
            return [no_rows(self, window)]
        stream, usual = errors(window.course), errors(reference.course)
        if not stream.rows.sum() or usual.rows.sum() < LEAST_ROWS:
            of = "the window" if usual.rows.sum() >= LEAST_ROWS else "the reference"
            why = f"Concept drift cannot be told: {of} has no labelled answers, n = {window.n:,}"
            return [report(self, window, Verdict.NO_DATA, why)]
        found = turn(stream, int(usual.errors.sum()), int(usual.rows.sum()))
        verdict = self._verdict(found)
        interval = Rate(round(found.after * found.n_after), found.n_after).interval()
        since = moment(window.course.firsts[found.start]) if verdict.is_alarming else None
        return [
            report(
                self,
                window,
                verdict,
                _explain(found, stream, verdict, since, interval, window.layout.usual_error),
                {"log_evidence": round(found.log_evidence, 3), "before": round(found.before, 6)},
                signal="error_rate",
                value=found.after,
                reference=found.before,
                limit=found.before * (1 + self.least_change_ratio),
                n=found.n_after if verdict.is_alarming else int(stream.rows.sum()),
                interval=interval,
                since=since,
            )
        ]

    def _verdict(self, found: Turn) -> Verdict:
        """An alarm needs evidence and a rise that is worth waking for."""
        rise = found.after - found.before
        if rise < self.least_change_ratio * found.before or found.n_after < LEAST_ROWS:
            return Verdict.OK
        if not found.rings(self.rows_a_false_alarm):
            return Verdict.OK
        return Verdict.CRITICAL if rise >= self.critical_change_ratio * found.before else Verdict.WARNING


def errors(course: Course) -> Errors:
    """Wrong answers and labelled answers by stretch: of a class that the reference knows, or numbers."""
    classes = course.counts.shape[1] - 3
    known = course.counts[:, :classes, : classes + 1]
    rows = known.sum(axis=(1, 2)).astype(np.float64)
    return Errors(rows - np.trace(known, axis1=1, axis2=2), rows)


def wrong_since(window: Profile, reference: Profile) -> datetime | None:
    """Since when answers are wrong more often than on the reference, if that is beyond chance."""
    stream, usual = errors(window.course), errors(reference.course)
    if usual.rows.sum() < LEAST_ROWS:
        return None
    found = turn(stream, int(usual.errors.sum()), int(usual.rows.sum()))
    return moment(window.course.firsts[found.start]) if found.rings() else None


def _explain(
    found: Turn,
    stream: Errors,
    verdict: Verdict,
    since: datetime | None,
    interval: tuple[float, float],
    usual_error: float | None,
) -> str:
    after, before = amounts("ratio", found.after, found.before)
    n = int(stream.rows.sum())
    many = "answers have been wrong" if usual_error is None else f"errors have been above {usual_error:.3g}"
    if verdict.is_alarming and since is not None:
        low, high = (percent(end) for end in interval)
        return (
            f"{after} of {many} since {since:%H:%M} on {since:%d %B}, against {before} "
            f"before and on the reference, n = {found.n_after:,} since then, 95 % {low}–{high}"
        )
    wrong = f"answers are wrong more often than {before}"
    if usual_error is not None:
        wrong = f"more than {before} of errors are above {usual_error:.3g}"
    return f"No moment is known since when {wrong}, n = {n:,}"
