"""What the bot says of alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from ops_core.alerts import events
from ops_core.alerts.group import AlertGroup, get_group
from ops_core.alerts.silence import get_silence
from ops_core.alerts.why import up_to
from ops_core.announcements.saying import Followers, edit, edit_alert, post
from ops_core.events import Event
from ops_core.store import outbox
from ops_core.store.outbox import Priority, Say


def _fired(event: events.GroupFired, session: Session) -> Iterable[Say]:
    """A new card in each of its rooms, or a line of the storm's digest."""
    group = get_group(session, event.group)
    if group.digest_id is not None:
        digest = f"digest:{group.digest_id}"
        # It overtakes the cards that were asked for before it became a storm: it says more than all of them.
        first = Say(DIGESTS, subject=digest, priority=Priority.PAGE)
        yield from edit(DIGESTS, digest, session) or [first]
        return
    for room, subject in group.cards:  # none of them is there yet
        yield _card(group, room, subject)


def _missing_cards(group: AlertGroup, session: Session) -> Iterable[Say]:
    """Its card in each of its rooms that has none yet."""
    for room, subject in group.cards:
        if not outbox.is_posted(session, subject):
            yield _card(group, room, subject)


def _card(group: AlertGroup, room: str, subject: str) -> Say:
    return Say(room, subject=subject, priority=Priority.of(group.severity))


def _changed(event: events.GroupEvent, session: Session) -> Iterable[Say]:
    return edit_alert(session, event.group)


def _altered(event: events.GroupChanged, session: Session) -> Iterable[Say]:
    """What got worse may belong into further rooms, and stands on a card of its own even in a storm.

    Slack tells nobody of an edit: that it is back is a line in the thread too.
    """
    grows = not (event.rose or event.fell or event.hushed)
    yield from edit_alert(session, event.group, grows=grows)
    if event.rose:
        yield from _missing_cards(get_group(session, event.group), session)
    if event.returned:
        yield from _history(event, session, "firing again")


def _rose(event: events.GroupRose, session: Session) -> Iterable[Say]:
    """The cards, and a line in the thread of the first, which names whoever had it."""
    group = get_group(session, event.group)
    yield from _changed(event, session)
    room, card = group.cards[0]
    if outbox.is_posted(session, card):
        note = {
            "text": event.said[:1].upper() + event.said[1:],
            "at": event.at,
            "who": [event.seen_by] if event.seen_by else [],
        }
        yield post(room, "page_note", card, note=note, ref=group.ref, title=group.title)


def _acknowledged(event: events.GroupAcknowledged, session: Session) -> Iterable[Say]:
    yield from _changed(event, session)
    yield from _history(event, session, "acknowledged", by=event.by)


def _silenced(event: events.GroupSilenced, session: Session) -> Iterable[Say]:
    made = get_silence(session, event.silence)
    yield from _changed(event, session)
    said = {"by": event.by, "until": event.until, "up_to": up_to(made), "reason": event.reason or None}
    yield from _history(event, session, "silenced", **said)


def _resolved(event: events.GroupResolved, session: Session) -> Iterable[Say]:
    group = get_group(session, event.group)
    yield from _changed(event, session)
    if group.told_at != event.at:  # else its card is there since this moment, as that of something over
        yield from _history(event, session, "resolved", took=event.at - group.fired_at)


def _history(event: events.GroupEvent, session: Session, kind: str, **said: Any) -> Iterable[Say]:
    """A line in the thread of its card, for whom nobody waits."""
    group = get_group(session, event.group)
    room, card = group.cards[0]
    if outbox.is_posted(session, card):
        nothing = dict.fromkeys(("by", "until", "up_to", "reason", "took"))
        words = {
            "note": nothing | said | {"kind": kind, "at": event.at},
            "ref": group.ref,
            "title": group.title,
        }
        yield Say(room, template="alert_note", thread_of=card, context=words, priority=Priority.DIGEST)


def _awaited(event: events.ResponseAwaited, session: Session) -> Iterable[Say]:
    """In the thread of its card, or of the digest in which it stands, with a ping of those on call."""
    group = get_group(session, event.group)
    room, card = group.cards[0]
    if not outbox.is_posted(session, card):
        room, card = DIGESTS, f"digest:{group.digest_id}"
    more = f" and {len(event.others)} more" if event.others else ""
    deadline = {
        "label": "somebody acknowledges",
        "at": event.due_at,
        "overdue": event.overdue,
        "who": list(event.who),
        "todo": "`/ops alerts` lists them with their buttons."
        if event.others
        else "Acknowledge on the card above.",
    }
    about = {"ref": f"{group.ref}{more}", "title": group.title}
    if outbox.is_posted(session, card):
        yield post(room, "reminder", card, deadline=deadline, incident=about)


def _silent(_event: Event, _session: Session) -> Iterable[Say]:
    """The person who asked is answered; the cards that it concerns change by themselves."""
    return ()


DIGESTS = "alerts"

FOLLOWERS: Mapping[type[Event], Followers] = {
    events.GroupFired: _fired,
    events.GroupChanged: _altered,
    events.GroupRose: _rose,
    events.ResponseAwaited: _awaited,
    events.GroupAcknowledged: _acknowledged,
    events.GroupSilenced: _silenced,
    events.GroupResolved: _resolved,
    events.SilenceMade: _silent,
    events.SilenceLifted: _silent,
}
