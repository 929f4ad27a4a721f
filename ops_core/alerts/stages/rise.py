"""Ninth stage: what somebody has seen to, and then got worse, needs a person anew."""

from __future__ import annotations

from datetime import datetime

from ops_core.alerts import events
from ops_core.alerts.alert import AlertState, names_at
from ops_core.alerts.telling import Telling
from ops_core.incidents import incident
from ops_core.people import TOCSIN
from ops_core.severity import Severity

GRAVE = Severity.P2
"""Something else that fires is news when it is worse than this."""


def rise(telling: Telling) -> None:
    """Take the acknowledgement back, and let go of an incident that is resolved, when something is news."""
    group = telling.group
    seen_at = _seen_at(telling)
    if seen_at is None or not telling.audible:
        return
    why = _news(telling, seen_at)
    if not why:
        return
    telling.events.append(
        events.GroupRose(
            by=TOCSIN,
            at=telling.tx.now,
            group=group.number,
            severity=group.severity,
            why=why,
            seen_by=group.acknowledged_by,
        )
    )
    group.state, group.acknowledged_by, group.acknowledged_at = AlertState.FIRING, None, None
    group.incident_id = None


def _seen_at(telling: Telling) -> datetime | None:
    """When people took it last; None while nobody did, or while they are at work on its incident."""
    group = telling.group
    if not group.was_told:
        return None
    if group.incident_id is None:
        return group.acknowledged_at
    return incident.get(telling.tx.session, group.incident_id).resolved_at


def _news(telling: Telling, seen_at: datetime) -> str:
    """What nobody can have seen by then, in a few words; nothing when there is nothing."""
    group = telling.group
    if telling.rose:
        return f"it is {group.severity} now"
    heard = names_at(telling.tx.session, group.number, GRAVE)
    fresh = sorted(name for name, first in heard.items() if first > seen_at)
    return f"{', '.join(fresh[:3])} fires too" if fresh else ""
