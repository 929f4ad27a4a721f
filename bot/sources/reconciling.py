"""Compares what we know of an Alertmanager with what it says itself: at start, and every few minutes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.sources.source import Source
from ops_core.alerts.endings import Takes, firing_of
from ops_core.alerts.heard import Heard
from ops_core.alerts.reconciliation import GONE, forgotten
from ops_core.errors import Invalid
from ops_core.store.transaction import Store

log = logging.getLogger(__name__)


class Asked(Protocol):
    """A running Alertmanager. Both raise `Unavailable` when it does not answer."""

    def alerts(self) -> Sequence[dict[str, Any]]:
        """All alerts that it knows, silenced ones too."""
        ...

    def started_at(self) -> datetime:
        """Since when it runs."""
        ...


class Reconciliation:
    """One source and its Alertmanager.

    One that was restarted within `settle` may have forgotten alerts that its Prometheus will tell it again:
    until then nothing is ended by its silence.
    """

    def __init__(self, source: Source, asked: Asked, store: Store, intake: Takes, settle: timedelta) -> None:
        self.source = replace(source, limit=1_000_000)
        self.asked = asked
        self.store = store
        self.intake = intake
        self.settle = settle

    def run(self) -> None:
        """Take what we missed, end what it no longer knows."""
        with self.store.read() as session:  # before it is asked, so that nothing newer is ended
            known = firing_of(session, self.source.name)
        at = self.store.clock.now()
        told = self.asked.alerts()
        heard = self.source.understand({"alerts": list(told)}, at)
        active = self._readable([each for each in told if _is_active(each)], at)
        ends = []
        if known and at - self.asked.started_at() >= self.settle:
            ends = forgotten(known, {one.fingerprint for one in heard}, at, GONE)
        missing = {one.fingerprint for one in active} - {alert.fingerprint for alert in known}
        if missing or ends:
            log.info("%s: %d alerts were missing, %d had ended", self.source.name, len(missing), len(ends))
        self.intake.take([*(one._replace(anew=True) for one in active), *ends])

    def _readable(self, told: Sequence[dict[str, Any]], at: datetime) -> list[Heard]:
        """What can be read of some of its alerts, which may be nothing."""
        try:
            return self.source.understand({"alerts": list(told)}, at)
        except Invalid:
            return []


def _is_active(alert: dict[str, Any]) -> bool:
    """Whether people are to know: what is silenced there is not told here, and does not end here either."""
    status = alert.get("status")
    return not isinstance(status, dict) or status.get("state") != "suppressed"
