"""What we know to fire, held against what a source says fires now: nothing missing, nothing stuck."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from ops_core.alerts.alert import Alert
from ops_core.alerts.firing import start_of
from ops_core.alerts.heard import Heard

GONE = "Alertmanager no longer knows it; its own word that it is over never came."
"""The remark on what ends because its source was asked; told to fire again, it does."""


def forgotten(known: Iterable[Alert], present: Collection[str], at: datetime, why: str) -> list[Heard]:
    """The ends of the known alerts that are not among the fingerprints `present`.

    `known` must have been read before the source was asked at the moment `at`, so that what begins
    meanwhile is not ended.
    """
    return [
        Heard(
            alert.source,
            alert.labels,
            alert.annotations,
            start_of(alert.firing),
            at,
            alert.severity,
            alert.url,
            remark=why,
        )
        for alert in known
        if alert.fingerprint not in present
    ]
