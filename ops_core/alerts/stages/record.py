"""Last stage: record what happened, from which the messages follow, and take the mark off the group."""

from __future__ import annotations

from ops_core.alerts.telling import Telling


def record(telling: Telling) -> None:
    """Write the group, then its events."""
    telling.group.dirty = telling.later
    telling.tx.session.add(telling.group)
    telling.tx.session.flush()
    for event in telling.events:
        telling.tx.record(event)
