"""Checks of the shape of the data: ranges, columns, types and the balance of classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.check import figures, no_rows, report
from ops_core.checks.evidence import EVIDENCE_P, Judged, Limit, doubt, judge, limits_of
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.checks.quality import MOST_FEATURES_TOLD
from ops_core.checks.wording import many, percent
from ops_core.profiles.cells import Numeric
from ops_core.profiles.performance import Confusion
from ops_core.profiles.profile import Profile
from ops_core.profiles.ranges import Outside, outside_ranges, share_by_chance
from ops_core.profiles.rates import Rate, Worse


@dataclass(frozen=True)
class Range:
    """Few numbers lie outside the reference's range, a tenth of which is allowed on either side."""

    name: ClassVar[str] = "quality.range"
    warning_limit: float = 0.01

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding about the feature with the most values outside; `no_data` without numbers."""
        if not window.n:
            return [no_rows(self, window)]
        found = outside_ranges(window, reference)
        if not found:
            why = "Ranges cannot be told: no number is there that the reference knows"
            return [report(self, window, Verdict.NO_DATA, f"{why}, n = {window.n:,}")]
        told = [(each, self._judge(each, len(found))) for each in found]
        told.sort(key=lambda pair: (-pair[1].verdict.rank, -pair[0].rate.share, pair[0].name))
        worst, judged = told[0]
        beyond: list[JSON] = [each.name for each, verdict in told if verdict.verdict.is_alarming]
        features: list[JSON] = [each.told() for each, _ in told[:MOST_FEATURES_TOLD] if each.rate.hits]
        return [
            report(
                self,
                window,
                judged.verdict,
                self._explain(worst, judged, len(beyond)),
                {"feature": worst.name, "beyond": beyond, "features": features},
                signal=f"values outside the range of {worst.name}",
                value=worst.rate.value,
                limit=None if judged.limit is None else judged.limit.value,
                interval=worst.rate.interval(),
                p_value=judged.p_value,
                n=worst.rate.n,
            )
        ]

    def _judge(self, each: Outside, tests: int) -> Judged:
        """A small reference has not seen the whole range, and what it may have missed is allowed."""
        limit = max(self.warning_limit, share_by_chance(each.seen, EVIDENCE_P / tests))
        return judge(each.rate, Rate(0, each.seen), [Limit(limit, Verdict.WARNING)], "higher", tests=tests)

    def _explain(self, each: Outside, judged: Judged, beyond: int) -> str:
        limit = "" if judged.limit is None else f" (limit {percent(judged.limit.value)})"
        if not each.rate.hits:
            return f"All numbers lie within the reference's ranges, n = {each.rate.n:,}"
        infinite = f", {each.infinite:,} of them infinite" if each.infinite else ""
        (least, greatest), low, high = figures(each.least, each.greatest), *each.rate.interval()
        text = (
            f"{percent(each.rate.value)} of the values of {each.name} lie outside {least}–{greatest}, the "
            f"reference's range{limit}{infinite}, n = {each.rate.n:,}, 95 % {percent(low)}–{percent(high)}"
        )
        if judged.verdict is Verdict.NO_EVIDENCE:
            return f"{text}; {doubt(each.rate, judged)}"
        return text + (f"; and {beyond - 1} more beyond it" if beyond > 1 else "")


@dataclass(frozen=True)
class Schema:
    """The features of the reference are there and hold what they held."""

    name: ClassVar[str] = "quality.schema"

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """`warning` when a feature is gone or holds another type in some rows; the detail names them."""
        if not window.n:
            return [no_rows(self, window)]
        changed = [
            {
                "feature": name,
                "gone": tally.absent - tally.mistyped,
                "mistyped": tally.mistyped,
                "expected": "a number" if isinstance(window.layout.features[name], Numeric) else "text",
            }
            for name, tally in window.tallies.items()
            if tally.absent
        ]
        told = "; ".join(_changed(each) for each in changed[:3])
        more = f"; and {len(changed) - 3} more" if len(changed) > 3 else ""
        features: list[JSON] = [dict(each) for each in changed[:MOST_FEATURES_TOLD]]
        return [
            report(
                self,
                window,
                Verdict.WARNING if changed else Verdict.OK,
                f"{told}{more}; n = {window.n:,}"
                if changed
                else f"{many(len(window.tallies), 'feature')} there, none of another type, n = {window.n:,}",
                {"features": features},
                signal="changed features",
                value=float(len(changed)),
                limit=0.0,
                unit="columns",
            )
        ]


@dataclass(frozen=True)
class ClassBalance:
    """Positives come about as often among the labels as they did on the reference."""

    name: ClassVar[str] = "quality.class_balance"
    needs: ClassVar[tuple[str, ...]] = ("classification",)
    warning_change_ratio: float = 0.5

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding; `no_data` without labels or without a reference."""
        if not window.n:
            return [no_rows(self, window)]
        rate, normal = _positives(window), _positives(reference)
        if rate.value is None or not normal.value:
            why = "no positive label on the reference" if rate.n else "no label is there"
            text = f"Class balance cannot be told: {why}, n = {rate.n:,}"
            return [report(self, window, Verdict.NO_DATA, text, n=rate.n)]
        judged = max(
            (self._judge(rate, normal, up=up) for up in (False, True)), key=lambda each: each.verdict.rank
        )
        limit = None if judged.limit is None else judged.limit.value
        return [
            report(
                self,
                window,
                judged.verdict,
                self._explain(rate, normal, judged),
                signal="positive_labels",
                value=rate.value,
                limit=limit,
                reference=normal.value,
                interval=rate.interval(),
                p_value=judged.p_value,
                n=rate.n,
            )
        ]

    def _judge(self, rate: Rate, normal: Rate, *, up: bool) -> Judged:
        changes = [(self.warning_change_ratio, Verdict.WARNING)]
        worse: Worse = "higher" if up else "lower"
        limits = limits_of(normal, worse, [], changes, even_if_reference_fails=False)
        return judge(rate, normal, limits, worse, tests=2)

    def _explain(self, rate: Rate, normal: Rate, judged: Judged) -> str:
        low, high = (percent(end) for end in rate.interval())
        limit = "" if judged.limit is None else f" (limit {percent(judged.limit.value)})"
        text = (
            f"{percent(rate.value)} of the labels are positive against {percent(normal.value)} on the "
            f"reference{limit}, n = {rate.n:,}, 95 % {low}–{high}"
        )
        return f"{text}; {doubt(rate, judged)}" if judged.verdict is Verdict.NO_EVIDENCE else text


def _positives(profile: Profile) -> Rate:
    counted = Confusion.of(profile.confusion, profile.layout)
    return Rate(counted.tp + counted.fn, counted.n)


def _changed(each: dict[str, str | int]) -> str:
    if each["mistyped"]:
        found = "text" if each["expected"] == "a number" else "a number"
        return f"{each['feature']} holds {found} instead of {each['expected']} in {each['mistyped']:,} rows"
    return f"{each['feature']} is gone from {each['gone']:,} rows"
