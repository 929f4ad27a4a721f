"""What the incident's messages show, as plain values read from its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_core.incidents import incident, playbook, timeline
from ops_core.incidents.incident import Incident, Phase
from ops_core.incidents.playbook import IncidentStep, StepKind, StepState
from ops_core.rhythm import task
from ops_core.severity import Severity
from ops_core.store import outbox


def incident_card(session: Session, one: Incident, now: datetime) -> dict[str, Any]:
    """The values of the one card."""
    end = one.closed_at or one.resolved_at or now
    return brief(session, one) | {
        "phases": phases(one),
        "commander": one.commander,
        "opened_at": one.opened_at,
        "opened_by": one.opened_by,
        "resolved_at": one.resolved_at,
        "closed_at": one.closed_at,
        "elapsed": end - one.opened_at,
        "next_deadline": next_deadline(session, one, now),
        "next_step": next_step(session, one),
        "responders": incident.responders(session, one.number),
        "alert_ref": f"A-{one.alert_group_id}" if one.alert_group_id else None,
    }


def brief(session: Session, one: Incident) -> dict[str, Any]:
    """What every message about an incident may need."""
    return {
        "id": one.number,
        "ref": one.ref,
        "title": one.title,
        "severity": severity(one.severity),
        "phase": one.phase.value,
        "type": one.type.label,
        "model": one.model,
        "version": one.version,
        "impact": one.impact,
        "status": one.status,
        "opened_by": one.opened_by,
        "opened_at": one.opened_at,
        "commander": one.commander,
        "channel": outbox.channel_of(session, one.room),
    }


def checklist(session: Session, one: Incident, title: str) -> dict[str, Any]:
    """The values of the playbook's message."""
    return {
        "incident": {"ref": one.ref},
        "playbook": {"title": title},
        "steps": [_step(step) for step in playbook.steps_of(session, one.number)],
    }


def severity(of: Severity) -> dict[str, str]:
    """A severity as templates want it."""
    return {"code": of.value, "label": of.label}


def phases(one: Incident) -> list[dict[str, str]]:
    """The walk, with what is done, where we are, and what is ahead."""
    order = list(Phase)
    here = len(order) if one.closed_at else order.index(one.phase)
    states = ["done" if at < here else "now" if at == here else "ahead" for at in range(len(order))]
    return [{"name": phase.value, "state": state} for phase, state in zip(order, states, strict=True)]


def next_deadline(session: Session, one: Incident, now: datetime) -> dict[str, Any] | None:
    """The soonest thing that is due, if anything is."""
    coming = [due for due in task.waiting(session, one.room) if due.label]
    if not coming:
        return None
    return {"label": coming[0].label, "at": coming[0].due_at, "overdue": coming[0].due_at <= now}


def next_step(session: Session, one: Incident) -> dict[str, Any] | None:
    """The button that somebody should most likely press now."""
    if one.closed_at:
        return None
    if one.resolved_at:
        written = one.postmortem_at is not None
        return (
            _button("Close", "incident.close", one)
            if written
            else _button("Write post-mortem", "incident.postmortem", one)
        )
    if one.phase is Phase.NOTIFY:
        return _button("Take command", "incident.take_command", one)
    if one.phase is Phase.DIAGNOSE:
        return _next_diagnosis(session, one)
    contained = timeline.Milestone.CONTAINED in timeline.milestones(session, one.number)
    return _button("Resolve …", "incident.resolve", one) if contained or not one.model else None


def _next_diagnosis(session: Session, one: Incident) -> dict[str, Any]:
    for step in playbook.steps_of(session, one.number):
        if step.state is not StepState.OPEN or step.phase is Phase.DOCUMENT:
            continue
        if step.kind is not StepKind.ACTION:
            run = step.kind is StepKind.DIAGNOSTIC
            label = f"{'Run' if run else 'Done'}: {step.title}"
            button = _button(_short(label), "step.run" if run else "step.tick", one)
            return button | {"value": str(step.number)}
        if one.model:
            return _button("Roll back …", "rollback.request", one)
    return _button("Resolve …", "incident.resolve", one)


def _button(label: str, button_id: str, one: Incident) -> dict[str, Any]:
    return {"label": label, "button_id": button_id, "value": str(one.number), "style": "primary"}


def _short(label: str) -> str:
    return label if len(label) <= 60 else label[:59].rstrip() + "…"


def _step(step: IncidentStep) -> dict[str, Any]:
    return {
        "position": step.position,
        "title": step.title,
        "kind": step.kind.value,
        "state": step.state.value,
        "done_by": step.done_by if step.state is not StepState.RUNNING else None,
        "done_at": step.done_at,
        "evidence": step.evidence,
        "value": str(step.number),
        "button_id": "step.run" if step.kind is StepKind.ACTION else None,
        "button": "Propose …",
    }
