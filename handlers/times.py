"""Reading spans and moments as people type them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ops_core.errors import Invalid
from ops_core.oncall.wall_clock import moment, shown

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATED = re.compile(r"^(?P<day>[a-z]+|\d{4}-\d\d-\d\d)?\s*(?P<time>\d{1,2}:\d\d)?$")
_SPAN = re.compile(r"^(\d{1,4})\s*(m|min|h|d|w)$")
_UNITS = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_LONGEST = 3
"""Words that an end of a silence has at most, such as `until monday 18:00`."""


def span(text: str) -> timedelta | None:
    """A length such as 30m, 4h, 2d or 2w; None for anything else."""
    match = _SPAN.match(text.strip().lower())
    return int(match[1]) * _UNITS[match[2]] if match else None


def read(text: str, after: datetime, zone: ZoneInfo) -> datetime:
    """A time such as `now`, `18:00`, `tomorrow 09:00`, `fri` or `2026-11-27 09:00`: the next one."""
    wanted = text.strip().lower()
    if wanted == "now":
        return after
    match = _DATED.match(wanted)
    if match is None or not match[0]:
        raise _unreadable(text)
    at = _time(match["time"], text) if match["time"] else time(9)
    day = match["day"] or ""
    try:
        return _next(day, at, after, zone)
    except ValueError:
        raise _unreadable(text) from None


def silence_end(choice: str, custom: Any, now: datetime, zone: ZoneInfo) -> datetime:
    """When a silence ends: a span, `monday` (at 09:00 there), `until fri 18:00`, or the time of a form.

    Raises `Invalid`.
    """
    words = choice.strip().lower()
    if custom is not None and words in ("", "custom"):
        return datetime.fromtimestamp(int(custom), now.tzinfo)
    words = re.sub(r"^(until|for)\s+", "", words)
    length = span(words)
    if length is not None:
        return now + length
    try:
        return read(words if words != "now" else "", now, zone)
    except Invalid:
        hint = "A span such as 30m, 4h, 2d or 2w, `until monday`, `until 18:00`, or a date and time."
        said = f"“{choice.strip()}” says no time. " if choice.strip() else ""
        raise Invalid(f"{said}Say for how long.", hint=hint, field="until") from None


def leading_end(words: list[str], now: datetime, zone: ZoneInfo) -> tuple[datetime, int]:
    """The end of a silence at the beginning of these words, and how many of them say it. Raises `Invalid`."""
    for many in range(min(_LONGEST, len(words)), 1, -1):
        try:
            return silence_end(" ".join(words[:many]), None, now, zone), many
        except Invalid:
            continue
    alone = words[:2] if words[0].lower() in ("until", "for") else words[:1]
    return silence_end(" ".join(alone), None, now, zone), 1


def _next(day: str, at: time, after: datetime, zone: ZoneInfo) -> datetime:
    """The next moment with this day and time of day. Raises `ValueError` for a day that is none."""
    today = shown(after, zone).date()
    number = _weekday(day)
    if number is not None:
        date = today + timedelta(days=(number - today.weekday()) % 7)
        found = moment(datetime.combine(date, at), zone)
        return found if found > after else moment(datetime.combine(date + timedelta(days=7), at), zone)
    if day in ("", "today", "tomorrow"):
        date = today + timedelta(days=day == "tomorrow")
        found = moment(datetime.combine(date, at), zone)
        return found if day or found > after else moment(datetime.combine(date + timedelta(days=1), at), zone)
    return moment(datetime.combine(datetime.fromisoformat(day).date(), at), zone)


def _weekday(day: str) -> int | None:
    """0 (Monday) to 6, by a name or its beginning."""
    found = [number for number, name in enumerate(_DAYS) if len(day) >= 3 and name.startswith(day)]
    return found[0] if found else None


def _time(text: str, whole: str) -> time:
    try:
        hours, minutes = map(int, text.split(":"))
        return time(hours, minutes)
    except ValueError:
        raise _unreadable(whole) from None


def _unreadable(text: str) -> Invalid:
    return Invalid(
        f"“{text}” is no time.",
        hint="Write now, 18:00, tomorrow 09:00, fri 17:00 or 2026-12-24 09:00.",
    )
