"""The shape of checks that hold a level (a latency, a load, a rate) against limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from ops_core.checks.evidence import EVIDENCE_P, LEAST_ROWS, Judged, Limit, judge
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.checks.signal_check import MOST_SUBJECTS_TOLD, Look, aside, clouded, report, split, unread
from ops_core.checks.wording import amounts, words
from ops_core.profiles.rates import Estimate, Rate, Worse
from ops_core.signals.signal import Signal
from ops_core.signals.typical import Typical


@dataclass(frozen=True)
class Level:
    """A level keeps its limits; what crosses one by chance, or for a moment only, is no evidence.

    A signal with points is judged by their median and the sign test, a ratio of `n` requests by the
    binomial test; a single value without either never alarms.
    """

    name: ClassVar[str]
    reads: ClassVar[str]
    label: ClassVar[str]
    unit: ClassVar[str] = "ratio"
    worse: ClassVar[Worse] = "higher"

    warning_limit: float | None = None
    critical_limit: float | None = None

    def judge(self, signals: Sequence[Signal], look: Look) -> list[Finding]:
        """One finding about the worst of the signals; `no_data` when none could be read."""
        read, failed = split(signals)
        if not read:
            return [unread(self, look, signals, self.label)]
        told = [(each, self._judge(each)) for each in read]
        sign = -1.0 if self.worse == "higher" else 1.0
        told.sort(key=lambda pair: (-pair[1].verdict.rank, sign * (pair[0].value or 0.0)))
        worst, judged = told[0]
        low, high = estimate(worst).interval()
        subjects: list[JSON] = [
            {"subject": each.subject, "value": each.value, "n": each.n, "verdict": verdict.verdict.value}
            for each, verdict in told[:MOST_SUBJECTS_TOLD]
        ]
        return [
            report(
                self,
                look,
                clouded(judged.verdict, failed),
                self._explain(worst, judged, (low, high), len(read)) + aside(failed),
                worst,
                limit=None if judged.limit is None else judged.limit.value,
                interval=(low, high) if math.isfinite(low) and math.isfinite(high) else None,
                p_value=judged.p_value,
                since=self._since(worst, judged),
                detail={"source": worst.source, "subjects": subjects, "points": list(worst.points)},
            )
        ]

    def _judge(self, signal: Signal) -> Judged:
        given = ((self.warning_limit, Verdict.WARNING), (self.critical_limit, Verdict.CRITICAL))
        limits = [Limit(limit, verdict) for limit, verdict in given if limit is not None]
        found = estimate(signal)
        return judge(found, found, limits, self.worse)

    def _since(self, signal: Signal, judged: Judged) -> object:
        """When the last points began that all lie beyond the limit."""
        if judged.limit is None or not judged.verdict.is_alarming or len(signal.points) < 2:
            return None
        beyond = 0
        for point in reversed(signal.points):
            if not judged.limit.crossed(point, self.worse):
                break
            beyond += 1
        step = signal.window / (len(signal.points) - 1)
        return signal.at - step * (beyond - 1) if beyond else None

    def _explain(self, signal: Signal, judged: Judged, ends: tuple[float, float], count: int) -> str:
        limit = None if judged.limit is None else judged.limit.value
        shown = [end if math.isfinite(end) else None for end in ends]
        value, bound, low, high = amounts(signal.unit, signal.value, limit, *shown)
        of = f" of {signal.subject}" if signal.subject else ""
        limited = "" if limit is None else f" (limit {bound})"
        within = "" if None in shown else f", 95 % {low}–{high}"
        text = f"{self.label}{of} {value}{limited}, {sample(signal)}{within}"
        if count > 1:
            text += f", the worst of {count}"
        return f"{text}; {_doubt(signal, judged)}" if judged.verdict is Verdict.NO_EVIDENCE else text


def estimate(signal: Signal) -> Estimate:
    """The number that a signal is an estimate of."""
    if signal.value is not None and signal.unit == "ratio" and not signal.points and signal.n > 1:
        return Rate(round(signal.value * signal.n), signal.n)
    alone = () if signal.value is None else (signal.value,)
    return Typical(signal.points or alone)


def sample(signal: Signal) -> str:
    """What the value rests on: "median of n = 21 points over 5 min", "n = 12,300 in 5 min"."""
    over = (
        f" {'over' if signal.points else 'in'} {words(signal.window)}" if signal.window > timedelta(0) else ""
    )
    if signal.points:
        return f"median of n = {len(signal.points):,} points{over}"
    return f"n = {signal.n:,}{over}"


def _doubt(signal: Signal, judged: Judged) -> str:
    if signal.n < LEAST_ROWS:
        return f"{signal.n} {'point is' if signal.n == 1 else 'are'} no evidence, {LEAST_ROWS} are needed"
    return f"may be chance or a moment's (p = {judged.p_value or 1.0:.2g}, {EVIDENCE_P:g} is needed)"
