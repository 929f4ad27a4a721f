"""Checks of whether the model treats groups alike; they need a column that names the group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import ClassVar, TypeAlias

from ops_core.checks.check import figures, no_rows, report
from ops_core.checks.evidence import Judged, Limit, doubt, judge
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.errors import Invalid
from ops_core.profiles.parity import Impact, Parity, treatments
from ops_core.profiles.performance import METRICS
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Rate
from ops_core.profiles.segments import confusions

Rates: TypeAlias = Mapping[str, Rate]
RATES: Mapping[str, str] = {
    "selection": "predicted positive",
    "true_positive": "of the positives found",
    "false_positive": "of the negatives called positive",
}


@dataclass(frozen=True)
class Pair:
    """Two groups and how far apart they fare by one rate."""

    rate: str
    worse_off: str
    better_off: str
    gap: Parity | Impact
    judged: Judged


@dataclass(frozen=True)
class Fairness:
    """The groups that lie farthest apart are still alike enough; 1 means alike.

    Limits are fixed: a reference that is unfair itself excuses nothing. p-values are multiplied by the
    number of pairs compared.
    """

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ("classification", "group")
    label: ClassVar[str]
    rates: ClassVar[tuple[str, ...]]
    gap: ClassVar[type[Parity] | type[Impact]] = Parity

    warning_limit: float | None = 0.90
    critical_limit: float | None = 0.80

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding about the two groups that lie farthest apart."""
        if not window.n:
            return [no_rows(self, window)]
        groups = self.groups(window)
        pairs = self._pairs(groups)
        if not pairs:
            why = f"{self.label} cannot be told: {self._why(window, groups)}, n = {window.n:,}"
            return [report(self, window, Verdict.NO_DATA, why, {"groups": self._told(groups)})]
        farthest = pairs[0]
        usual = min((each.gap.value or 0.0 for each in self._pairs(self.groups(reference))), default=None)
        limit = None if farthest.judged.limit is None else farthest.judged.limit.value
        return [
            report(
                self,
                window,
                farthest.judged.verdict,
                self._explain(farthest, usual, limit, len(groups)),
                {
                    "groups": self._told(groups),
                    "worse_off": farthest.worse_off,
                    "better_off": farthest.better_off,
                    "rate": farthest.rate,
                    "difference": (farthest.gap.high.value or 0.0) - (farthest.gap.low.value or 0.0),
                },
                value=farthest.gap.value,
                limit=limit,
                reference=usual,
                interval=farthest.gap.interval(),
                p_value=farthest.judged.p_value,
                n=farthest.gap.low.n + farthest.gap.high.n,
            )
        ]

    def groups(self, profile: Profile) -> Mapping[str, Rates]:
        """By group, all rates that are told of it."""
        found = treatments(profile)
        return {name: {rate: getattr(group, rate) for rate in RATES} for name, group in found.items()}

    def compared(self) -> tuple[str, ...]:
        """The rates by which groups are held against each other."""
        return self.rates

    def _pairs(self, groups: Mapping[str, Rates]) -> list[Pair]:
        """Each two groups that the rates tell apart or find alike, the farthest apart first."""
        compared = [
            (rate, low, high, self.gap(groups[low][rate], groups[high][rate]))
            for rate in self.compared()
            for low, high in permutations(groups, 2)
        ]
        told = [each for each in compared if each[3].value is not None and each[3].value <= 1]
        pairs = [Pair(rate, low, high, gap, self._judge(gap, len(told))) for rate, low, high, gap in told]
        return sorted(pairs, key=lambda pair: (-pair.judged.verdict.rank, pair.gap.value, pair.rate))

    def _judge(self, gap: Parity | Impact, tests: int) -> Judged:
        given = ((self.warning_limit, Verdict.WARNING), (self.critical_limit, Verdict.CRITICAL))
        limits = [Limit(limit, verdict) for limit, verdict in given if limit is not None]
        return judge(gap, gap, limits, "lower", tests=tests)

    def _explain(self, pair: Pair, usual: float | None, limit: float | None, groups: int) -> str:
        value, normal, bound = figures(pair.gap.value, usual, limit)
        low, high = (f"{end:.2f}" for end in pair.gap.interval())
        against = "" if usual is None else f" against {normal} on the reference"
        limited = "" if limit is None else f" (limit {bound})"
        said = RATES.get(pair.rate, pair.rate.replace("_", " "))
        text = (
            f"{self.label} {value}{against}{limited}: {_share(pair.gap.low)} {said} in "
            f"{pair.worse_off}, {_share(pair.gap.high)} in {pair.better_off}, "
            f"farthest apart of {groups} groups, n = {pair.gap.low.n + pair.gap.high.n:,}, 95 % {low}–{high}"
        )
        return (
            f"{text}; {doubt(pair.gap, pair.judged)}" if pair.judged.verdict is Verdict.NO_EVIDENCE else text
        )

    def _why(self, window: Profile, groups: Mapping[str, Rates]) -> str:
        if "group" not in window.layout.splits:
            return "no column names the group"
        if len(groups) < 2:
            return f"two groups are needed, and there are predictions of {len(groups)}"
        return "no two groups have a rate to compare"

    def _told(self, groups: Mapping[str, Rates]) -> list[JSON]:
        return [
            {"group": name, **{rate: _plain(told) for rate, told in rates.items()}}
            for name, rates in groups.items()
        ]


