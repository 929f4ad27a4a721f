"""Last stage: record what happened, from which the messages follow, and take the mark off the group."""

from __future__ import annotations

from ops_core.alerts import events, responses
from ops_core.alerts.alert import AlertState
from ops_core.alerts.telling import Telling


def record(telling: Telling) -> None:
    """Write the group, then its events."""
    telling.group.dirty = telling.later
    telling.tx.session.add(telling.group)
    telling.tx.session.flush()
    _watch(telling)
    for event in telling.events:
        telling.tx.record(event)


def _watch(telling: Telling) -> None:
    """Have the time of response watched: from the first word, or anew from when it needs somebody anew."""
    group, tx = telling.group, telling.tx
    if group.state is AlertState.RESOLVED:
        responses.answered(tx.session, group)
    if group.told_at is None or group.state is not AlertState.FIRING:
        return
    if any(isinstance(event, events.GroupFired) for event in telling.events):
        responses.plan(tx.session, group, tx.now, first=True)
    elif telling.returned or any(isinstance(event, events.GroupRose) for event in telling.events):
        responses.plan(tx.session, group, tx.now)
    elif telling.rose or telling.fell:
        responses.plan(tx.session, group, group.told_at)
