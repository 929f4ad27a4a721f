"""Checks of what it costs: against the budget, and against what was usual (seed 001, section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import ClassVar

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.signal_check import Look, aside, clouded, report, split, unread
from ops_core.checks.wording import amounts
from ops_core.signals.costs import COST
from ops_core.signals.signal import Signal

TOTAL = "total"


@dataclass(frozen=True)
class Budget:
    """Spending stays near its budget: more than 10 % above is a warning, more than 20 % critical.

    One finding for each category and one for the total. In a period that still runs, what was spent so far
    is taken on to its end; that is no evidence before `least_share` of it has passed, unless the budget
    is already overspent.
    """

    name: ClassVar[str] = "cost.budget"
    reads: ClassVar[str] = COST

    warning_limit: float = 0.10
    critical_limit: float = 0.20
    least_share: float = 0.25

    def judge(self, signals: Sequence[Signal], look: Look) -> list[Finding]:
        """The total first; `no_data` when nothing with a budget could be read."""
        read, failed = split(signals)
        planned = [each for each in read if each.planned is not None and each.planned > 0]
        if not planned:
            if read:
                why = f"Cost against budget cannot be told: no budget is set, n = {len(read)} categories"
                return [report(self, look, Verdict.NO_DATA, why)]
            return [unread(self, look, signals, "Cost against budget")]
        whole = [] if failed or len(planned) < 2 else [_total(planned)]
        findings = [self._judge(each, look) for each in [*whole, *planned]]
        if failed:
            first = findings[0]
            verdict, text = clouded(first.verdict, failed), first.explanation + aside(failed)
            findings[0] = replace(first, verdict=verdict, explanation=text)
        return findings

    def _judge(self, signal: Signal, look: Look) -> Finding:
        share = _share(signal)
        spent, planned = signal.value or 0.0, signal.planned or 0.0
        expected = spent / share if share else spent
        over, surely = round(expected / planned - 1, 9), round(spent / planned - 1, 9)
        verdict = self._verdict(over if share >= self.least_share else surely)
        if verdict is Verdict.OK and self._verdict(over) is not Verdict.OK:
            verdict = Verdict.NO_EVIDENCE
        limit = self.critical_limit if verdict is Verdict.CRITICAL else self.warning_limit
        days = max(1, len(signal.points))
        return report(
            self,
            look,
            verdict,
            self._explain(signal, expected, over, limit, share, verdict)
            + f", n = {days} day{'s'[: days - 1]}",
            signal,
            signal="cost_variance",
            subject=None if signal.subject == TOTAL else signal.subject,
            value=over,
            limit=limit,
            unit="ratio",
            n=days,
            detail={"source": signal.source, "spent": spent, "budget": planned, "currency": signal.unit},
        )

    def _verdict(self, over: float) -> Verdict:
        if over <= self.warning_limit:
            return Verdict.OK
        return Verdict.CRITICAL if over > self.critical_limit else Verdict.WARNING

    def _explain(
        self, signal: Signal, expected: float, over: float, limit: float, share: float, verdict: Verdict
    ) -> str:
        spent, planned, coming = amounts(signal.unit, signal.value, signal.planned, expected)
        against = f"against a budget of {planned} ({100 * over:+.0f} %, limit {100 * limit:+.0f} %)"
        name = (signal.subject or TOTAL).strip()
        if share >= 1:
            return f"Cost of {name}: {spent} {against}"
        doubt = ", too early to be evidence" if verdict is Verdict.NO_EVIDENCE else ""
        return (
            f"Cost of {name}: {spent} in {100 * share:.0f} % of the period, "
            f"on the way to {coming} {against}{doubt}"
        )


@dataclass(frozen=True)
class Spike:
    """No day costs more than twice the median of the days before it.

    At least `least_days` days are needed before it, and it must be more than each of them: a day as dear as
    one in the weeks before is no evidence.
    """

    name: ClassVar[str] = "cost.spike"
    reads: ClassVar[str] = COST

    warning_times: float = 2.0
    least_days: int = 7

    def judge(self, signals: Sequence[Signal], look: Look) -> list[Finding]:
        """One finding about the category that rose most; `no_data` without enough days."""
        read, failed = split(signals)
        if not read:
            return [unread(self, look, signals, "A cost spike")]
        known = [each for each in read if len(each.points) > self.least_days and median(each.points[:-1]) > 0]
        if not known:
            days = max(0, *(len(each.points) - 1 for each in read))
            needed = f"{self.least_days} days with costs are needed before it"
            why = f"A cost spike cannot be told: {needed}, n = {days}"
            return [report(self, look, Verdict.NO_DATA, why)]
        if len(known) > 1:
            known.append(_total(known))
        known.sort(key=lambda each: (-self._verdict(each).rank, -_times(each)))
        top = known[0]
        verdict = self._verdict(top)
        return [
            report(
                self,
                look,
                clouded(verdict, failed),
                self._explain(top, verdict) + aside(failed),
                top,
                signal="daily_cost",
                value=top.points[-1],
                limit=self.warning_times * median(top.points[:-1]),
                reference=median(top.points[:-1]),
                n=len(top.points) - 1,
                detail={"source": top.source, "category": top.subject, "points": list(top.points)},
            )
        ]

    def _verdict(self, signal: Signal) -> Verdict:
        if _times(signal) <= self.warning_times:
            return Verdict.OK
        return Verdict.WARNING if signal.points[-1] > max(signal.points[:-1]) else Verdict.NO_EVIDENCE

    def _explain(self, signal: Signal, verdict: Verdict) -> str:
        day, usual = amounts(signal.unit, signal.points[-1], median(signal.points[:-1]))
        text = (
            f"The last day of {signal.subject or TOTAL} cost {day}, {_times(signal):.2g} times the median "
            f"{usual} (limit {self.warning_times:g} times), n = {len(signal.points) - 1} days before it"
        )
        return f"{text}; one of them was as dear" if verdict is Verdict.NO_EVIDENCE else text


def _share(signal: Signal) -> float:
    """How much of the period has passed."""
    return min(1.0, signal.window / signal.period) if signal.period else 1.0


def _times(signal: Signal) -> float:
    return signal.points[-1] / median(signal.points[:-1])


def _total(signals: Sequence[Signal]) -> Signal:
    """All categories together; days are added from the last one backwards."""
    days = min(len(each.points) for each in signals)
    courses = [each.points[len(each.points) - days :] for each in signals]
    return replace(
        signals[0],
        subject=TOTAL,
        value=sum(each.value or 0.0 for each in signals),
        planned=sum(each.planned or 0.0 for each in signals),
        points=tuple(map(sum, zip(*courses, strict=True))),
    )
