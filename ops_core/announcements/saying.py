"""How announcements are said: posts and edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlmodel import Session

from ops_core.alerts.group import get_group
from ops_core.incidents import incident
from ops_core.incidents.incident import Incident
from ops_core.store import outbox
from ops_core.store.outbox import Priority, Say, Verb

ALERTS = "alerts"
INCIDENTS = "incidents"

Followers = Callable[[Any, Session], Iterable[Say]]
"""From an event to what is to be said about it."""


def post(room: str, template: str, thread_of: str | None = None, **context: Any) -> Say:
    """A new message."""
    return Say(room, template=template, thread_of=thread_of, context=context)


def edit(room: str, subject: str, session: Session, priority: Priority = Priority.NORMAL) -> list[Say]:
    """The same message once more, with what is true now; nothing, if it was never said."""
    said = outbox.is_posted(session, subject)
    return [Say(room, Verb.EDIT, subject=subject, priority=priority)] if said else []


def edit_incident(session: Session, number: int | None) -> list[Say]:
    """Card and checklist of an incident."""
    if number is None:
        return []
    one = incident.get(session, number)
    card = edit(one.room, one.card, session, Priority.of(one.severity))
    return card + edit(one.room, one.checklist, session)


def link_alert(session: Session, number: int | None, one: Incident) -> list[Say]:
    """In the threads of an alert's cards, in whatever rooms they stand, where its incident is worked on."""
    if number is None:
        return []
    words = {"incident": {"ref": one.ref, "title": one.title, "channel": None}}
    return [
        Say(room, template="alert_linked", thread_of=card, context=words)
        for room, card in get_group(session, number).cards
        if outbox.is_posted(session, card)
    ]


def edit_alert(session: Session, number: int | None, *, grows: bool = False) -> list[Say]:
    """The cards of an alert, and the digest that has it as a line.

    One that only `grows` is in no hurry: edits of a page in a storm would take all that its digest needs.
    """
    if not number:
        return []
    group = get_group(session, number)
    urgent = Priority.DIGEST if grows else Priority.of(group.severity)
    edits = [say for room, subject in group.cards for say in edit(room, subject, session, urgent)]
    return edits + (edit(ALERTS, f"digest:{group.digest_id}", session) if group.digest_id else [])
