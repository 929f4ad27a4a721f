"""From profiles to samples: one calendar for all features, its last entry the window looked at now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ops_core.drift.samples import Sample, Usual
from ops_core.drift.windows import LONGEST, WEEK
from ops_core.profiles.columns import Counts, Floats
from ops_core.profiles.days import DAY
from ops_core.profiles.profile import microseconds

# A month to merge, a week that an episode stays open, a month to learn from what days do, a week between.
MOST_DAYS = 2 * (LONGEST + WEEK)
# 1970-01-01 was a Thursday; Monday is 0.
FIRST_WEEKDAY = 3


@dataclass(frozen=True)
class Kept:
    """A feature's counts on its daily cells (K) in a profile: in all, and by day (T × K; days since 1970)."""

    counts: Counts
    missing: int
    days: Counts
    by_day: Counts
    missing_by_day: Counts


@dataclass(frozen=True)
class Calendar:
    """Consecutive closed days (D) before the day that is looked at, as days since 1970."""

    days: Counts
    today: int

    @property
    def weekdays(self) -> Counts:
        """0–6 of every day, today's last."""
        return weekdays_of(np.append(self.days, self.today))


def weekdays_of(days: Counts) -> Counts:
    """0 (Monday) to 6 of days since 1970."""
    return (days + FIRST_WEEKDAY) % WEEK


def calendar_of(days: Sequence[Counts], start: datetime | None, end: datetime) -> Calendar:
    """The closed days that features have; the first one counts only if it lies wholly after `start`."""
    today = microseconds(end) // DAY
    known = [each[each < today] for each in days]
    first = min((int(each[0]) for each in known if len(each)), default=today)
    if start is not None and microseconds(start) > first * DAY:
        first += 1
    first = max(first, today - MOST_DAYS)
    return Calendar(np.arange(first, today), int(today))


def sample_of(name: str, window: Kept, usual: Kept, calendar: Calendar, *, is_ordered: bool) -> Sample:
    """A feature by closed day, then the window as one more day."""
    counts, missing = _on(calendar.days, window)
    days = np.unique(usual.days)
    usual_days, usual_missing = _on(days, usual)
    return Sample(
        np.concatenate([counts, window.counts[np.newaxis]]).astype(np.float64),
        np.append(missing, window.missing).astype(np.float64),
        calendar.weekdays,
        Usual(
            counts=usual.counts.astype(np.float64),
            missing=np.float64(usual.missing) + np.zeros(()),
            daily=usual_days,
            daily_missing=usual_missing,
            weekdays=weekdays_of(days),
            singletons=np.float64((usual.counts[:-1] == 1).sum() + usual.counts[-1]) + np.zeros(()),
        ),
        is_ordered,
        name,
    )


def _on(days: Counts, kept: Kept) -> tuple[Floats, Floats]:
    """Counts (D × K) and missing (D) on the calendar's days, zero where a day has no rows."""
    counts, missing = np.zeros((len(days), len(kept.counts))), np.zeros(len(days))
    inside = np.isin(kept.days, days)
    at = np.searchsorted(days, kept.days[inside])
    counts[at], missing[at] = kept.by_day[inside], kept.missing_by_day[inside]
    return counts, missing
