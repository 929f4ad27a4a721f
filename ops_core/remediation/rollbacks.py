"""What people do with rollbacks: propose, approve, reject, undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session

from ops_core.alerts.found import open_group
from ops_core.alerts.group import findings
from ops_core.checks.watch import Watched
from ops_core.errors import Conflict, Forbidden, Invalid
from ops_core.incidents import incident
from ops_core.incidents.incident import Phase
from ops_core.people import Role, Roles
from ops_core.registry import ModelVersion, Served, propose_rollback
from ops_core.remediation import events, ledger
from ops_core.remediation.rollback import Rollback, RollbackState, get_rollback, in_progress, proposed_alike
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.severity import Severity
from ops_core.store.transaction import Store, Transaction
from ops_core.world import World

SECOND_PERSON_AT = frozenset({Severity.P0, Severity.P1})
"""Here a rollback needs two people, unless the settings say otherwise."""

SAME_WISH = timedelta(minutes=10)
"""Who asks for the same within this time means the proposal that there is."""

AnyRollbackEvent = TypeVar("AnyRollbackEvent", bound=events.RollbackEvent)


@dataclass(frozen=True)
class Ask:
    """What somebody asks for; without `version` the last good one is meant."""

    model: str | None
    room: str
    version: str | None = None
    incident_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class _Target:
    live: ModelVersion
    version: ModelVersion
    why: list[str]


class Rollbacks:
    """Rollbacks as people see them. `Runner` carries them out."""

    def __init__(
        self,
        store: Store,
        world: World,
        roles: Roles,
        second_person_at: frozenset[Severity] = SECOND_PERSON_AT,
    ) -> None:
        self.store = store
        self.world = world
        self.roles = roles
        self.second_person_at = second_person_at

    def propose(self, ask: Ask, by: str) -> Rollback:
        """Show what a rollback would do. Raises `NotFound` for a model or version that is not there,
        `Invalid` for the version that serves already, `Conflict` while another one runs or when the same
        was just proposed in this room."""
        self.roles.require(by, Role.RESPONDER, "propose a rollback")
        watched = self.world.model(ask.model or self._model_of(ask.incident_id))
        target = self._target(watched, ask)
        with self.store.transaction() as tx:
            self._alone(tx.session, watched.name)
            rollback = self._saved(tx, ask, watched, target, by)
            tx.record(event(events.RollbackProposed, rollback, by, tx.now))
        return rollback

    def approve(self, number: int, by: str) -> Rollback:
        """Agree, as the second person where one is needed, and start it."""
        self.roles.require(by, Role.RESPONDER, "approve a rollback")
        with self.store.transaction() as tx:
            rollback = self._proposed(tx.session, number)
            if rollback.incident_id:
                incident.get_open(tx.session, rollback.incident_id)
            self._second_person(tx.session, rollback, by, "approve it")
            self._alone(tx.session, rollback.model)
            _still_true(tx.session, rollback)
            rollback.approved_by, rollback.state = by, RollbackState.APPLYING
            tx.session.add(rollback)
            self._enter_resolve(tx, rollback.incident_id, by)
            task.plan(tx.session, Task(kind="rollback.apply", subject=rollback.card, due_at=tx.now))
            tx.record(event(events.RollbackApproved, rollback, by, tx.now))
        return rollback

    def reject(self, number: int, by: str) -> Rollback:
        """Say no; nothing was changed."""
        self.roles.require(by, Role.RESPONDER, "reject a rollback")
        with self.store.transaction() as tx:
            rollback = self._proposed(tx.session, number)
            rollback.state, rollback.approved_by, rollback.finished_at = RollbackState.REJECTED, by, tx.now
            tx.session.add(rollback)
            tx.record(event(events.RollbackRejected, rollback, by, tx.now))
        return rollback

    def undo(self, number: int, by: str) -> Rollback:
        """Return to the version from before the rollback."""
        self.roles.require(by, Role.RESPONDER, "undo a rollback")
        with self.store.transaction() as tx:
            rollback = get_rollback(tx.session, number)
            if rollback.state not in (RollbackState.VERIFIED, RollbackState.UNVERIFIED):
                raise Conflict(f"{rollback.ref} is {rollback.state}; there is nothing to undo.")
            self._second_person(tx.session, rollback, by, "undo it")
            self._alone(tx.session, rollback.model)
            rollback.state, rollback.trouble = RollbackState.UNDOING, ""
            tx.session.add(rollback)
            task.plan(
                tx.session,
                Task(kind="rollback.undo", subject=rollback.card, due_at=tx.now, detail={"by": by}),
            )
            tx.record(event(events.UndoRequested, rollback, by, tx.now))
        return rollback

    def _target(self, watched: Watched, ask: Ask) -> _Target:
        live = self.world.registry.live(watched.name, watched.alias)
        if ask.version is not None:
            version = self.world.registry.version(watched.name, ask.version.lstrip("v"))
            if version.version == live.version:
                raise Invalid(
                    f"Version {live.version} of {watched.name} is the one that serves already.",
                    hint="`/model versions` lists the others.",
                    field="version",
                )
            return _Target(live, version, [ask.reason or "It was named in the request."])
        with self.store.read() as session:
            served = _served(session, watched)
        proposal = propose_rollback(live, self.world.registry.versions(watched.name), served)
        why = [*proposal.why, *([ask.reason] if ask.reason else [])]
        return _Target(live, proposal.to_version, why)

    def _saved(self, tx: Transaction, ask: Ask, watched: Watched, target: _Target, by: str) -> Rollback:
        alert = open_group(tx.session, watched.name)
        finding = next(iter(findings(tx.session, alert)), None) if alert else None
        if ask.incident_id:
            incident.get_open(tx.session, ask.incident_id)
        rollback = Rollback(
            model=watched.name,
            alias=watched.alias,
            from_version=target.live.version,
            to_version=target.version.version,
            why=[*target.why, *([f"Live, now: {finding.explanation}."] if finding else [])],
            preview={"from": _shown(target.live), "to": _shown(target.version)},
            check=finding.check if finding else None,
            incident_id=ask.incident_id,
            room=ask.room,
            needs_approval=False,
            requested_by=by,
            requested_at=tx.now,
        )
        _must_be_new(tx, rollback)
        rollback.needs_approval = self._is_serious(tx.session, rollback)
        tx.session.add(rollback)
        tx.session.flush()
        return rollback

    def _second_person(self, session: Session, rollback: Rollback, by: str, to: str) -> None:
        needs_two = rollback.needs_approval or self._is_serious(session, rollback)
        if needs_two and by == rollback.requested_by:
            raise Forbidden(
                f"You proposed this rollback; at this severity somebody else has to {to}.",
                hint="Ask another responder in the channel to press the button.",
            )

    def _is_serious(self, session: Session, rollback: Rollback) -> bool:
        """Whether its incident needs two people, or any that is open about its model."""
        return any(
            one.severity in self.second_person_at
            for one in incident.open_ones(session)
            if one.number == rollback.incident_id or (one.model == rollback.model and not one.resolved_at)
        )

    def _proposed(self, session: Session, number: int) -> Rollback:
        rollback = get_rollback(session, number)
        if rollback.state is not RollbackState.PROPOSED:
            who = f" by <@{rollback.approved_by}>" if rollback.approved_by else ""
            raise Conflict(f"{rollback.ref} was decided already{who}; it is {rollback.state}.")
        return rollback

    def _enter_resolve(self, tx: Transaction, number: int | None, by: str) -> None:
        if number is None:
            return
        one = incident.get(tx.session, number)
        if one.phase in (Phase.NOTIFY, Phase.DIAGNOSE):
            one.phase = Phase.RESOLVE
        incident.join(tx.session, number, by, tx.now)
        tx.session.add(one)

    def _alone(self, session: Session, model: str) -> None:
        busy = in_progress(session, model)
        if busy:
            raise Conflict(
                f"{busy.ref} is moving {model} right now.", hint="Wait for its proof in the channel."
            )

    def _model_of(self, incident_id: int | None) -> str | None:
        if incident_id is None:
            return None
        with self.store.read() as session:
            return incident.get(session, incident_id).model


def event(
    kind: type[AnyRollbackEvent], rollback: Rollback, by: str, at: datetime, **more: Any
) -> AnyRollbackEvent:
    """An event of a rollback, with what all of them carry."""
    return kind(
        by=by,
        at=at,
        rollback=rollback.number,
        in_incident=rollback.incident_id,
        model=rollback.model,
        from_version=rollback.from_version,
        to_version=rollback.to_version,
        **more,
    )


def _must_be_new(tx: Transaction, rollback: Rollback) -> None:
    before = proposed_alike(tx.session, rollback, tx.now - SAME_WISH)
    if before:
        raise Conflict(
            f"{before.ref} proposes the same already.", hint="Its message in the channel has the buttons."
        )


def _still_true(session: Session, rollback: Rollback) -> None:
    last = ledger.last_move(session, rollback.model, rollback.alias)
    if last and last.to_version != rollback.from_version:
        raise Conflict(
            f"{rollback.ref} is out of date: {rollback.model} serves version {last.to_version} by now, "
            f"not {rollback.from_version}.",
            hint="Reject it and propose a new one.",
        )


def _served(session: Session, watched: Watched) -> list[Served]:
    alarmed = ledger.alarmed_versions(session, watched.name)
    return [
        Served(one.to_version, one.at, until, "bad" if one.to_version in alarmed else "good")
        for one, until in ledger.spans(session, watched.name, watched.alias)
    ]


def _shown(version: ModelVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "metrics": dict(version.metrics),
        "created_at": version.created_at.isoformat(),
        "description": version.description,
    }
