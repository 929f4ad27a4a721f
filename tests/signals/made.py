"""Signals of every kind, from fine to bad, and a look at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ops_core.checks.ages import Age
from ops_core.checks.finding import Finding
from ops_core.checks.levels import Level
from ops_core.checks.signal_check import Look
from ops_core.checks.states import State
from ops_core.checks.stream import StreamErrors
from ops_core.drift.running import Change, Usual
from ops_core.signals.costs import COST
from ops_core.signals.signal import Signal
from ops_core.streams.streamed import STREAM, Streamed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LOOK = Look("churn", NOW, "7")
MONTH = timedelta(days=30)


def signal(kind: type[Any], value: float | None, **other: Any) -> Signal:
    """One signal of what a check reads."""
    unit = "EUR" if kind.reads == COST else kind.unit
    return Signal(kind.reads, unit, "http://monitor", NOW, value, **other)


def course(kind: type[Any], *points: float, **other: Any) -> Signal:
    """A level whose course over five minutes is known."""
    middle = sorted(points)[len(points) // 2]
    window = timedelta(seconds=15) * (len(points) - 1)
    return signal(kind, middle, n=len(points), window=window, points=points, **other)


def costs(kind: type[Any], times: float, days: int = 30, **other: Any) -> Signal:
    """Days of 10 EUR each but the last; it and the whole are so many `times` as planned."""
    points = (*[10.0] * (days - 1), 10.0 * times)
    known: dict[str, Any] = {
        "subject": "LLM API",
        "planned": 300.0,
        "period": MONTH,
        "window": timedelta(days=days),
    }
    return signal(kind, 10.0 * days * times, n=days, points=points, **known | other)


def from_fine_to_bad(kind: type[Any]) -> Sequence[Signal]:
    """The same signal, worse and worse: the first is fine, the last is as bad as can be."""
    if issubclass(kind, Level):
        limit = kind().warning_limit or 0.0
        step = -0.01 if kind.worse == "lower" else 0.2
        return [course(kind, *[limit * (1 + step * (each - 0.5))] * 21) for each in range(5)]
    if issubclass(kind, StreamErrors):
        return [stream(), *(stream(after) for after in (0.055, 0.07, 0.15, 0.4))]
    if issubclass(kind, Age):
        return [signal(kind, kind().limit_seconds * each) for each in (0.1, 1.0, 1.1, 2.9, 40.0)]
    if issubclass(kind, State):
        return [signal(kind, 1.0, said="answers"), signal(kind, 0.0, said="is down: refused")]
    return [costs(kind, each) for each in (0.5, 1.0, 1.15, 1.5, 4.0)]


def stream(after: float | None = None, n_after: int = 2_000, evidence: float = 60.0) -> Streamed:
    """A stream of 10,000 answers in three hours, 5 % of them wrong; `after` since ten minutes ago."""
    since = (NOW - timedelta(minutes=10)).timestamp()
    change = None if after is None else Change(evidence, since, 0.05, after, n_after)
    return Streamed(
        STREAM,
        "ratio",
        "http://monitor",
        NOW,
        0.05,
        n=10_000,
        window=timedelta(hours=3),
        change=change,
        usual=Usual(500, 10_000),
        last_at=NOW,
    )


def few(kind: type[Any]) -> Signal:
    """As bad as can be, but seen three times only."""
    worst = from_fine_to_bad(kind)[-1]
    if issubclass(kind, StreamErrors):
        return stream(1.0, n_after=3)
    if worst.period:
        return costs(kind, 3.0, days=3)
    return course(kind, *worst.points[:3]) if worst.points else worst


def judged(kind: type[Any], *signals: Signal, **options: Any) -> Finding:
    """The first finding of a check."""
    findings: list[Finding] = kind(**options).judge(signals, LOOK)
    return findings[0]
