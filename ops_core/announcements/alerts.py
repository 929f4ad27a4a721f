"""What the bot says of alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from ops_core.alerts import events
from ops_core.alerts.alert import get_alert
from ops_core.announcements.saying import ALERTS, Followers, edit_alert
from ops_core.events import Event
from ops_core.store.outbox import Say


def _alert_fired(event: events.AlertFired, session: Session) -> Iterable[Say]:
    """A new card; when it fires on after a silence, the one that there is."""
    yield from edit_alert(session, event.alert) or [Say(ALERTS, subject=event.subject)]


def _alert_changed(event: events.AlertEvent, session: Session) -> Iterable[Say]:
    number = get_alert(session, event.alert).number
    return edit_alert(session, number)


FOLLOWERS: Mapping[type[Event], Followers] = {
    events.AlertFired: _alert_fired,
    events.AlertChanged: _alert_changed,
    events.AlertAcknowledged: _alert_changed,
    events.AlertSilenced: _alert_changed,
    events.AlertResolved: _alert_changed,
}
