"""Checks of the data itself: is it there, is it fresh, can it be read, is anything missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from ops_core.checks.check import no_rows, report
from ops_core.checks.evidence import Judged, Limit, doubt, judge
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.checks.wording import percent, words
from ops_core.profiles.nulls import missing_rates, missing_since
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Rate

MOST_FEATURES_TOLD = 10


@dataclass(frozen=True)
class NullRate:
    """Missing values of every feature, of the score and of the prediction stay under `warning_limit`."""

    name: ClassVar[str] = "quality.null_rate"
    warning_limit: float = 0.05

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding about the worst feature; the others that break the limit are in its detail."""
        if not window.n:
            return [no_rows(self, window)]
        normal = missing_rates(reference)
        rates = _filled(missing_rates(window), normal)
        judged = [
            Missing(name, rate, normal[name], self._judge(rate, normal[name], len(rates)))
            for name, rate in rates.items()
        ]
        if not reference.n:
            judged = [replace(each, judged=each.judged.without_reference()) for each in judged]
        judged.sort(key=Missing.order)
        worst = judged[0]
        beyond = [each.name for each in judged if each.judged.verdict.is_alarming]
        features: list[JSON] = [each.told() for each in judged[:MOST_FEATURES_TOLD]]
        since = self._since(window, worst)
        return [
            report(
                self,
                window,
                worst.judged.verdict,
                worst.explain(len(beyond)) + (f"; since {since:%d %B}" if since else ""),
                {"feature": worst.name, "beyond": list(beyond), "features": features},
                signal=f"null_rate of {worst.name}",
                value=worst.rate.value,
                limit=None if worst.judged.limit is None else worst.judged.limit.value,
                reference=worst.normal.value,
                interval=worst.rate.interval() if worst.rate.n else None,
                p_value=worst.judged.p_value,
                n=worst.rate.n,
                since=since,
            )
        ]

    def _since(self, window: Profile, worst: Missing) -> datetime | None:
        limit = worst.judged.limit
        alarms = limit is not None and worst.judged.verdict.is_alarming
        return missing_since(window, worst.name, limit.value) if limit is not None and alarms else None

    def _judge(self, rate: Rate, normal: Rate, features: int) -> Judged:
        """The limit is raised to the reference's own rate plus the limit where the reference breaks it."""
        usual = normal.value or 0.0
        limit = self.warning_limit if usual <= self.warning_limit else usual + self.warning_limit
        judged = judge(rate, normal, [Limit(limit, Verdict.WARNING)], "higher", tests=features)
        # A feature that no row has is the source's problem, told by quality.source.
        return judged if rate.n else Judged(Verdict.OK, judged.limit)


@dataclass(frozen=True)
class Missing:
    """How much of one feature is missing, judged."""

    name: str
    rate: Rate
    normal: Rate
    judged: Judged

    def order(self) -> tuple[int, bool, float, str]:
        """The gravest first, then those that miss most; what no row has comes last."""
        return -self.judged.verdict.rank, not self.rate.n, -(self.rate.value or 0.0), self.name

    def told(self) -> JSON:
        """For the finding's detail."""
        return {
            "feature": self.name,
            "value": self.rate.value,
            "reference": self.normal.value,
            "n": self.rate.n,
        }

    def explain(self, beyond: int) -> str:
        """A sentence about this feature as the worst one; `beyond` features break the limit in all."""
        limit = "" if self.judged.limit is None else f" (limit {percent(self.judged.limit.value)})"
        if self.judged.verdict is Verdict.OK:
            missing = percent(self.rate.value)
            return f"No feature misses more than {missing} of its values{limit}, n = {self.rate.n:,}"
        low, high = (percent(end) for end in self.rate.interval())
        usual = f" against {percent(self.normal.value)} on the reference" if self.normal.n else ""
        missing = f"{self.name} misses {percent(self.rate.value)} of its values{usual}{limit}"
        text = f"{missing}, n = {self.rate.n:,}, 95 % {low}–{high}"
        if self.judged.verdict is Verdict.NO_EVIDENCE:
            return f"{text}; {doubt(self.rate, self.judged)}"
        return text + (f"; and {beyond - 1} more beyond it" if beyond > 1 else "")


def _filled(rates: Mapping[str, Rate], normal: Mapping[str, Rate]) -> Mapping[str, Rate]:
    """Those that the reference has values of, as a chat bot has no prediction; all, if that leaves none."""
    told = {name: rate for name, rate in rates.items() if not normal[name].n or normal[name].share < 1}
    return told or rates


@dataclass(frozen=True)
class Freshness:
    """The newest prediction is not older than `limit_seconds`."""

    name: ClassVar[str] = "quality.freshness"
    limit_seconds: float = 3600.0

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """`critical` when predictions have stopped coming (seed 002, "Data pipeline issues")."""
        if window.last_at is None:
            return [no_rows(self, window)]
        age = (window.scope.end or window.last_at) - window.last_at
        late = age > timedelta(seconds=self.limit_seconds)
        span, limit = words(age), words(timedelta(seconds=self.limit_seconds))
        return [
            report(
                self,
                window,
                Verdict.CRITICAL if late else Verdict.OK,
                f"The newest prediction is {span} old (limit {limit}), n = {window.n:,} in the window",
                value=age.total_seconds(),
                limit=self.limit_seconds,
                unit="seconds",
                since=window.last_at if late else None,
            )
        ]


@dataclass(frozen=True)
class Volume:
    """The window holds at least `least_rows` predictions."""

    name: ClassVar[str] = "quality.volume"
    least_rows: int = 30

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """`no_data` when there are too few rows to judge anything."""
        if not window.n:
            return [no_rows(self, window)]
        enough = window.n >= self.least_rows
        return [
            report(
                self,
                window,
                Verdict.OK if enough else Verdict.NO_DATA,
                f"n = {window.n:,} predictions in the window (at least {self.least_rows:,} are needed)",
                value=float(window.n),
                limit=float(self.least_rows),
                unit="rows",
            )
        ]


@dataclass(frozen=True)
class Source:
    """What the other checks read can be read: files whole, columns there, types unchanged."""

    name: ClassVar[str] = "quality.source"

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """`warning` for a problem that will not pass by itself; the first ones are told, all counted."""
        if not window.n:
            return [no_rows(self, window)]
        lasting = [problem for problem in window.problems if not problem.passing]
        first = (lasting or list(window.problems))[:3]
        told = "; ".join(f"{problem.where}: {problem.what}" for problem in first)
        more = f"; and {len(lasting) - 3} more" if len(lasting) > 3 else ""
        verdict = Verdict.WARNING if lasting else Verdict.OK
        text = f"All data of the window could be read, n = {window.n:,}"
        if told:
            text = f"{told}{more}; n = {window.n:,} rows were read all the same"
        return [report(self, window, verdict, text, value=float(len(lasting)), limit=0.0, unit="files")]
