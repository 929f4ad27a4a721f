"""What the bot says on its own: one table from each event to the messages that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlmodel import Session

from ops_core.alerts import events as alerts
from ops_core.alerts.alert import get_alert
from ops_core.events import Event, IncidentEvent
from ops_core.incidents import card, incident, timeline
from ops_core.incidents import events as incidents
from ops_core.incidents.deadlines import POSTMORTEM_WITHIN
from ops_core.incidents.incident import Incident
from ops_core.remediation import card as rollback_card
from ops_core.remediation import events as rollbacks
from ops_core.remediation.rollback import get_rollback
from ops_core.rhythm import events as rhythm
from ops_core.store import outbox
from ops_core.store.outbox import Say, Verb

ALERTS = "alerts"
INCIDENTS = "incidents"

Followers = Callable[[Any, Session], Iterable[Say]]


def announce(event: Event, session: Session) -> Iterable[Say]:
    """The messages that follow from an event, in the order in which they are to be sent."""
    follow = TABLE.get(type(event))
    return follow(event, session) if follow else ()


def _post(room: str, template: str, thread_of: str | None = None, **context: Any) -> Say:
    return Say(room, template=template, thread_of=thread_of, context=context)


def _edit(room: str, subject: str, session: Session) -> list[Say]:
    return [Say(room, Verb.EDIT, subject=subject)] if outbox.posted(session, subject) else []


def _edit_incident(session: Session, number: int | None) -> list[Say]:
    if number is None:
        return []
    one = incident.get(session, number)
    return _edit(one.room, one.card, session) + _edit(one.room, one.checklist, session)


def _edit_alert(session: Session, number: int | None) -> list[Say]:
    return _edit(ALERTS, f"alert:{number}", session) if number else []


def _note(one: Incident, text: str, event: Event, detail: str | None = None) -> Say:
    note = {"text": text, "by": event.by, "at": event.at, "detail": detail}
    return _post(one.room, "incident_note", one.card, note=note)


def _declared(event: incidents.IncidentDeclared, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield Say(one.room, Verb.OPEN_ROOM, context={"name": one.channel_name})
    yield Say(one.room, subject=one.card)
    yield Say(one.room, Verb.PIN, subject=one.card)
    yield Say(one.room, Verb.INVITE, context={"people": list(event.people)})
    yield _topic(one)
    yield Say(INCIDENTS, subject=one.announcement, after_room=one.room)
    yield from _edit_alert(session, one.alert_id)


def _topic(one: Incident) -> Say:
    text = f"{one.ref} · {one.severity} {one.severity.label} · {one.title}"
    return Say(one.room, Verb.TOPIC, context={"text": text})


def _command_taken(event: incidents.CommandTaken, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from _edit_incident(session, one.number)
    if not outbox.posted(session, one.checklist):
        yield Say(one.room, subject=one.checklist)
    instead = f" from <@{event.previous}>" if event.previous else ""
    yield _note(one, f"Took command{instead}", event)


def _severity_changed(event: incidents.SeverityChanged, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from _edit_incident(session, one.number)
    yield _topic(one)
    yield from _edit(INCIDENTS, one.announcement, session)
    yield _note(one, f"Severity {event.before} → {event.after}", event)


def _update_given(event: incidents.UpdateGiven, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from _edit_incident(session, one.number)
    yield _post(
        one.room,
        "incident_note",
        note={"text": f"Update on {one.ref}", "by": event.by, "at": event.at, "detail": event.text},
    )


def _step_finished(event: incidents.StepFinished, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from _edit_incident(session, one.number)
    if event.report:
        yield _post(one.room, "step_evidence", one.checklist, evidence=event.report)


def _changed(event: IncidentEvent, session: Session) -> Iterable[Say]:
    return _edit_incident(session, event.incident)


def _resolved(event: incidents.IncidentResolved, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    values = card.brief(session, one) | {
        "resolved_by": event.by,
        "resolved_at": one.resolved_at,
        "took": event.at - one.opened_at,
        "root_cause": one.root_cause or None,
        "fix": one.resolution or None,
        "postmortem_due_at": event.at + POSTMORTEM_WITHIN,
    }
    yield from _edit_incident(session, one.number)
    yield from _edit_alert(session, one.alert_id)
    yield from _edit(INCIDENTS, one.announcement, session)
    yield _post(one.room, "incident_resolved", incident=values)


def _postmortem(event: incidents.PostmortemWritten, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    yield from _edit_incident(session, one.number)
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
    yield _post(
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


def _closed(event: incidents.IncidentClosed, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    values = card.brief(session, one) | {"closed_by": event.by, "closed_at": one.closed_at}
    metrics = timeline.response_metrics(timeline.milestones(session, one.number))
    yield from _edit_incident(session, one.number)
    yield _post(one.room, "incident_closed", incident=values, metrics=metrics)


def _deadline_passed(event: incidents.DeadlinePassed, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    deadline = {"label": event.label, "at": event.due_at, "overdue": True, "todo": None}
    deadline["who"] = list(event.who)
    yield from _edit_incident(session, one.number)
    yield _post(one.room, "reminder", one.card, deadline=deadline, incident=card.brief(session, one))


def _room_failed(event: incidents.RoomFailed, session: Session) -> Iterable[Say]:
    one = incident.get(session, event.incident)
    note = {"text": f"{one.ref}: could not {event.what}", "by": None, "at": event.at, "detail": event.why}
    yield _post(f"@{one.opened_by}", "incident_note", note=note)


def _alert_fired(event: alerts.AlertFired, session: Session) -> Iterable[Say]:
    """A new card; when it fires on after a silence, the one that there is."""
    yield from _edit_alert(session, event.alert) or [Say(ALERTS, subject=event.subject)]


def _alert_changed(event: alerts.AlertEvent, session: Session) -> Iterable[Say]:
    number = get_alert(session, event.alert).number
    return _edit_alert(session, number)


def _rollback_proposed(event: rollbacks.RollbackProposed, session: Session) -> Iterable[Say]:
    rollback = get_rollback(session, event.rollback)
    yield Say(rollback.room, subject=rollback.card)


def _rollback_moved(event: rollbacks.RollbackEvent, session: Session) -> Iterable[Say]:
    rollback = get_rollback(session, event.rollback)
    yield from _edit(rollback.room, rollback.card, session)
    yield from _edit_incident(session, event.in_incident)


def _rollback_proven(event: rollbacks.RollbackEvent, session: Session) -> Iterable[Say]:
    rollback = get_rollback(session, event.rollback)
    verdict = "verified" if isinstance(event, rollbacks.RollbackVerified) else _shortfall(rollback.proofs)
    yield from _rollback_moved(event, session)
    values = rollback_card.proof(rollback, verdict, event.at)
    yield _post(rollback.room, "rollback_proof", rollback=values)


def _shortfall(proofs: list[dict[str, Any]]) -> str:
    return "failed" if any(proof["ok"] is False for proof in proofs) else "pending"


def _rollback_undone(event: rollbacks.RollbackUndone, session: Session) -> Iterable[Say]:
    rollback = get_rollback(session, event.rollback)
    yield from _rollback_moved(event, session)
    values = rollback_card.brief(rollback) | {"by": event.by, "checks": rollback.proofs}
    yield _post(rollback.room, "rollback_undone", rollback=values)


def _summary(event: rhythm.SummaryDue, _session: Session) -> Iterable[Say]:
    yield _post(event.room, "daily_summary", **event.summary)


def _missed(event: rhythm.RunsMissed, _session: Session) -> Iterable[Say]:
    runs = [{"name": name, "count": count} for name, count in event.runs]
    yield _post(ALERTS, "missed_runs", down_since=event.down_since, up_at=event.at, runs=runs)


def _check_trouble(event: rhythm.CheckTroubled, _session: Session) -> Iterable[Say]:
    yield _post(ALERTS, "check_trouble", check=event.values)


TABLE: dict[type[Event], Followers] = {
    incidents.IncidentDeclared: _declared,
    incidents.CommandTaken: _command_taken,
    incidents.SeverityChanged: _severity_changed,
    incidents.UpdateGiven: _update_given,
    incidents.StepStarted: _changed,
    incidents.StepFinished: _step_finished,
    incidents.IncidentContained: _changed,
    incidents.IncidentResolved: _resolved,
    incidents.PostmortemWritten: _postmortem,
    incidents.IncidentClosed: _closed,
    incidents.DeadlinePassed: _deadline_passed,
    incidents.RoomFailed: _room_failed,
    alerts.AlertFired: _alert_fired,
    alerts.AlertChanged: _alert_changed,
    alerts.AlertAcknowledged: _alert_changed,
    alerts.AlertSilenced: _alert_changed,
    alerts.AlertResolved: _alert_changed,
    rollbacks.RollbackProposed: _rollback_proposed,
    rollbacks.RollbackApproved: _rollback_moved,
    rollbacks.RollbackRejected: _rollback_moved,
    rollbacks.RollbackApplied: _rollback_moved,
    rollbacks.RollbackVerified: _rollback_proven,
    rollbacks.RollbackUnverified: _rollback_proven,
    rollbacks.RollbackFailed: _rollback_moved,
    rollbacks.UndoRequested: _rollback_moved,
    rollbacks.UndoFailed: _rollback_moved,
    rollbacks.RollbackUndone: _rollback_undone,
    rhythm.SummaryDue: _summary,
    rhythm.RunsMissed: _missed,
    rhythm.CheckTroubled: _check_trouble,
}
