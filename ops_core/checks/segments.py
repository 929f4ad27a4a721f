"""The check of each segment against the same segment of the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.check import figures, no_rows, report
from ops_core.checks.evidence import Judged, doubt, judge, limits_of
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.profiles.performance import METRICS
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Rate
from ops_core.profiles.segments import segments

MOST_TOLD = 20


@dataclass(frozen=True)
class SegmentDrop:
    """In no segment accuracy falls by a tenth, however good the whole is (seeds 002 and 004)."""

    name: ClassVar[str] = "performance.segments"
    needs: ClassVar[tuple[str, ...]] = ("classification", "segment")

    warning_change_ratio: float | None = 0.10
    critical_change_ratio: float | None = 0.20

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding about the segment that fell most surely; `no_data` without labels or segments."""
        if not window.n:
            return [no_rows(self, window)]
        now, usual = _rates(window), _rates(reference)
        told = {name: (rate, usual[name]) for name, rate in now.items() if name in usual}
        if not told:
            why = f"Segments cannot be compared: {self._why(window, now)}, n = {window.n_labelled:,}"
            return [report(self, window, Verdict.NO_DATA, why, n=window.n_labelled)]
        found = {name: self._judge(rate, normal, len(told)) for name, (rate, normal) in told.items()}
        order = sorted(told, key=lambda name: (-found[name].verdict.rank, _kept(*told[name]), name))
        rate, normal = told[order[0]]
        judged = found[order[0]]
        parts: list[JSON] = [_part(name, *told[name], found[name]) for name in order[:MOST_TOLD]]
        return [
            report(
                self,
                window,
                judged.verdict,
                self._explain(window.layout.part("segment", order[0]), rate, normal, judged, len(told)),
                {"segment": order[0], "segments": parts},
                signal=f"accuracy of segment {order[0]}",
                value=rate.value,
                limit=None if judged.limit is None else judged.limit.value,
                reference=normal.value,
                interval=rate.interval(),
                p_value=judged.p_value,
                n=rate.n,
            )
        ]

    def _judge(self, rate: Rate, normal: Rate, tests: int) -> Judged:
        changes = [
            (self.warning_change_ratio, Verdict.WARNING),
            (self.critical_change_ratio, Verdict.CRITICAL),
        ]
        # The p-value is multiplied by the number of segments that are compared.
        limits = limits_of(normal, "lower", [], changes, even_if_reference_fails=False)
        return judge(rate, normal, limits, "lower", tests=tests)

    def _explain(self, name: str, rate: Rate, normal: Rate, judged: Judged, count: int) -> str:
        limit = None if judged.limit is None else judged.limit.value
        value, usual, bound = figures(rate.value, normal.value, limit)
        low, high = (f"{end:.2f}" for end in rate.interval())
        limited = "" if limit is None else f" (limit {bound})"
        text = (
            f"Accuracy in segment {name} {value} against {usual} on the reference{limited}, "
            f"the most fallen of {count}, n = {rate.n:,}, 95 % {low}–{high}"
        )
        return f"{text}; {doubt(rate, judged)}" if judged.verdict is Verdict.NO_EVIDENCE else text

    def _why(self, window: Profile, now: Mapping[str, Rate]) -> str:
        if "segment" not in window.layout.splits:
            return "no column names the segment"
        return "no segment has labels on the reference" if now else "no row has a label and a prediction"


def _part(name: str, rate: Rate, normal: Rate, judged: Judged) -> JSON:
    """The p-value is that of the limit that it crosses, 1 when it crosses none."""
    low, high = rate.interval()
    p_value = 1.0 if judged.p_value is None else judged.p_value
    told = {"segment": name, "value": rate.value, "reference": normal.value}
    return {**told, "n": rate.n, "low": low, "high": high, "p_value": p_value}


def _rates(profile: Profile) -> dict[str, Rate]:
    return {each.name: each.rate for each in segments(profile, METRICS["accuracy"])}


def _kept(rate: Rate, normal: Rate) -> float:
    return rate.share / normal.share if normal.share else 1.0
