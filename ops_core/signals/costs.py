"""From single costs to the signals of each category: spent in the month so far, and by day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from ops_core.errors import Unavailable
from ops_core.signals.signal import Signal

COST = "cost"
"""The name of the signals: `value` spent in the period so far, `planned` the budget, `points` by day."""
DAY = timedelta(days=1)
DAYS_KEPT = 36
"""A whole month, and some days before it."""
OLDEST = timedelta(days=7)
"""Bills come late, but by days."""


@dataclass(frozen=True)
class Spent:
    """An amount of money of a category: of a day, of a month (its first day), or as it stands."""

    category: str
    amount: float
    day: date | None = None
    month: date | None = None


@dataclass(frozen=True)
class Budgets:
    """What a month of each category is to cost, in one currency."""

    by_category: Mapping[str, float] = field(default_factory=dict)
    currency: str = "USD"


def cost_signals(spent: Sequence[Spent], budgets: Budgets, now: datetime, source: str) -> list[Signal]:
    """One signal a category, in order of their names.

    Of days, the month of the newest whole one counts, as far as it has passed; of months, the newest.
    Raises `Unavailable` when there are no costs, or when the newest are more than a week old.
    """
    if not spent:
        raise Unavailable("There are no costs.", hint="Is the period empty?")
    today = now.astimezone(UTC).date()
    days = [each for each in spent if each.day is not None and each.day < today]
    if days:
        return _of_days(days, budgets, now, source)
    months = [each.month for each in spent if each.month is not None]
    newest = max(months, default=None)
    rows = [each for each in spent if each.month == newest and each.day is None]
    if not rows:
        raise Unavailable("There are no costs of a whole day yet.")
    period = None if newest is None else timedelta(days=monthrange(newest.year, newest.month)[1])
    passed = timedelta(0) if newest is None else now - datetime(newest.year, newest.month, 1, tzinfo=UTC)
    return [
        _signal(
            name, amount, (), budgets, now, source, passed if period is None else min(passed, period), period
        )
        for name, amount in _sums(rows).items()
    ]


def _of_days(spent: Sequence[Spent], budgets: Budgets, now: datetime, source: str) -> list[Signal]:
    newest = max(each.day for each in spent if each.day is not None)
    if now.astimezone(UTC).date() - newest > OLDEST:
        raise Unavailable(f"The newest costs are of {newest:%Y-%m-%d}.", hint="Does the export still run?")
    month = [each for each in spent if each.day is not None and each.day >= newest.replace(day=1)]
    sums = dict.fromkeys(sorted({each.category for each in spent}), 0.0) | _sums(month)
    period = timedelta(days=monthrange(newest.year, newest.month)[1])
    return [
        _signal(name, amount, _course(name, spent, newest), budgets, now, source, newest.day * DAY, period)
        for name, amount in sums.items()
    ]


def _signal(
    category: str,
    amount: float,
    points: tuple[float, ...],
    budgets: Budgets,
    now: datetime,
    source: str,
    window: timedelta,
    period: timedelta | None,
) -> Signal:
    return Signal(
        COST,
        budgets.currency,
        source,
        now,
        amount,
        n=max(1, len(points)),
        window=window,
        points=points,
        subject=category,
        planned=budgets.by_category.get(category),
        period=period,
    )


def _sums(spent: Sequence[Spent]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for each in spent:
        sums[each.category] = sums.get(each.category, 0.0) + each.amount
    return dict(sorted(sums.items()))


def _course(category: str, spent: Sequence[Spent], newest: date) -> tuple[float, ...]:
    """Costs of each day from the category's first known one to the newest; a day without costs is 0."""
    first = newest - (DAYS_KEPT - 1) * DAY
    known = [
        each for each in spent if each.category == category and each.day is not None and each.day >= first
    ]
    if not known:
        return ()
    start = min(each.day for each in known if each.day is not None)
    by_day = [0.0] * ((newest - start).days + 1)
    for each in known:
        if each.day is not None:
            by_day[(each.day - start).days] += each.amount
    return tuple(by_day)
