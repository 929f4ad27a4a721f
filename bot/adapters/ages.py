"""How old the newest file of a place is, or what an address says of itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, ClassVar

from bot.adapters.outside import Answer, Outside
from ops_core.errors import Unavailable
from ops_core.signals.signal import Signal

MOST_FILES = 100_000
TIMES = ("at", "timestamp", "time", "updated_at", "last_run_at")
"""Names under which a JSON answer may tell its time."""


@dataclass(frozen=True)
class AgeGauge:
    """The age of the newest file of a file, folder or glob, or of what an http(s) address tells.

    An address tells its time as JSON or in its Last-Modified header; one that answers 200 without a time
    lives now. `within` is the age it must keep. `empty_counts`: whether a file without content counts.
    """

    unit: ClassVar[str] = "seconds"

    signal: str
    subject: str
    place: str
    within: timedelta | None = None
    empty_counts: bool = True
    timeout: timedelta = timedelta(seconds=5)

    @property
    def source(self) -> str:
        """The place."""
        return self.place

    def read(self, now: datetime) -> Sequence[Signal]:
        """One signal; absent when nothing is there. Raises `Unavailable` when it cannot be looked at."""
        newest = self._asked(now) if self.place.startswith(("http://", "https://")) else self._newest()
        age = None if newest is None else (now - newest).total_seconds()
        return [
            Signal(
                self.signal,
                self.unit,
                self.place,
                now,
                age,
                n=0 if newest is None else 1,
                subject=self.subject,
                planned=None if self.within is None else self.within.total_seconds(),
                absent=newest is None,
                said=f"nothing {'' if self.empty_counts else 'with content '}is at {self.place}",
            )
        ]

    def _newest(self) -> datetime | None:
        times = (state.st_mtime for state in _states(self.place) if state.st_size or self.empty_counts)
        newest = max(times, default=None)
        return None if newest is None else datetime.fromtimestamp(newest, UTC)

    def _asked(self, now: datetime) -> datetime | None:
        answer = Outside(self.place, self.timeout).get(self.place)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise Unavailable(f"{self.place} answered {answer.status}.")
        return _told(answer) or now


def _states(place: str) -> Iterator[os.stat_result]:
    """The files of a place; `Unavailable` when they cannot be listed or are too many."""
    path = Path(place)
    try:
        found = _walk(place) if path.is_dir() else _matches(path)
        for number, name in enumerate(found):
            if number >= MOST_FILES:
                raise Unavailable(
                    f"{place} holds more than {MOST_FILES:,} files.",
                    hint="Name a narrower glob.",
                    may_retry=False,
                )
            state = _state(name)
            if state is not None:
                yield state
    except OSError as error:
        raise Unavailable(f"{place} cannot be looked at: {error.strerror}.") from None


def _walk(folder: str) -> Iterator[str]:
    def stop(error: OSError) -> None:
        raise error

    for inner, _, names in os.walk(folder, onerror=stop):
        yield from (os.path.join(inner, name) for name in names)  # noqa: PTH118  # a Path each is slow


def _matches(pattern: Path) -> Iterator[str]:
    yield from map(str, Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))


def _state(name: str) -> os.stat_result | None:
    """None for what is no file, and for one that went away in the meantime."""
    try:
        state = os.stat(name)  # noqa: PTH116  # the same
    except FileNotFoundError:
        return None
    return state if stat.S_ISREG(state.st_mode) else None


def _told(answer: Answer) -> datetime | None:
    body = answer.json()
    told = next((body[name] for name in TIMES if name in body), None) if isinstance(body, dict) else None
    return _moment(told) if told is not None else _modified(answer.headers.get("last-modified"))


def _moment(told: Any) -> datetime | None:
    """ISO 8601 text (without a zone, UTC) or seconds since 1970."""
    try:
        if isinstance(told, int | float):
            return datetime.fromtimestamp(told, UTC)
        moment = datetime.fromisoformat(str(told))
    except (ValueError, OverflowError, OSError):
        raise Unavailable(f"It tells {str(told)[:40]!r}, which is no time.", hint="ISO 8601 is.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _modified(header: str | None) -> datetime | None:
    if not header:
        return None
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
