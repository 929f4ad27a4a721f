"""What the bot says on its own: one table from each event to the messages that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from ops_core.announcements import alerts, incidents, oncall, rhythm, rollbacks
from ops_core.announcements.oncall import said
from ops_core.announcements.saying import Followers
from ops_core.events import Event
from ops_core.store.outbox import Say

__all__ = ["TABLE", "announce", "said"]

TABLE: Mapping[type[Event], Followers] = {
    **incidents.FOLLOWERS,
    **alerts.FOLLOWERS,
    **rollbacks.FOLLOWERS,
    **rhythm.FOLLOWERS,
    **oncall.FOLLOWERS,
}
"""Each noun has a file here with its part of the table."""


def announce(event: Event, session: Session) -> Iterable[Say]:
    """The messages that follow from an event, in the order in which they are to be sent."""
    follow = TABLE.get(type(event))
    return follow(event, session) if follow else ()
