"""A rotation: people take turns at a local time of day; a restriction limits it to parts of the week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ops_core.oncall.wall_clock import moment, shown

DAY = timedelta(days=1)
SHORTEST = timedelta(hours=1)
"""A shorter turn is a mistake; none of the changes of clocks in use is longer."""


@dataclass(frozen=True)
class Restriction:
    """A part of the week by local time: `days` (0 is Monday), from `start` until `end`.

    An `end` at or before `start` lies on the next day, so that 22:00–06:00 on Fridays ends on Saturday.
    """

    days: frozenset[int] = frozenset(range(7))
    start: time = time(0)
    end: time = time(0)

    def window(self, day: date) -> tuple[datetime, datetime]:
        """Start and end, as local times, of the window that begins on a day."""
        ends_on = day if self.end > self.start else day + DAY
        return datetime.combine(day, self.start), datetime.combine(ends_on, self.end)

    def windows(self, starts: date, ends: date) -> Iterator[tuple[datetime, datetime]]:
        """The windows that begin on the days from `starts` to `ends`."""
        for offset in range((ends - starts).days + 1):
            day = starts + offset * DAY
            if day.weekday() in self.days:
                yield self.window(day)


@dataclass(frozen=True)
class Rotation:
    """One layer of a schedule: `people` take turns of `length`, the first from local time `begins`.

    It goes on for ever in both directions. Without restrictions it holds around the clock.
    """

    people: tuple[str, ...]
    begins: datetime
    length: timedelta = timedelta(days=7)
    only: tuple[Restriction, ...] = ()

    def handover(self, number: int, zone: ZoneInfo) -> datetime:
        """The moment at which turn `number` begins; number 0 begins at `begins`."""
        return moment(self.begins + number * self.length, zone)

    def number(self, at: datetime, zone: ZoneInfo) -> int:
        """The number of the turn that holds a moment."""
        number = int((shown(at, zone) - self.begins) // self.length)
        while self.handover(number, zone) > at:
            number -= 1
        while self.handover(number + 1, zone) <= at:
            number += 1
        return number

    def person(self, at: datetime, zone: ZoneInfo) -> str | None:
        """Who has the turn at a moment; None outside its restrictions."""
        if not self._holds(at, zone):
            return None
        return self.people[self.number(at, zone) % len(self.people)]

    def cuts(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Every moment between two at which the answer of `person` may change."""
        number = self.number(start, zone)
        while (at := self.handover(number, zone)) < end:
            yield at
            number += 1
        for first, last in self._windows(start, end, zone):
            yield moment(first, zone)
            yield moment(last, zone)

    def _holds(self, at: datetime, zone: ZoneInfo) -> bool:
        if not self.only:
            return True
        windows = self._windows(at, at, zone)
        return any(moment(first, zone) <= at < moment(last, zone) for first, last in windows)

    def _windows(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        first, last = shown(start, zone).date() - DAY, shown(end, zone).date() + DAY
        for restriction in self.only:
            yield from restriction.windows(first, last)
