"""Local times of day as moments, on the days too when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which clocks of `zone` show the naive `local`, or have jumped past it.

    A time that comes twice when clocks go back is its first occurrence; one that is skipped when they go
    forward is the jump itself (PEP 495 tells them apart). So later local times are never earlier moments.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    return _jump(local.replace(tzinfo=zone, fold=1).astimezone(UTC), first, zone)


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What clocks of `zone` show at a moment, without a zone."""
    return at.astimezone(zone).replace(tzinfo=None)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the offset of the zone changes, to the second."""
    later = after.astimezone(zone).utcoffset()
    low, high = before, after
    while high - low > _SECOND:
        middle = low + (high - low) // (2 * _SECOND) * _SECOND
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == later else (middle, high)
    return high
