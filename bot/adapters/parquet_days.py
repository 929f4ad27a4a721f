"""Which days of a place have not changed: a fingerprint of the files that can hold a day's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.adapters.parquet_files import opened
from bot.adapters.parquet_times import time_span
from bot.adapters.places import NEVER_TOLD, Stored, Unlistable, list_files, recent
from bot.adapters.unreadable import Unreadable, told_as_unreadable
from ops_core.checks.watch import CheckPlan
from ops_core.profiles.days import DAY
from ops_core.profiles.profile import microseconds
from ops_core.profiles.shelf import fingerprint

ALL_TIMES = (-(2**62), 2**62)
# Labels that come later than this after they were due are not looked for on days that were counted.
LATEST_LABELS = timedelta(days=1)


def reference_fingerprint(place: str) -> str | None:
    """Of all its files; None when there is none."""
    files = _listed(place)
    return fingerprint([_told(stored) for stored in files]) if files else None


def begins_after(place: str, at: str, moment: int) -> bool:
    """Whether all rows of its files are later (microseconds since 1970); the oldest file is asked first."""
    return all(span_of(stored, at)[0] > moment for stored in _listed(place))


def newest_file(place: str) -> Stored | None:
    """The file that was written last; None when there is none, or nobody says when it was."""
    files = [stored for stored in _listed(place) if stored.modified_ns < NEVER_TOLD]
    return files[-1] if files else None


def day_fingerprints(plan: CheckPlan) -> Mapping[int, str]:
    """Of each day (since 1970, UTC) that lies whole in the window and has ended; see `DatedSource.days`."""
    first, last = -(-microseconds(plan.window_start) // DAY), microseconds(plan.window_end) // DAY
    if first >= last:
        return {}
    watched = plan.watched
    rows = recent(_listed(watched.predictions), plan.window_start.timestamp())
    spans = [(stored, span_of(stored, watched.at_column)) for stored in rows]
    labels = [] if watched.labels is None else _listed(watched.labels)
    found = {}
    for day in range(first, last):
        told = _labels_of(day, plan, labels)
        if told is not None:
            held = [stored for stored, span in spans if span[0] < (day + 1) * DAY and span[1] >= day * DAY]
            found[day] = fingerprint([_told(stored) for stored in held], told)
    return found


def _labels_of(day: int, plan: CheckPlan, labels: Sequence[Stored]) -> object | None:
    """What the labels of a day depend on; None while they are becoming due."""
    start, delay = _moment(day), plan.watched.label_delay
    due = start + timedelta(days=1) + delay
    if plan.now < start + delay:
        return "waits"
    if plan.now < due:
        return None
    latest = (due + LATEST_LABELS).timestamp()
    return [_told(stored) for stored in labels if start.timestamp() <= stored.modified <= latest]


def _moment(day: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)


@lru_cache(maxsize=100_000)
def span_of(stored: Stored, at: str) -> tuple[int, int]:
    """The first and the last time of a file's rows, in microseconds; all times when nobody knows."""
    if stored.day is not None:
        first = microseconds(datetime.combine(stored.day, datetime.min.time(), UTC))
        return first, first + DAY - 1
    if not stored.is_parquet:
        return ALL_TIMES
    try:
        with told_as_unreadable(), opened(stored) as file:
            names = file.schema_arrow.names
            if at not in names:
                return ALL_TIMES
            column = names.index(at)
            told = [time_span(file.metadata, column, group) for group in range(file.num_row_groups)]
    except Unreadable:
        return ALL_TIMES
    ends = [each for each in told if each is not None]
    if not ends or len(ends) < len(told):
        return ALL_TIMES
    return min(first for first, _ in ends), max(last for _, last in ends)


def days_of(stored: Stored, at: str) -> tuple[int, int]:
    """The first and the last day of a file's rows; all days when nobody knows."""
    first, last = span_of(stored, at)
    return first // DAY, last // DAY


def _listed(place: str) -> list[Stored]:
    try:
        return list_files(place)
    except Unlistable:  # said when the rows are read
        return []


def _told(stored: Stored) -> list[object]:
    return [stored.path, stored.size, stored.modified_ns]
