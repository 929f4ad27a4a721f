"""What the bot says to those on call, and about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from ops_core.alerts.group import get_group
from ops_core.announcements.saying import ALERTS, INCIDENTS, Followers, edit, edit_alert, edit_incident, post
from ops_core.events import Event
from ops_core.incidents import incident
from ops_core.oncall import escalation, events
from ops_core.oncall.escalation import Escalation, Page
from ops_core.oncall.person import Way
from ops_core.oncall.reach import Act
from ops_core.store import outbox
from ops_core.store.outbox import Delivery, OutboxRow, Priority, Say, Verb


def _paged(event: events.PeoplePaged, session: Session) -> Iterable[Say]:
    one = escalation.get(session, event.escalation)
    called = [page for number in event.pages if (page := session.get(Page, number))]
    for page in called:
        yield from _notices(one, page, Act.TRIGGER)
    yield from _on_cards(one, session)
    yield from _called_into(one, called, session)
    if event.step > 0 or event.late or event.note:
        yield from _note(one, event, session, [page.slack for page in called if page.slack])


def _nobody(event: events.NobodyPaged, session: Session) -> Iterable[Say]:
    one = escalation.get(session, event.escalation)
    yield from _on_cards(one, session)
    yield from _note(one, event, session, [])


def _answered(event: events.PagesAnswered, session: Session) -> Iterable[Say]:
    one = escalation.get(session, event.escalation)
    for page in {page.person: page for page in escalation.pages(session, one.number)}.values():
        yield from _notices(one, page, event.act)
    for page in escalation.pages(session, one.number):
        yield from edit(f"@{page.slack}", _subject(page), session) if page.slack else []
    yield from _on_cards(one, session)
    if event.heard and event.act is Act.RESOLVE:
        yield from _note(one, event, session, [])


def _resumed(event: events.PagesResumed, session: Session) -> Iterable[Say]:
    """The direct messages, which said that it was over, are open again."""
    one = escalation.get(session, event.escalation)
    for page in escalation.pages(session, one.number):
        yield from edit(f"@{page.slack}", _subject(page), session) if page.slack else []
    yield from _note(one, event, session, [])


def _failed(event: events.PageFailed, session: Session) -> Iterable[Say]:
    one = escalation.get(session, event.escalation)
    yield from _on_cards(one, session)
    yield from _note(one, event, session, [])


def said(session: Session, subject: str) -> Iterable[Say]:
    """A message stands now: the card of an alert is linked in the pages about it, whichever came first."""
    noun, _, number = subject.partition(":")
    if noun == "page":
        page = session.get(Page, int(number))
        yield from _link(session, page) if page is not None else ()
    elif noun == "alert":
        for one in escalation.active(session, subject):
            for page in escalation.pages(session, one.number):
                yield from _link(session, page)


def _link(session: Session, page: Page) -> Iterable[Say]:
    """The direct message once more, if it was queued before the card stood, and both do now."""
    one = escalation.get(session, page.escalation_id)
    card = outbox.posted(session, one.subject) if one.subject.startswith("alert:") else None
    direct = outbox.posted(session, _subject(page)) if page.slack else None
    if card is None or direct is None or card.sent_at is None or direct.sent_at is None:
        return
    if card.sent_at >= direct.created_at:
        yield Say(f"@{page.slack}", Verb.EDIT, subject=_subject(page))


def _notices(one: Escalation, page: Page, act: Act) -> Iterable[Say]:
    """A page by each way; a text message says only that it begins, a direct message is edited instead."""
    for way in map(Way, page.ways):
        if way is Way.SLACK:
            if act is Act.TRIGGER:
                yield Say(f"@{page.slack}", subject=_subject(page), priority=Priority.PAGE)
        elif act is Act.TRIGGER or way is not Way.SMS:
            yield Say(
                f"page:{page.person}:{way}",
                Verb.PAGE,
                context=_notice(one, page, way, act),
                priority=Priority.PAGE,
            )


def _notice(one: Escalation, page: Page, way: Way, act: Act) -> dict[str, Any]:
    """What the courier needs: numbers only, the words come from the rows when it is sent."""
    return {"escalation": one.number, "page": page.id, "way": way.value, "act": act.value}


def _on_cards(one: Escalation, session: Session) -> Iterable[Say]:
    noun, _, number = one.subject.partition(":")
    if one.incident_id is not None:
        return edit_incident(session, one.incident_id)
    return edit_alert(session, int(number)) if noun == "alert" else []


def _called_into(one: Escalation, called: list[Page], session: Session) -> Iterable[Say]:
    """Whoever is paged about an incident is invited to its channel, unless they were before."""
    if one.incident_id is None:
        return
    room = incident.get(session, one.incident_id).room
    invited = select(OutboxRow).where(
        col(OutboxRow.state).in_(Delivery),  # all there are, which is how the index of rooms begins
        OutboxRow.room == room,
        OutboxRow.verb == Verb.INVITE,
    )
    before = {person for row in session.exec(invited) for person in row.context["people"]}
    ids = [page.slack for page in called if page.slack and page.slack not in before]
    if ids:
        yield Say(room, Verb.INVITE, context={"people": ids})


def _note(one: Escalation, event: Event, session: Session, who: list[str]) -> Iterable[Say]:
    """A line in the thread of the card, which names those who are paged now."""
    note = {"text": event.said[:1].upper() + event.said[1:], "at": event.at, "who": who}
    values: dict[str, Any] = {"note": note, "ref": one.ref, "title": one.title}
    if one.incident_id is not None:
        found = incident.get(session, one.incident_id)
        yield post(found.room, "page_note", found.card, **values)
    elif one.subject.startswith("alert:"):
        room, card = get_group(session, int(one.subject.partition(":")[2])).cards[0]
        if outbox.is_posted(session, card):  # in a storm it has no card, and the digest says enough
            yield post(room, "page_note", card, **values)
    else:
        yield post(f"@{one.started_by}", "page_note", **values)


def _subject(page: Page) -> str:
    return f"page:{page.id}"


def _covered(event: events.CoverChanged, _session: Session) -> Iterable[Say]:
    """Whoever is put on call by somebody else hears so."""
    if event.values["slack"] not in (None, event.by):
        yield post(f"@{event.values['slack']}", "covered", cover=event.values)


def _handed_over(event: events.ShiftHandedOver, _session: Session) -> Iterable[Say]:
    yield post(INCIDENTS, "shift_handover", handover=event.values)


def _troubled(event: events.ScheduleTroubled, _session: Session) -> Iterable[Say]:
    yield post(ALERTS, "schedule_trouble", schedule=event.schedule, why=event.why)


FOLLOWERS: Mapping[type[Event], Followers] = {
    events.PeoplePaged: _paged,
    events.NobodyPaged: _nobody,
    events.PagesAnswered: _answered,
    events.PageFailed: _failed,
    events.PagesResumed: _resumed,
    events.CoverChanged: _covered,
    events.ShiftHandedOver: _handed_over,
    events.ScheduleTroubled: _troubled,
}
