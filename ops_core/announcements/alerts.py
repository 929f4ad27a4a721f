"""What the bot says of alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from ops_core.alerts import events
from ops_core.alerts.group import AlertGroup, get_group
from ops_core.announcements.saying import Followers, edit, edit_alert, post
from ops_core.events import Event
from ops_core.store import outbox
from ops_core.store.outbox import Priority, Say


def _fired(event: events.GroupFired, session: Session) -> Iterable[Say]:
    """A new card in each of its rooms, or a line of the storm's digest."""
    group = get_group(session, event.group)
    if group.digest_id is not None:
        digest = f"digest:{group.digest_id}"
        yield from edit(DIGESTS, digest, session) or [Say(DIGESTS, subject=digest)]
        return
    yield from _missing_cards(group, session)


def _missing_cards(group: AlertGroup, session: Session) -> Iterable[Say]:
    """Its card in each of its rooms that has none yet."""
    for room, subject in group.cards:
        if not outbox.posted(session, subject):
            yield Say(room, subject=subject, priority=Priority.of(group.severity))


def _changed(event: events.GroupEvent, session: Session) -> Iterable[Say]:
    return edit_alert(session, event.group)


def _altered(event: events.GroupChanged, session: Session) -> Iterable[Say]:
    """What got worse may belong into further rooms, and stands on a card of its own even in a storm."""
    yield from _changed(event, session)
    if event.rose:
        yield from _missing_cards(get_group(session, event.group), session)


def _rose(event: events.GroupRose, session: Session) -> Iterable[Say]:
    """The cards, and a line in the thread of the first, which names whoever had it."""
    group = get_group(session, event.group)
    yield from _changed(event, session)
    room, card = group.cards[0]
    if outbox.posted(session, card):
        note = {
            "text": event.said[:1].upper() + event.said[1:],
            "at": event.at,
            "who": [event.seen_by] if event.seen_by else [],
        }
        yield post(room, "page_note", card, note=note, ref=group.ref, title=group.title)


def _silent(_event: Event, _session: Session) -> Iterable[Say]:
    """The person who asked is answered; the cards that it concerns change by themselves."""
    return ()


DIGESTS = "alerts"

FOLLOWERS: Mapping[type[Event], Followers] = {
    events.GroupFired: _fired,
    events.GroupChanged: _altered,
    events.GroupRose: _rose,
    events.GroupAcknowledged: _changed,
    events.GroupSilenced: _changed,
    events.GroupResolved: _changed,
    events.SilenceMade: _silent,
    events.SilenceLifted: _silent,
}
