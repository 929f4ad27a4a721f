"""What the bot says of incidents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlmodel import Session

from ops_core.announcements.saying import (
    INCIDENTS,
    Followers,
    edit,
    edit_alert,
    edit_incident,
    link_alert,
    post,
)
from ops_core.events import Event, IncidentEvent
from ops_core.incidents import card, events, incident, timeline
from ops_core.incidents.deadlines import POSTMORTEM_WITHIN
from ops_core.incidents.incident import Incident
from ops_core.store import outbox
from ops_core.store.outbox import Priority, Say, Verb


def _note(one: Incident, text: str, event: Event, detail: str | None = None) -> Say:
    note = {"text": text, "by": event.by, "at": event.at, "detail": detail}
    return post(one.room, "incident_note", one.card, note=note)


def _declared(event: events.IncidentDeclared, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    # Somebody waits for the room, however bad it is.
    yield Say(one.room, Verb.OPEN_ROOM, context={"name": one.channel_name}, priority=Priority.PAGE)
    yield Say(one.room, subject=one.card, priority=Priority.PAGE)
    yield Say(one.room, Verb.PIN, subject=one.card, priority=Priority.PAGE)
    yield Say(one.room, Verb.INVITE, context={"people": list(event.people)}, priority=Priority.PAGE)
    yield replace(_topic(one), priority=Priority.PAGE)
    urgency = Priority.of(one.severity)
    yield Say(INCIDENTS, subject=one.announcement, after_room=one.room, priority=urgency)
    yield from edit_alert(session, one.alert_group_id)
    yield from link_alert(session, one.alert_group_id, one)


def _topic(one: Incident) -> Say:
    text = f"{one.ref} · {one.severity} {one.severity.label} · {one.title}"
    return Say(one.room, Verb.TOPIC, context={"text": text})


def _command_taken(event: events.CommandTaken, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from edit_incident(session, one.number)
    if not outbox.posted(session, one.checklist):
        yield Say(one.room, subject=one.checklist)
    instead = f" from <@{event.previous}>" if event.previous else ""
    yield _note(one, f"Took command{instead}", event)


def _severity_changed(event: events.SeverityChanged, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from edit_incident(session, one.number)
    yield _topic(one)
    yield from edit(INCIDENTS, one.announcement, session)
    yield _note(one, f"Severity {event.before} → {event.after}", event)


def _update_given(event: events.UpdateGiven, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from edit_incident(session, one.number)
    yield post(
        one.room,
        "incident_note",
        note={"text": f"Update on {one.ref}", "by": event.by, "at": event.at, "detail": event.text},
    )


def _step_finished(event: events.StepFinished, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from edit_incident(session, one.number)
    if event.report:
        yield post(one.room, "step_evidence", one.checklist, evidence=event.report)


def _changed(event: IncidentEvent, session: Session) -> Iterable[Say]:
    return edit_incident(session, event.incident)


def _resolved(event: events.IncidentResolved, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    values = card.brief(session, one) | {
        "resolved_by": event.by,
        "resolved_at": one.resolved_at,
        "took": event.at - one.opened_at,
        "root_cause": one.root_cause or None,
        "fix": one.resolution or None,
        "postmortem_due_at": event.at + POSTMORTEM_WITHIN,
    }
    yield from edit_incident(session, one.number)
    yield from edit_alert(session, one.alert_group_id)
    yield from edit(INCIDENTS, one.announcement, session)
    yield post(one.room, "incident_resolved", incident=values)


def _postmortem(event: events.PostmortemWritten, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from edit_incident(session, one.number)
    name = f"postmortem-{one.ref.lower()}"
    yield Say(
        one.room,
        Verb.UPLOAD,
        template="default",
        context={
            "name": name,
            "title": f"Post-mortem of {one.ref}",
            "subject": f"incident:{one.number}:postmortem",
        },
    )
    yield post(
        one.room,
        "postmortem_posted",
        incident=card.brief(session, one),
        open_points=_open_points(one, session),
        due_at=None,
    )


def _open_points(one: Incident, session: Session) -> list[str]:
    metrics = timeline.response_metrics(timeline.milestones(session, one.number))
    missing = [f"time of {name}" for name, value in metrics.items() if value is None]
    return [*([] if one.root_cause else ["root cause"]), *missing, "the five whys"]


def _closed(event: events.IncidentClosed, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    values = card.brief(session, one) | {"closed_by": event.by, "closed_at": one.closed_at}
    metrics = timeline.response_metrics(timeline.milestones(session, one.number))
    yield from edit_incident(session, one.number)
    yield post(one.room, "incident_closed", incident=values, metrics=metrics)


def _deadline_passed(event: events.DeadlinePassed, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    deadline = {"label": event.label, "at": event.due_at, "overdue": True, "todo": None}
    deadline["who"] = list(event.who)
    yield from edit_incident(session, one.number)
    yield post(one.room, "reminder", one.card, deadline=deadline, incident=card.brief(session, one))


def _deadline_near(event: events.DeadlineNear, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    todo = "Take command with the button on the card."
    deadline = {"label": "somebody takes command", "at": event.due_at, "overdue": False, "todo": todo}
    deadline["who"] = list(event.who)
    yield post(one.room, "reminder", one.card, deadline=deadline, incident=card.brief(session, one))


def _room_failed(event: events.RoomFailed, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    note = {"text": f"{one.ref}: could not {event.what}", "by": None, "at": event.at, "detail": event.why}
    yield post(f"@{one.opened_by}", "incident_note", note=note)


FOLLOWERS: Mapping[type[Event], Followers] = {
    events.IncidentDeclared: _declared,
    events.CommandTaken: _command_taken,
    events.SeverityChanged: _severity_changed,
    events.UpdateGiven: _update_given,
    events.StepStarted: _changed,
    events.StepFinished: _step_finished,
    events.IncidentContained: _changed,
    events.IncidentResolved: _resolved,
    events.PostmortemWritten: _postmortem,
    events.IncidentClosed: _closed,
    events.DeadlineNear: _deadline_near,
    events.DeadlinePassed: _deadline_passed,
    events.RoomFailed: _room_failed,
}
