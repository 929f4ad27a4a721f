"""Checks of the rows as such: do they come twice, how many are new, is what counts as normal still young."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from ops_core.checks.check import no_rows, report
from ops_core.checks.evidence import Limit, doubt, judge
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.wording import percent, words
from ops_core.profiles.days import DAY
from ops_core.profiles.profile import Profile, microseconds
from ops_core.profiles.rates import Rate


@dataclass(frozen=True)
class Duplicates:
    """Few rows have a key that was seen before in the window."""

    name: ClassVar[str] = "quality.duplicates"
    warning_limit: float = 0.01

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding; `no_data` when rows have no keys. Of very many keys, a sample is looked at."""
        if not window.n:
            return [no_rows(self, window)]
        seen = window.keys.seen
        if not seen:
            why = f"Duplicates cannot be told: the rows have no key, n = {window.n:,}"
            return [report(self, window, Verdict.NO_DATA, why)]
        rate = Rate(int(window.keys.rows.sum()) - len(window.keys.rows), seen)
        judged = judge(rate, rate, [Limit(self.warning_limit, Verdict.WARNING)], "higher")
        low, high = (percent(end) for end in rate.interval())
        sampled = "" if window.keys.is_exact else f" in a sample of the {window.n:,} rows"
        text = (
            f"{percent(rate.value)} of the rows have a key that came before "
            f"(limit {percent(self.warning_limit)}), n = {seen:,}{sampled}, 95 % {low}–{high}"
        )
        if judged.verdict is Verdict.NO_EVIDENCE:
            text += f"; {doubt(rate, judged)}"
        return [
            report(
                self,
                window,
                judged.verdict,
                text,
                {"repeated": window.repeated_keys},
                signal="duplicate_rows",
                value=rate.value,
                limit=self.warning_limit,
                interval=rate.interval(),
                p_value=judged.p_value,
                n=seen,
            )
        ]


@dataclass(frozen=True)
class ReferenceAge:
    """What counts as normal is not older than `limit_days`: a monthly update and two more (seed 003)."""

    name: ClassVar[str] = "quality.reference_age"
    limit_days: float = 92.0

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """`warning` for an old reference; one without times, or without rows, cannot be too old."""
        if not window.n:
            return [no_rows(self, window)]
        newest, now = reference.last_at, window.scope.end or window.last_at
        if newest is None or now is None:
            why = f"The reference has {'no times' if reference.n else 'no rows'}, n = {reference.n:,}"
            return [report(self, window, Verdict.OK, why, n=reference.n, unit="days")]
        age, limit = now - newest, timedelta(days=self.limit_days)
        late = age > limit
        text = (
            f"The newest row of the reference is {words(max(age, timedelta(0)))} old (limit {words(limit)})"
        )
        return [
            report(
                self,
                window,
                Verdict.WARNING if late else Verdict.OK,
                f"{text}, n = {reference.n:,}",
                value=max(0.0, age / timedelta(days=1)),
                limit=self.limit_days,
                unit="days",
                n=reference.n,
            )
        ]


@dataclass(frozen=True)
class NewData:
    """Not more than `warning_limit` rows have come since the reference, if a team says how many are too many.
    More are worth retraining on (seed 001).
    """

    name: ClassVar[str] = "quality.new_data"
    unit: ClassVar[str] = "rows"
    needs_history: ClassVar[bool] = True
    warning_limit: float | None = None

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding about the version's rows that are known: of the window and the closed days before."""
        if not window.n:
            return [no_rows(self, window)]
        n = _rows_since(reference.last_at, window)
        late = self.warning_limit is not None and n > self.warning_limit
        limit = "" if self.warning_limit is None else f" (limit {self.warning_limit:,.0f})"
        more = ": they may be worth retraining on" if late else ""
        return [
            report(
                self,
                window,
                Verdict.WARNING if late else Verdict.OK,
                f"n = {n:,} rows of this version have come since the reference{limit}{more}",
                signal="new_rows",
                value=float(n),
                limit=self.warning_limit,
                unit=self.unit,
                n=n,
            )
        ]


def _rows_since(newest: datetime | None, window: Profile) -> int:
    """Rows on the days after that of the reference's newest row, each day counted once."""
    known = dict(zip(window.days.days.tolist(), window.days.n.tolist(), strict=True))
    if window.history is not None:  # whole days, of which the window may hold a part
        days = window.history.days
        known |= dict(zip(days.days.tolist(), days.n.tolist(), strict=True))
    last = None if newest is None else microseconds(newest) // DAY
    return sum(n for day, n in known.items() if last is None or day > last)
