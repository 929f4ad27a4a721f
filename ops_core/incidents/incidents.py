"""What people do with incidents: declare, take command, update, resolve, write up, close."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from ops_core.alerts import responses
from ops_core.alerts.group import AlertGroup, active, get_group
from ops_core.errors import Conflict, Invalid
from ops_core.incidents import deadlines, events, incident, playbook, timeline
from ops_core.incidents.declaration import Declaration
from ops_core.incidents.incident import Incident, Phase
from ops_core.incidents.kinds import IncidentType
from ops_core.incidents.timeline import Milestone
from ops_core.people import TOCSIN, Role, Roles
from ops_core.rhythm import task
from ops_core.severity import Severity
from ops_core.store.transaction import Store, Transaction

OnCall = Callable[[str | None, Severity], Sequence[str]]
"""Whom to call for a model at a severity, as Slack user ids."""


class Incidents:
    """The incident walk. Every method takes `by`, the person who acts, and returns the incident.

    What a form asks for takes `once`, the name of its submission, and raises `Repeated` the second time.
    """

    def __init__(
        self,
        store: Store,
        playbooks: Mapping[IncidentType, playbook.Playbook],
        on_call: OnCall,
        roles: Roles,
    ) -> None:
        self.store = store
        self.playbooks = playbooks
        self.on_call = on_call
        self.roles = roles

    def declare(self, declaration: Declaration, by: str, *, once: str = "") -> Incident:
        """Open an incident. Raises `Conflict` when its alert already has one, `Forbidden` for viewers."""
        self.roles.require(by, Role.RESPONDER, "declare an incident")
        with self.store.transaction(once) as tx:
            alert = self._alert_of(tx.session, declaration)
            one = self._saved(tx, declaration, by)
            self._milestones(tx, one, alert)
            playbook.copy_steps(tx.session, one.number, self._playbook(one.type))
            tx.session.add(incident.Responder(incident_id=one.number, person=by, joined_at=tx.now))
            deadlines.plan_first(tx, one)
            called = [*self.on_call(one.model, one.severity), by]
            tx.record(
                events.IncidentDeclared(
                    by=by,
                    at=tx.now,
                    incident=one.number,
                    title=one.title,
                    severity=one.severity,
                    people=tuple(dict.fromkeys(called)),
                    alert=one.alert_group_id,
                )
            )
        return one

    def take_command(self, number: int, by: str, *, only_vacant: bool = False) -> Incident:
        """Become the one who decides. Raises `Conflict` when it is already yours, or closed.

        `only_vacant` takes it from nobody: of two who press the card's button at once, one gets it.
        """
        self.roles.require(by, Role.RESPONDER, "take command")
        with self.store.transaction() as tx:
            one = incident.get_open(tx.session, number)
            if one.commander == by:
                raise Conflict(f"You already command {one.ref}.")
            if only_vacant and one.commander:
                said = f"<@{one.commander}> took command of {one.ref} already."
                raise Conflict(said, hint="`/incident take` takes it over.")
            previous, one.commander = one.commander, by
            incident.join(tx.session, number, by, tx.now)
            self._acknowledge(tx, one)
            tx.record(events.CommandTaken(by=by, at=tx.now, incident=number, previous=previous))
        return one

    def set_severity(self, number: int, severity: Severity, by: str) -> Incident:
        """Say that it is better or worse than thought; the deadlines follow. Raises `Conflict` if it is."""
        self.roles.require(by, Role.RESPONDER, "change the severity")
        with self.store.transaction() as tx:
            one = _unresolved(incident.get_open(tx.session, number))
            if one.severity is severity:
                raise Conflict(f"{one.ref} is already {severity} ({severity.label}).")
            before, one.severity = one.severity, severity
            if one.phase is Phase.NOTIFY:
                deadlines.plan_response(tx, one)
            tx.record(
                events.SeverityChanged(by=by, at=tx.now, incident=number, before=before, after=severity)
            )
        return one

    def update(self, number: int, text: str, by: str, *, once: str = "") -> Incident:
        """Tell everybody where it stands, which also answers the update that was due."""
        self.roles.require(by, Role.RESPONDER, "post an update")
        if not text.strip():
            raise Invalid("The update is empty.", hint="`/incident update <what is new>`.", field="text")
        with self.store.transaction(once) as tx:
            one = incident.get_open(tx.session, number)
            incident.join(tx.session, number, by, tx.now)
            if not one.resolved_at:
                deadlines.plan_update(tx, one)
            tx.record(events.UpdateGiven(by=by, at=tx.now, incident=number, text=text.strip()))
        return one

    def say_contained(self, number: int, how: str, by: str) -> Incident:
        """A person says that the damage has stopped. Raises `Conflict` when that was said before."""
        self.roles.require(by, Role.RESPONDER, "work on an incident")
        with self.store.transaction() as tx:
            one = incident.get_open(tx.session, number)
            if Milestone.CONTAINED in timeline.milestones(tx.session, number):
                raise Conflict(f"{one.ref} was contained already.")
            incident.join(tx.session, number, by, tx.now)
            self._acknowledge(tx, one)
            self.contain(tx, number, how.strip() or "the damage has stopped", by)
        return one

    def contain(self, tx: Transaction, number: int, how: str, by: str) -> None:
        """Note, within a transaction, that the damage has stopped; only the first time counts."""
        one = incident.get(tx.session, number)
        if one.resolved_at or not timeline.reach(tx.session, number, Milestone.CONTAINED, tx.now):
            return
        one.phase = Phase.RESOLVE
        tx.session.add(one)
        tx.record(events.IncidentContained(by=by, at=tx.now, incident=number, how=how))

    def resolve(
        self, number: int, by: str, *, root_cause: str = "", resolution: str = "", once: str = ""
    ) -> Incident:
        """Say that it is over. Raises `Conflict` when somebody said so before."""
        self.roles.require(by, Role.RESPONDER, "resolve an incident")
        with self.store.transaction(once) as tx:
            one = _unresolved(incident.get_open(tx.session, number))
            one.resolved_at, one.phase = tx.now, Phase.DOCUMENT
            one.root_cause, one.resolution = root_cause.strip(), resolution.strip()
            self._acknowledge(tx, one)
            for reached in (Milestone.CONTAINED, Milestone.RESOLVED):
                timeline.reach(tx.session, number, reached, tx.now)
            deadlines.plan_postmortem(tx, one)
            tx.record(
                events.IncidentResolved(
                    by=by,
                    at=tx.now,
                    incident=number,
                    root_cause=one.root_cause,
                    resolution=one.resolution,
                )
            )
        return one

    def must_be_unresolved(self, number: int) -> None:
        """Raise `Conflict` now rather than after somebody filled in a form."""
        with self.store.read() as session:
            _unresolved(incident.get_open(session, number))

    def must_be_undeclared(self, alert_id: int) -> None:
        """Raise `Conflict` when an alert has its incident already."""
        with self.store.read() as session:
            _undeclared(session, get_group(session, alert_id))

    def write_postmortem(self, number: int, by: str) -> Incident:
        """Put the account, as recorded so far, into the channel. It may be written again later."""
        self.roles.require(by, Role.RESPONDER, "write the post-mortem")
        with self.store.transaction() as tx:
            one = incident.get(tx.session, number)
            if not one.resolved_at:
                raise Conflict(
                    f"{one.ref} is not resolved yet.", hint="`/incident resolve` first; then write it up."
                )
            task.cancel(tx.session, one.room, deadlines.POSTMORTEM)
            one.postmortem_at = one.postmortem_at or tx.now
            tx.session.add(one)
            tx.record(events.PostmortemWritten(by=by, at=tx.now, incident=number))
        return one

    def close(self, number: int, by: str) -> Incident:
        """Nothing is left to do. Raises `Conflict` unless it is resolved, or when it is closed."""
        self.roles.require(by, Role.RESPONDER, "close an incident")
        with self.store.transaction() as tx:
            one = incident.get_open(tx.session, number)
            if not one.resolved_at:
                raise Conflict(f"{one.ref} is not resolved yet.", hint="`/incident resolve` comes first.")
            one.closed_at = tx.now
            timeline.reach(tx.session, number, Milestone.CLOSED, tx.now)
            task.cancel(tx.session, one.room)
            tx.record(events.IncidentClosed(by=by, at=tx.now, incident=number))
        return one

    def remind(self, due: task.Task) -> None:
        """A deadline passed; say so, and plan the next update if that was what was due."""
        number = int(due.subject.partition(":")[2])
        with self.store.transaction() as tx:
            one = incident.get(tx.session, number)
            if not task.finish(tx.session, due):
                return
            tx.record(
                events.DeadlinePassed(
                    by=TOCSIN,
                    at=tx.now,
                    incident=number,
                    label=due.label,
                    due_at=due.due_at,
                    kind=due.kind,
                    who=self._awaited(tx.session, one),
                )
            )
            if due.kind == deadlines.UPDATE and not one.resolved_at:
                deadlines.plan_update(tx, one)

    def warn(self, due: task.Task) -> None:
        """The time to respond is nearly over; when it is over by now, the reminder says so instead."""
        number = int(due.subject.partition(":")[2])
        with self.store.transaction() as tx:
            one = incident.get(tx.session, number)
            ends_at = deadlines.response_due(one)
            if not task.finish(tx.session, due) or tx.now >= ends_at:
                return
            who = self._awaited(tx.session, one)
            tx.record(events.DeadlineNear(by=TOCSIN, at=tx.now, incident=number, due_at=ends_at, who=who))

    def _awaited(self, session: Session, one: Incident) -> tuple[str, ...]:
        """Whom a reminder pings: the commander, else those on call and whoever joined."""
        if one.commander:
            return (one.commander,)
        joined = incident.responders(session, one.number)
        return tuple(dict.fromkeys([*self.on_call(one.model, one.severity), *joined]))

    def _alert_of(self, session: Session, declaration: Declaration) -> AlertGroup | None:
        if declaration.alert_group_id is None:
            ringing = active(session, declaration.model) if declaration.model else []
            return next((alert for alert in ringing if alert.incident_id is None), None)
        return _undeclared(session, get_group(session, declaration.alert_group_id))

    def _saved(self, tx: Transaction, declaration: Declaration, by: str) -> Incident:
        one = Incident(
            title=" ".join(declaration.title.split()),
            type=declaration.type,
            severity=declaration.severity,
            model=declaration.model,
            version=declaration.version,
            impact=declaration.impact.strip(),
            opened_by=by,
            opened_at=tx.now,
            alert_group_id=declaration.alert_group_id,
        )
        tx.session.add(one)
        tx.session.flush()
        return one

    def _milestones(self, tx: Transaction, one: Incident, alert: AlertGroup | None) -> None:
        def reached(name: Milestone, at: datetime) -> None:
            tx.session.add(timeline.MilestoneReached(incident_id=one.number, name=name, at=at))

        if alert is None:
            reached(Milestone.DETECTED, tx.now)
            return
        alert.incident_id, one.alert_group_id = one.number, alert.number
        responses.answered(tx.session, alert)
        tx.session.add(alert)
        one.version = one.version or alert.version
        reached(Milestone.ONSET, min(alert.since, alert.fired_at))
        reached(Milestone.DETECTED, alert.fired_at)
        timeline.look_back(tx.session, one.number, alert)
        if alert.acknowledged_at:
            reached(Milestone.ACKNOWLEDGED, alert.acknowledged_at)

    def _playbook(self, kind: IncidentType) -> playbook.Playbook:
        return self.playbooks.get(kind) or playbook.Playbook(kind, kind.label, ())

    def _acknowledge(self, tx: Transaction, one: Incident) -> None:
        if one.phase is Phase.NOTIFY:
            one.phase = Phase.DIAGNOSE
        timeline.reach(tx.session, one.number, Milestone.ACKNOWLEDGED, tx.now)
        deadlines.answered(tx, one)
        tx.session.add(one)


def _unresolved(one: Incident) -> Incident:
    if one.resolved_at:
        raise Conflict(f"{one.ref} was resolved already, at {one.resolved_at:%H:%M} UTC.")
    return one


def _undeclared(session: Session, alert: AlertGroup) -> AlertGroup:
    if not incident.is_over(session, alert.incident_id):
        raise Conflict(
            f"INC-{alert.incident_id} was already declared from {alert.ref}.",
            hint="Join its channel; the alert's card links it.",
        )
    return alert
