"""The name of a firing: the start that its source names, and the fingerprint of its alert.

The start comes first, so that what fires in a storm stands together in the index: of random names each
would lie on a page of its own, to be read, changed and written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def name_of(fingerprint: str, starts_at: datetime) -> str:
    """The name of the firing of an alert (16 hexadecimal digits) that began at a moment, an aware one."""
    return f"{_milliseconds(starts_at)}-{fingerprint}"


def start_of(name: str) -> datetime:
    """The start in a name: what the source said, to the millisecond, even where we count from another."""
    return _EPOCH + int(name.rpartition("-")[0]) * _MILLISECOND


@lru_cache(maxsize=4096)
def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
