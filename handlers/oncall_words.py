"""Reading what people typed after `/ops oncall` and `/ops page`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.parse import LONGEST_NUMBER
from ops_core.errors import Invalid
from ops_core.oncall.wall_clock import moment, shown

USAGE = (
    "`/ops oncall` [schedule], `/ops oncall list`, `/ops oncall cover [schedule] [@person] from mon 09:00 to "
    "wed 09:00` or `for 4h`, `/ops oncall lift C-1`."
)
_USER = re.compile(r"^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATED = re.compile(r"^(?P<day>[a-z]+|\d{4}-\d\d-\d\d)?\s*(?P<time>\d{1,2}:\d\d)?$")
_LENGTH = re.compile(r"^(\d{1,3})\s*(h|d)$")


@dataclass(frozen=True)
class CoverWords:
    """What was asked for: `person` is a key or a user id, empty for oneself; times as they were typed."""

    schedule: str
    person: str
    starts: str
    ends: str
    length: timedelta | None = None

    def span(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Start and end as moments, read as local times of a zone. Raises `Invalid`."""
        starts_at = _moment(self.starts, now, zone) if self.starts else now
        if self.length is not None:
            return starts_at, starts_at + self.length
        return starts_at, _moment(self.ends, starts_at, zone)


def cover(text: str) -> CoverWords:
    """Read `[schedule] [@person] [from …] to …` or `… for 4h`. Raises `Invalid`."""
    match = re.match(
        r"^(.*?)\s*(?:\bfrom\s+(.+?)\s*)?(?:\b(?:to|until)\s+(.+)|\bfor\s+(.+))$", text.strip(), re.I
    )
    if match is None:
        raise Invalid(
            f"“{text}” says not from when to when." if text else "Say from when to when.", hint=USAGE
        )
    who, starts, ends, length = (part or "" for part in match.groups())
    names = who.split()
    people = [found[1] for name in names if (found := _USER.match(name))]
    schedules = [name for name in names if not _USER.match(name)]
    if len(people) > 1 or len(schedules) > 1:
        raise Invalid(f"“{who}” names more than one person or schedule.", hint=USAGE)
    span = _length(length) if length else None
    return CoverWords("".join(schedules), "".join(people), starts.strip(), ends.strip(), span)


def cover_number(text: str) -> int:
    """Read `C-3` or `3`. Raises `Invalid`."""
    digits = text.strip().upper().removeprefix("C-")
    if not digits.isdecimal() or len(digits) > LONGEST_NUMBER:
        raise Invalid(f"“{text}” names no cover.", hint="`/ops oncall list` shows them, such as C-1.")
    return int(digits)


def page(text: str) -> tuple[str, str]:
    """Read whom, and why. Raises `Invalid` when either is missing."""
    target, _, why = text.strip().partition(" ")
    match = _USER.match(target)
    if not target or not why.strip():
        raise Invalid("Say whom, and why.", hint="`/ops page <person, schedule or policy> <why>`.")
    return (match[1] if match else target), why.strip()


def _length(text: str) -> timedelta:
    match = _LENGTH.match(text.strip().lower())
    if match is None:
        raise Invalid(f"“{text}” is no span.", hint="Write 4h or 2d.")
    return int(match[1]) * (timedelta(hours=1) if match[2] == "h" else timedelta(days=1))


def _moment(text: str, after: datetime, zone: ZoneInfo) -> datetime:
    """A time such as `now`, `18:00`, `tomorrow 09:00`, `fri` or `2026-11-27 09:00`: the next one."""
    wanted = text.strip().lower()
    if wanted == "now":
        return after
    match = _DATED.match(wanted)
    if match is None or not match[0]:
        raise _unreadable(text)
    local = shown(after, zone)
    at = _time(match["time"], text) if match["time"] else time(9)
    day = match["day"] or ""
    if day[:3] in _DAYS and day:
        date = local.date() + timedelta(days=(_DAYS.index(day[:3]) - local.weekday()) % 7)
        found = moment(datetime.combine(date, at), zone)
        return found if found > after else moment(datetime.combine(date + timedelta(days=7), at), zone)
    if day in ("", "today", "tomorrow"):
        date = local.date() + timedelta(days=day == "tomorrow")
        found = moment(datetime.combine(date, at), zone)
        return found if day or found > after else moment(datetime.combine(date + timedelta(days=1), at), zone)
    try:
        return moment(datetime.combine(datetime.fromisoformat(day).date(), at), zone)
    except ValueError:
        raise _unreadable(text) from None


def _time(text: str, whole: str) -> time:
    hours, minutes = map(int, text.split(":"))
    if hours > 23 or minutes > 59:
        raise _unreadable(whole)
    return time(hours, minutes)


def _unreadable(text: str) -> Invalid:
    return Invalid(
        f"“{text}” is no time.", hint="Write now, 18:00, tomorrow 09:00, fri 17:00 or 2026-11-27 09:00."
    )
