"""Reads many gauges at once; one that fails or hangs is a signal too, and holds up nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from ops_core.errors import OpsError
from ops_core.signals.signal import Gauge, Signal

LONGEST = timedelta(seconds=20)
"""How long all gauges together may take; each has a shorter limit of its own."""
AT_ONCE = 8


def gather(
    gauges: Sequence[Gauge], now: datetime, longest: timedelta = LONGEST
) -> Mapping[str, Sequence[Signal]]:
    """Signals by name, in the order of the gauges; what could not be read is there with its `error`."""
    if not gauges:
        return {}
    pool = ThreadPoolExecutor(min(AT_ONCE, len(gauges)), thread_name_prefix="gauge")
    readings = [(gauge, pool.submit(gauge.read, now)) for gauge in gauges]
    wait([reading for _, reading in readings], timeout=longest.total_seconds())
    pool.shutdown(wait=False, cancel_futures=True)
    found: dict[str, list[Signal]] = {}
    for gauge, reading in readings:
        found.setdefault(gauge.signal, []).extend(_read(gauge, reading, now, longest))
    return found


def _read(
    gauge: Gauge, reading: Future[Sequence[Signal]], now: datetime, longest: timedelta
) -> Sequence[Signal]:
    if not reading.done() or reading.cancelled():
        return [_unread(gauge, now, f"no answer within {longest.total_seconds():g} s")]
    try:
        return reading.result()
    except OpsError as error:
        hint = f" ({error.hint.rstrip('.')})" if error.hint else ""
        return [_unread(gauge, now, f"{error.message.rstrip('.')}{hint}")]


def _unread(gauge: Gauge, now: datetime, error: str) -> Signal:
    return Signal(gauge.signal, gauge.unit, gauge.source, now, n=0, error=error)
