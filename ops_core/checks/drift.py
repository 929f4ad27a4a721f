"""Checks of whether inputs or answers look different from the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from ops_core.checks.check import no_rows, report
from ops_core.checks.drifted import Drifted, Rule, drawn, graded
from ops_core.checks.drifted import explained as told
from ops_core.checks.finding import Finding, Verdict
from ops_core.drift.histories import calendar_of, sample_of
from ops_core.drift.kept import Side, answers, folded, inputs
from ops_core.drift.watching import watch
from ops_core.profiles.cells import Numeric
from ops_core.profiles.profile import EPOCH, Profile

MOST_FEATURES_TOLD = 10


@dataclass(frozen=True)
class Drift:
    """Distributions stay as on the reference; a drift has both evidence and a size worth waking for.

    The window is looked at as it is, and alarms beyond `warning_limit` or `critical_limit` of `measure` (PSI
    as usual over ten equal parts, less what sampling alone adds). The closed days of the past month are
    merged into windows of 1 to 28 days, and alarm from `least_effect` standard deviations (None: never).
    Evidence means at most `alarms_a_year` false alarms in all features, days and looks together.
    """

    name: ClassVar[str]
    needs_history: ClassVar[bool] = True

    warning_limit: float | None = None
    critical_limit: float | None = None
    measure: str = "psi"
    least_effect: float | None = 0.05
    alarms_a_year: float = 0.5

    def __post_init__(self) -> None:
        """Refuses an unknown measure."""
        _ = self.rule

    def sides(self, profile: Profile) -> Mapping[str, Side]:
        """What is compared, by name."""
        raise NotImplementedError

    @property
    def rule(self) -> Rule:
        """Limits in the measure's own unit."""
        return Rule.of(self.measure, self.warning_limit, self.critical_limit, self.least_effect)

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding that ranks what differs by how much; `no_data` without rows or without a reference."""
        if not window.n:
            return [no_rows(self, window)]
        ranked = self.compare(window, reference)
        if not ranked:
            why = "no value is there to compare" if reference.n else "there is no reference to compare with"
            return [report(self, window, Verdict.NO_DATA, f"Drift cannot be told: {why}, n = {window.n:,}")]
        top = max(ranked, key=lambda each: each.verdict.rank)
        drifted = [each.name for each in ranked if each.verdict.is_alarming]
        return [
            report(
                self,
                window,
                top.verdict,
                told(top, drifted, len(ranked), reference.n),
                {
                    "feature": top.name,
                    "drifted": list(drifted),
                    "tested": len(ranked),
                    "features": [drawn(each, ranked) for each in ranked[:MOST_FEATURES_TOLD]],
                    "statistic": top.evidence.kind,
                    "merged_days": top.evidence.days if top.by_days else 0,
                    "effect": round(top.evidence.effect, 4),
                    "floor": round(top.seen.floor, 4),
                },
                signal=f"{self.measure if top.unit == self.measure else 'drift'} of {top.name}",
                value=top.value,
                limit=top.limit,
                unit=top.unit,
                n=top.n,
                p_value=top.evidence.adjusted,
                since=_since(window, top),
            )
        ]

    def compare(self, window: Profile, reference: Profile) -> list[Drifted]:
        """What both sides have values of, most drifted first."""
        whole = self.sides(reference)
        usual = {name: folded(side, side) for name, side in whole.items()}
        sides = {
            name: folded(side, whole[name])
            for name, side in self.sides(window).items()
            if (side.rows or side.kept.missing) and usual[name].rows  # all may have gone missing
        }
        end = window.scope.end or window.last_at or EPOCH
        start = window.scope.start if window.history is None else None  # the days of a history are whole
        calendar = calendar_of([side.kept.days for side in sides.values()], start, end)
        samples = [
            sample_of(name, side.kept, usual[name].kept, calendar, is_ordered=isinstance(side.cells, Numeric))
            for name, side in sides.items()
        ]
        seen = watch(samples, self.alarms_a_year, self.rule.least_effect, _length(window, end))
        found = [
            graded(self.rule, one, sample, sides[sample.name], usual[sample.name])
            for one, sample in zip(seen, samples, strict=True)
        ]
        return sorted(found, key=lambda each: (-each.verdict.is_alarming, -each.size, each.name))


@dataclass(frozen=True)
class DataDrift(Drift):
    """The inputs look as they do on the reference."""

    name: ClassVar[str] = "drift.data"

    def sides(self, profile: Profile) -> Mapping[str, Side]:
        """Every feature."""
        return inputs(profile)


@dataclass(frozen=True)
class PredictionDrift(Drift):
    """The model's answers look as they do on the reference."""

    name: ClassVar[str] = "drift.prediction"

    def sides(self, profile: Profile) -> Mapping[str, Side]:
        """Scores and predicted classes."""
        return answers(profile)


def _length(window: Profile, end: datetime) -> timedelta:
    start = window.scope.start or window.first_at or end
    return max(end - start, timedelta(seconds=1))


def _since(window: Profile, top: Drifted) -> datetime | None:
    """The first of the merged days that opened the episode; None when the window itself gave the alarm."""
    if not top.by_days or top.seen.open_days is None:
        return None
    end = window.scope.end or window.last_at or EPOCH
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=top.seen.open_days)
