"""The name of a firing: the start that its source names, and the fingerprint of its alert.

The start comes first, so that what fires in a storm stands together in the index: of random names each
would lie on a page of its own, to be read, changed and written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FINGERPRINT = 16
"""Digits of a fingerprint; no start in milliseconds has as many."""


def name_of(fingerprint: str, starts_at: datetime) -> str:
    """The name of the firing of an alert (16 hexadecimal digits) that began at a moment, an aware one."""
    return f"{_milliseconds(starts_at)}-{fingerprint}"


def start_of(name: str) -> datetime:
    """The start in a name: what the source said, to the millisecond, even where we count from another.

    Also in one of before, `<fingerprint>-<start>`: an older process may still have been at work when the
    names were turned round.
    """
    named = name.partition(":")[0]
    start, _, fingerprint = named.rpartition("-")
    if len(fingerprint) != _FINGERPRINT:
        start = named[_FINGERPRINT + 1 :]
    return _EPOCH + int(start) * _MILLISECOND


@lru_cache(maxsize=4096)
def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
