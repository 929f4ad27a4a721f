"""Reading what people typed after `/ops oncall` and `/ops page`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers import times
from handlers.parse import LONGEST_NUMBER
from ops_core.errors import Invalid

USAGE = (
    "`/ops oncall` [schedule], `/ops oncall list`, `/ops oncall cover [schedule] [@person] from mon 09:00 to "
    "wed 09:00` or `for 4h`, `/ops oncall lift C-1`."
)
_USER = re.compile(r"^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$")


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
        starts_at = times.read(self.starts, now, zone) if self.starts else now
        if self.length is not None:
            return starts_at, starts_at + self.length
        return starts_at, times.read(self.ends, starts_at, zone)


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
    found = times.span(text)
    if found is None:
        raise Invalid(f"“{text}” is no span.", hint="Write 4h or 2d.")
    return found
