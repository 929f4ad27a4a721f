"""A calendar as a schedule: whoever an event names is on call while it lasts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.adapters.calling import call
from ops_core.errors import Invalid
from ops_core.oncall.person import People
from ops_core.oncall.turn import Turn, joined, laid_over
from ops_core.oncall.wall_clock import moment


class Calendar:
    """An iCalendar file or address. An event names a person by attendee, or by its summary.

    Events of whole days and local times without a zone are in `zone`. Of two that overlap, the later holds;
    the other goes on after it. Events that are cancelled do not count.
    """

    def __init__(self, place: str, folder: Path, zone: ZoneInfo, people: People) -> None:
        self.place = place
        self.folder = folder
        self.zone = zone
        self.people = people
        # An address may hold a secret, so errors name its host only.
        self.label = urlsplit(place).hostname or place

    def turns(self, start: datetime, end: datetime) -> list[Turn]:
        """The turns between two moments, repetitions included. Raises `Unavailable` or `Invalid`."""
        # heavy: 0.15 s together, and only for schedules from a calendar
        import icalendar
        import recurring_ical_events

        try:
            calendar = icalendar.Calendar.from_ical(self._read())
            events = recurring_ical_events.of(calendar).between(start, end)
            turns = [self._turn(event) for event in events if event.get("STATUS") != "CANCELLED"]
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise Invalid(f"The calendar {self.label} cannot be read: {error}.") from error
        return _without_overlaps(turns)

    def _read(self) -> str | bytes:
        if self.place.startswith(("http://", "https://")):
            return str(call(f"The calendar at {self.label}", "GET", self.place))
        try:
            return (self.folder / self.place).read_bytes()
        except OSError as error:
            raise Invalid(
                f"The calendar {self.label} cannot be read: {error.strerror}.",
                hint="Its path is relative to the settings' file.",
            ) from error

    def _turn(self, event: Any) -> Turn:
        starts_at = self._moment(event.start)
        return Turn(self._person(event), starts_at, self._moment(event.end))

    def _moment(self, at: date | datetime) -> datetime:
        if not isinstance(at, datetime):
            at = datetime.combine(at, time(0))
        return moment(at, self.zone) if at.tzinfo is None else at.astimezone(UTC)

    def _person(self, event: Any) -> str:
        attendees = event.get("ATTENDEE") or []
        for one in attendees if isinstance(attendees, list) else [attendees]:
            named = str(one).lower().removeprefix("mailto:")
            found = self.people.named(named)
            if found is not None:
                return found.key
        summary = str(event.get("SUMMARY", "")).strip()
        found = self.people.named(summary) or self.people.named(summary.rpartition(":")[2])
        return found.key if found else summary


def _without_overlaps(turns: list[Turn]) -> list[Turn]:
    """Each turn over those that began before it; of two that begin together, the shorter over the longer."""
    laid: list[Turn] = []
    for one in sorted(turns, key=lambda turn: (turn.starts_at, turn.starts_at - turn.ends_at)):
        laid = laid_over(laid, one)
    return joined(laid)
