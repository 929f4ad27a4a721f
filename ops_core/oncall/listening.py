"""What paging follows from: one table from events to what is to be done about pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ops_core.alerts import events as alerts
from ops_core.alerts.group import get_group
from ops_core.events import Event, IncidentEvent
from ops_core.incidents import events as incidents
from ops_core.incidents import incident
from ops_core.oncall import matter
from ops_core.oncall.pages import Pages
from ops_core.oncall.resuming import STOPPED
from ops_core.store.transaction import Transaction

React = Callable[[Pages, Any, Transaction], None]


def react(pages: Pages, event: Event, tx: Transaction) -> None:
    """Do what follows from an event, in its transaction."""
    follow = TABLE.get(type(event))
    if follow is not None:
        follow(pages, event, tx)


def _declared(pages: Pages, event: incidents.IncidentDeclared, tx: Transaction) -> None:
    one = matter.of_incident(tx.session, incident.get(tx.session, event.incident))
    if event.alert is not None:
        pages.move(tx, f"alert:{event.alert}", one)
    pages.reconsider(tx, one, event.by)


def _severity_changed(pages: Pages, event: incidents.SeverityChanged, tx: Transaction) -> None:
    pages.reconsider(tx, matter.of_incident(tx.session, incident.get(tx.session, event.incident)), event.by)


def _taken(pages: Pages, event: IncidentEvent, tx: Transaction) -> None:
    pages.acknowledged(tx, event.subject, event.by)


def _contained(pages: Pages, event: IncidentEvent, tx: Transaction) -> None:
    pages.contained(tx, event.subject, event.by)


def _resolved(pages: Pages, event: IncidentEvent, tx: Transaction) -> None:
    pages.end(tx, event.subject, event.by, "resolved")


def _fired(pages: Pages, event: alerts.GroupFired, tx: Transaction) -> None:
    _changed(pages, event, tx)


def _changed(pages: Pages, event: alerts.GroupEvent, tx: Transaction, *, again: bool = False) -> None:
    """What has its incident is paged for there; for what somebody has, nothing begins unless it is back."""
    group = get_group(tx.session, event.group)
    if group.incident_id is None and group.was_told:
        pages.reconsider(tx, matter.of_group(group), event.by, begin=again or group.acknowledged_at is None)


def _altered(pages: Pages, event: alerts.GroupChanged, tx: Transaction) -> None:
    """Of what is hushed nobody is called; whoever was called hears why that ends."""
    if event.hushed:
        pages.end(tx, event.subject, event.by, f"it is hushed: {event.hushed}", aloud=True)
    else:
        _changed(pages, event, tx, again=event.returned)


def _rose(pages: Pages, event: alerts.GroupRose, tx: Transaction) -> None:
    """Whoever had it had something less: it begins again."""
    pages.end(tx, event.subject, event.by, event.why)
    _changed(pages, event, tx)


def _acknowledged(pages: Pages, event: alerts.GroupEvent, tx: Transaction) -> None:
    pages.acknowledged(tx, event.subject, event.by)


def _silenced(pages: Pages, event: alerts.GroupEvent, tx: Transaction) -> None:
    pages.end(tx, event.subject, event.by, "silenced")


def _quiet(pages: Pages, event: alerts.GroupEvent, tx: Transaction) -> None:
    pages.end(tx, event.subject, event.by, STOPPED)


TABLE: Mapping[type[Event], React] = {
    incidents.IncidentDeclared: _declared,
    incidents.SeverityChanged: _severity_changed,
    incidents.CommandTaken: _taken,
    incidents.IncidentContained: _contained,
    incidents.IncidentResolved: _resolved,
    alerts.GroupFired: _fired,
    alerts.GroupChanged: _altered,
    alerts.GroupRose: _rose,
    alerts.GroupAcknowledged: _acknowledged,
    alerts.GroupSilenced: _silenced,
    alerts.GroupResolved: _quiet,
}