@dataclass(frozen=True)
class DemographicParity(Fairness):
    """Groups are predicted positive alike often."""

    name: ClassVar[str] = "fairness.demographic_parity"
    label: ClassVar[str] = "Demographic parity"
    rates: ClassVar[tuple[str, ...]] = ("selection",)


@dataclass(frozen=True)
class EqualOpportunity(Fairness):
    """The positives of each group are found alike often."""

    name: ClassVar[str] = "fairness.equal_opportunity"
    label: ClassVar[str] = "Equal opportunity"
    rates: ClassVar[tuple[str, ...]] = ("true_positive",)


@dataclass(frozen=True)
class EqualisedOdds(Fairness):
    """Positives are found alike often, and negatives called positive alike often, in each group."""

    name: ClassVar[str] = "fairness.equalised_odds"
    label: ClassVar[str] = "Equalised odds"
    rates: ClassVar[tuple[str, ...]] = ("true_positive", "false_positive")


@dataclass(frozen=True)
class DisparateImpact(Fairness):
    """No group is predicted positive less than four fifths as often as another."""

    name: ClassVar[str] = "fairness.disparate_impact"
    label: ClassVar[str] = "Disparate impact"
    rates: ClassVar[tuple[str, ...]] = ("selection",)
    gap: ClassVar[type[Parity] | type[Impact]] = Impact
    warning_limit: float | None = None
    critical_limit: float | None = 0.80


@dataclass(frozen=True)
class MetricGap(Fairness):
    """A metric of performance is alike in all groups."""

    name: ClassVar[str] = "fairness.metric_gap"
    label: ClassVar[str] = "Metric by group"
    rates: ClassVar[tuple[str, ...]] = ()
    metric: str = "accuracy"

    def __post_init__(self) -> None:
        """Refuses an unknown metric."""
        if self.metric not in METRICS:
            raise Invalid(
                f"There is no metric by group named {self.metric!r}.",
                hint="There are: " + ", ".join(METRICS) + ".",
                field="metric",
            )

    def groups(self, profile: Profile) -> Mapping[str, Rates]:
        """Every metric, of groups with labels."""
        return {
            name: {metric: each.rate(counted) for metric, each in METRICS.items()}
            for name, counted in confusions(profile, "group").items()
        }

    def compared(self) -> tuple[str, ...]:
        """The one that was asked for."""
        return (self.metric,)


def as_metric(finding: Finding) -> dict[str, JSON]:
    """The finding in four words: {metric, value, threshold, status}; "acceptable" is the status of `ok`."""
    return {
        "metric": finding.check.partition(".")[2],
        "value": None if finding.value is None else round(finding.value, 4),
        "threshold": finding.limit,
        "status": "acceptable" if finding.verdict is Verdict.OK else finding.verdict.value,
    }


def _plain(rate: Rate) -> JSON:
    low, high = rate.interval()
    return {"value": rate.value, "n": rate.n, "low": low, "high": high}


def _share(rate: Rate) -> str:
    return f"{100 * (rate.value or 0.0):.1f} %"
