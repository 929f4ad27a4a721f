"""Signals from Prometheus queries: levels over a stretch of time, states, ages, and daily costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import ClassVar

from bot.adapters.prometheus import Prometheus, Series
from ops_core.errors import Invalid, Unavailable
from ops_core.signals.costs import COST, DAY, DAYS_KEPT, Budgets, Spent, cost_signals
from ops_core.signals.signal import Signal

LARGEST_RATIO = 2.0
"""A share may go somewhat beyond 1 (a load beyond capacity); 85 is a percentage."""


@dataclass(frozen=True)
class QueryGauge:
    """What a PromQL query says: one signal a series.

    With `count`, a query for how many requests the ratio is of, both are asked for now. With a `window`, the
    course over it is read, a point each `step`. Otherwise the value now.
    """

    signal: str
    unit: str
    prometheus: Prometheus
    query: str
    count: str | None = None
    window: timedelta = timedelta(0)
    step: timedelta = timedelta(seconds=15)

    @property
    def source(self) -> str:
        """The server and the query."""
        return f"{self.query} at {self.prometheus.url}"

    def read(self, now: datetime) -> Sequence[Signal]:
        """The signals; `Unavailable` when the query finds no series with a number."""
        if self.count is not None:
            return self._counted(self.count, now)
        if self.window:
            return self._course(now)
        found = self._found(self.prometheus.now(self.query, now))
        return [self._signal(now, each, found, value=each.points[-1][1]) for each in found]

    def _counted(self, count: str, now: datetime) -> Sequence[Signal]:
        found = self._found(self.prometheus.now(self.query, now))
        counts = {each.subject: each.points[-1][1] for each in self.prometheus.now(count, now)}
        rows = [(each, counts.get(each.subject, counts.get(None))) for each in found]
        if any(n is None for _, n in rows):
            raise Unavailable(
                f"The query {count!r} says no number of requests for each series.", may_retry=False
            )
        return [
            self._signal(
                now, each, found, value=each.points[-1][1], n=round(max(0.0, n or 0.0)), window=self.window
            )
            for each, n in rows
        ]

    def _course(self, now: datetime) -> Sequence[Signal]:
        fresh = (now - 2 * self.step).timestamp()
        every = self._found(self.prometheus.over(self.query, now - self.window, now, self.step))
        # A series that has ended says nothing about now.
        found = [each for each in every if each.points[-1][0] >= fresh]
        if not found:
            last = datetime.fromtimestamp(max(each.points[-1][0] for each in every), now.tzinfo)
            raise Unavailable(f"The query {self.query!r} has had no value since {last:%H:%M:%S} UTC.")
        return [self._over(now, each, found) for each in found]

    def _over(self, now: datetime, each: Series, found: Sequence[Series]) -> Signal:
        points = tuple(value for _, value in each.points)
        window = timedelta(seconds=each.points[-1][0] - each.points[0][0])
        return self._signal(
            now, each, found, value=median(points), n=len(points), window=window, points=points
        )

    def _found(self, series: Sequence[Series]) -> Sequence[Series]:
        if not series:
            raise Unavailable(
                f"The query {self.query!r} finds no number.", hint="No traffic, or another name?"
            )
        return series

    def _signal(self, now: datetime, each: Series, found: Sequence[Series], **fields: object) -> Signal:
        subject = each.subject if len(found) > 1 else None
        signal = Signal(self.signal, self.unit, self.source, now, subject=subject, **fields)  # type: ignore[arg-type]  # the fields are checked where they are named
        value = signal.value or 0.0
        if self.unit == "ratio" and not 0 <= value <= LARGEST_RATIO:
            raise Invalid(
                f"The query {self.query!r} says {value:g} where a share of 0–1 is expected.",
                hint="Divide percentages by 100 in the query.",
            )
        return signal


@dataclass(frozen=True)
class QueryCosts:
    """What each category cost by day, from a query each that says what the last 24 hours cost.

    For a counter of money that is `sum(increase(llm_cost_dollars_total[1d]))`.
    """

    signal: ClassVar[str] = COST

    prometheus: Prometheus
    queries: Mapping[str, str]
    budgets: Budgets

    @property
    def unit(self) -> str:
        """The currency."""
        return self.budgets.currency

    @property
    def source(self) -> str:
        """The server."""
        return self.prometheus.url

    def read(self, now: datetime) -> Sequence[Signal]:
        """A signal for each category, from the costs of its last days."""
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        spent = [
            Spent(category, value, datetime.fromtimestamp(at, UTC).date() - DAY)
            for category, query in self.queries.items()
            for each in self.prometheus.over(query, midnight - DAYS_KEPT * DAY, midnight, DAY)
            for at, value in each.points
        ]
        return cost_signals(spent, self.budgets, now, self.source)
