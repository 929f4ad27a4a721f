"""Working through the playbook: ticking manual steps and running diagnostic ones."""

from __future__ import annotations

from typing import Any

from ops_core.errors import Conflict, Invalid
from ops_core.incidents import events, incident, playbook
from ops_core.incidents.playbook import IncidentStep, StepKind, StepState
from ops_core.people import Role, Roles
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store, Transaction


class Steps:
    """The playbook's checklist of an incident."""

    def __init__(self, store: Store, roles: Roles) -> None:
        self.store = store
        self.roles = roles

    def get(self, step_id: int) -> IncidentStep:
        """One step. Raises `NotFound`."""
        with self.store.read() as session:
            return playbook.get_step(session, step_id)

    def tick(self, step_id: int, by: str) -> IncidentStep:
        """A person did a manual step. Raises `Conflict` when somebody did it before."""
        self.roles.require(by, Role.RESPONDER, "work on an incident")
        with self.store.transaction() as tx:
            step = self._free(tx, step_id)
            if step.kind is not StepKind.MANUAL:
                raise Invalid(f"“{step.title}” is not ticked, it is run.", hint="Press its Run button.")
            self._done(tx, step, by, ok=True, evidence="")
        return step

    def start(self, step_id: int, by: str) -> IncidentStep:
        """Queue a diagnostic; its evidence follows. Raises `Conflict` while it runs."""
        self.roles.require(by, Role.RESPONDER, "run diagnostics")
        with self.store.transaction() as tx:
            step = self._free(tx, step_id, again=True)
            if step.kind is not StepKind.DIAGNOSTIC:
                raise Invalid(f"“{step.title}” is not a diagnostic.", hint="Follow what its line says.")
            step.state, step.done_by = StepState.RUNNING, by
            incident.join(tx.session, step.incident_id, by, tx.now)
            tx.session.add(step)
            task.plan(tx.session, Task(kind="step.run", subject=f"step:{step_id}", due_at=tx.now))
            tx.record(
                events.StepStarted(
                    by=by, at=tx.now, incident=step.incident_id, step=step_id, title=step.title
                )
            )
        return step

    def finish(self, step_id: int, *, ok: bool, evidence: str, report: dict[str, Any]) -> None:
        """A diagnostic ended: `evidence` is its one line, `report` the plain values of its message."""
        with self.store.transaction() as tx:
            step = playbook.get_step(tx.session, step_id)
            if step.state is not StepState.RUNNING:
                return
            step.report = report
            self._done(tx, step, step.done_by or "", ok=ok, evidence=evidence)

    def _free(self, tx: Transaction, step_id: int, *, again: bool = False) -> IncidentStep:
        step = playbook.get_step(tx.session, step_id)
        incident.get_open(tx.session, step.incident_id)
        if step.state is StepState.RUNNING:
            raise Conflict(f"“{step.title}” is running.", hint="Its evidence comes in the thread.")
        if step.state is StepState.DONE and not again:
            raise Conflict(f"“{step.title}” was done by <@{step.done_by}> already.")
        return step

    def _done(self, tx: Transaction, step: IncidentStep, by: str, *, ok: bool, evidence: str) -> None:
        step.state = StepState.DONE if ok else StepState.FAILED
        step.done_by, step.done_at, step.evidence = by, tx.now, evidence
        incident.join(tx.session, step.incident_id, by, tx.now)
        tx.session.add(step)
        tx.record(
            events.StepFinished(
                by=by,
                at=tx.now,
                incident=step.incident_id,
                step=step.number,
                title=step.title,
                ok=ok,
                evidence=evidence,
                report=step.report or None,
            )
        )
