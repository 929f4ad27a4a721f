"""Whether a rate that crossed a limit is evidence, or could be chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ops_core.checks.finding import Verdict
from ops_core.profiles.rates import Estimate, Worse, p_beyond, p_beyond_scaled

# A check looks again and again at growing windows, so 5 % would cry wolf weekly.
EVIDENCE_P = 0.001
# Rows that come together err together: so few are never independent enough.
LEAST_ROWS = 10
TOO_FEW = f"fewer than {LEAST_ROWS} rows are no evidence"
UNKNOWN = "the reference has no rows to tell whether that is usual"


@dataclass(frozen=True)
class Limit:
    """A value not to cross and what crossing it means; with `scale`, it is that multiple of the reference."""

    value: float
    verdict: Verdict
    scale: float | None = None

    def crossed(self, value: float, worse: Worse) -> bool:
        """Whether the value lies on the bad side."""
        return value < self.value if worse == "lower" else value > self.value

    def p(self, rate: Estimate, reference: Estimate, worse: Worse) -> float:
        """How likely chance alone puts the rate so far beyond the limit."""
        if self.scale is None:
            return p_beyond(rate, self.value, worse)
        return p_beyond_scaled(rate, reference, self.scale, worse)


@dataclass(frozen=True)
class Judged:
    """The verdict, the limit it rests on (the nearest when all is well) and the p-value of crossing it.

    `doubt` is why an alarm is no evidence, when that is not for chance.
    """

    verdict: Verdict
    limit: Limit | None = None
    p_value: float | None = None
    doubt: str = ""

    def without_reference(self) -> Judged:
        """The same where nobody knows what is usual: an alarm may be what always was, so it is none."""
        if not self.verdict.is_alarming:
            return self
        return replace(self, verdict=Verdict.NO_EVIDENCE, doubt=UNKNOWN)


def limits_of(
    reference: Estimate,
    worse: Worse,
    fixed: Sequence[tuple[float | None, Verdict]],
    changes: Sequence[tuple[float | None, Verdict]],
    *,
    even_if_reference_fails: bool,
) -> list[Limit]:
    """Fixed limits, and limits a share worse than the reference.

    A fixed limit that the reference itself does not surely keep (by its 95 % interval) cannot tell a fault
    and is left out, unless it is demanded.
    """
    normal, sign = reference.value, (-1.0 if worse == "lower" else 1.0)
    limits = [Limit(value, verdict) for value, verdict in fixed if value is not None]
    if normal is None:
        return limits
    if not even_if_reference_fails:
        low, high = reference.interval()
        limits = [limit for limit in limits if not limit.crossed(low if worse == "lower" else high, worse)]
    for change, verdict in changes:
        if change is not None:
            scale = 1 + sign * change
            limits.append(Limit(normal * scale, verdict, scale))
    return limits


def judge(
    rate: Estimate, reference: Estimate, limits: Sequence[Limit], worse: Worse, *, tests: int = 1
) -> Judged:
    """The gravest limit crossed with evidence; `no_evidence` when chance may have crossed it.

    p-values are multiplied by the number of `tests` made together (Bonferroni).
    """
    value = rate.value
    if value is None:
        return Judged(Verdict.NO_DATA, _strictest(limits, worse))
    crossed = [
        (limit, min(1.0, tests * limit.p(rate, reference, worse)))
        for limit in limits
        if limit.crossed(value, worse)
    ]
    proven = [(limit, p) for limit, p in crossed if p <= EVIDENCE_P and rate.n >= LEAST_ROWS]
    if proven:
        gravest = max(limit.verdict.rank for limit, _ in proven)
        limit, p = min(
            ((each, p) for each, p in proven if each.verdict.rank == gravest), key=lambda pair: pair[1]
        )
        return Judged(limit.verdict, limit, p)
    if crossed:
        limit, p = min(crossed, key=lambda pair: pair[1])
        return Judged(Verdict.NO_EVIDENCE, limit, p)
    return Judged(Verdict.OK, _strictest(limits, worse))


def doubt(rate: Estimate, judged: Judged) -> str:
    """Why what crossed a limit is no evidence, for a person."""
    if judged.doubt:
        return judged.doubt
    if rate.n < LEAST_ROWS:
        return TOO_FEW
    return f"may be chance (p = {judged.p_value or 1.0:.2g}, {EVIDENCE_P:g} is needed)"


def _strictest(limits: Sequence[Limit], worse: Worse) -> Limit | None:
    sign = 1 if worse == "lower" else -1
    return max(limits, key=lambda limit: sign * limit.value, default=None)
