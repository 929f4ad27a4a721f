"""Carrying out a rollback, step by step from rows, so that a restart goes on where it stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ops_core.errors import OpsError
from ops_core.incidents import playbook
from ops_core.incidents.incidents import Incidents
from ops_core.people import TOCSIN
from ops_core.remediation import events, ledger
from ops_core.remediation.action import Applied, Proof
from ops_core.remediation.ledger import AliasMove
from ops_core.remediation.pin_version import PinVersion
from ops_core.remediation.rollback import Rollback, RollbackState, get_rollback
from ops_core.remediation.rollbacks import event
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store, Transaction
from ops_core.world import World

VERIFY_EVERY = timedelta(seconds=1)
VERIFY_WITHIN = timedelta(minutes=2)
"""Fresh traffic that is not enough for the proof by then is said to be so."""


class Runner:
    """Does what was approved. Each method is one task and may be repeated without harm."""

    def __init__(
        self, store: Store, world: World, incidents: Incidents, verify_within: timedelta = VERIFY_WITHIN
    ) -> None:
        self.store = store
        self.world = world
        self.incidents = incidents
        self.verify_within = verify_within

    def apply(self, due: Task) -> None:
        """Move the alias, write it into the ledger, and plan the verification."""
        rollback = self._load(due)
        if rollback.state is not RollbackState.APPLYING:
            return
        try:
            PinVersion(rollback.model, rollback.to_version, rollback.from_version).apply(self.world)
        except OpsError as error:
            self._failed(rollback.number, error)
            return
        with self.store.transaction() as tx:
            rollback = get_rollback(tx.session, rollback.number)
            by = rollback.approved_by or TOCSIN
            rollback.state, rollback.applied_at = RollbackState.VERIFYING, tx.now
            self._move(tx, rollback, rollback.from_version, rollback.to_version, by)
            self._plan_verify(tx, rollback)
            tx.record(event(events.RollbackApplied, rollback, by, tx.now))

    def verify(self, due: Task) -> None:
        """Look everywhere; decide, or look again a little later until the time is up."""
        rollback = self._load(due)
        if rollback.state is not RollbackState.VERIFYING or rollback.applied_at is None:
            return
        proofs = PinVersion(rollback.model, rollback.to_version).verify(
            self.world, since=rollback.applied_at, now=self.store.clock.now(), check=rollback.check
        )
        with self.store.transaction() as tx:
            rollback = get_rollback(tx.session, rollback.number)
            rollback.proofs = [proof.to_json() for proof in proofs]
            tx.session.add(rollback)
            late = rollback.applied_at is not None and tx.now >= rollback.applied_at + self.verify_within
            if late:  # what the registry and the serving side have not shown by now has failed
                proofs = [
                    replace(proof, ok=bool(proof.ok)) if _must_show(proof) else proof for proof in proofs
                ]
                rollback.proofs = [proof.to_json() for proof in proofs]
            if all(proof.ok for proof in proofs):
                self._verified(tx, rollback)
            elif late or any(proof.ok is False for proof in proofs):
                self._unverified(tx, rollback, proofs)
            else:
                self._plan_verify(tx, rollback)

    def undo(self, due: Task) -> None:
        """Return to the version from before."""
        rollback = self._load(due)
        if rollback.state is not RollbackState.UNDOING:
            return
        try:
            PinVersion(rollback.model, rollback.to_version).undo(
                self.world, Applied(rollback.from_version, rollback.to_version)
            )
        except OpsError as error:
            self._not_undone(rollback.number, error)
            return
        back = PinVersion(rollback.model, rollback.from_version)
        now = self.store.clock.now()
        proofs = back.verify(self.world, since=now, now=now, check=None)
        with self.store.transaction() as tx:
            rollback = get_rollback(tx.session, rollback.number)
            by = due.detail.get("by", TOCSIN)
            rollback.state, rollback.finished_at = RollbackState.UNDONE, tx.now
            rollback.proofs = [proof.to_json() for proof in proofs]
            self._move(tx, rollback, rollback.to_version, rollback.from_version, by)
            tx.record(event(events.RollbackUndone, rollback, by, tx.now))

    def _verified(self, tx: Transaction, rollback: Rollback) -> None:
        rollback.state, rollback.finished_at = RollbackState.VERIFIED, tx.now
        took = (tx.now - rollback.requested_at).total_seconds()
        tx.record(event(events.RollbackVerified, rollback, TOCSIN, tx.now, took=took))
        if rollback.incident_id:
            playbook.mark_done(tx.session, rollback.incident_id, "rollback", tx.now, rollback.approved_by)
            how = f"{rollback.model} is back on version {rollback.to_version}, verified"
            self.incidents.contain(tx, rollback.incident_id, how, TOCSIN)

    def _unverified(self, tx: Transaction, rollback: Rollback, proofs: list[Proof]) -> None:
        rollback.state, rollback.finished_at = RollbackState.UNVERIFIED, tx.now
        why = "; ".join(f"{proof.name}: {proof.said}" for proof in proofs if not proof.ok)
        rollback.trouble = why
        tx.record(event(events.RollbackUnverified, rollback, TOCSIN, tx.now, why=why))

    def _failed(self, number: int, error: OpsError) -> None:
        with self.store.transaction() as tx:
            rollback = get_rollback(tx.session, number)
            rollback.state, rollback.finished_at = RollbackState.FAILED, tx.now
            rollback.trouble = error.message
            tx.session.add(rollback)
            tx.record(event(events.RollbackFailed, rollback, TOCSIN, tx.now, why=error.message))

    def _not_undone(self, number: int, error: OpsError) -> None:
        """The rollback stands as it did, and may be undone again."""
        with self.store.transaction() as tx:
            rollback = get_rollback(tx.session, number)
            proven = all(proof["ok"] for proof in rollback.proofs)
            rollback.state = RollbackState.VERIFIED if proven else RollbackState.UNVERIFIED
            rollback.trouble = f"It could not be undone: {error.message}"
            tx.session.add(rollback)
            tx.record(event(events.UndoFailed, rollback, TOCSIN, tx.now, why=error.message))

    def _move(self, tx: Transaction, rollback: Rollback, before: str, after: str, by: str) -> None:
        tx.session.add(rollback)
        ledger.observe(
            tx.session,
            AliasMove(
                model=rollback.model,
                alias=rollback.alias,
                from_version=before,
                to_version=after,
                at=tx.now,
                by=by,
                why=rollback.ref,
            ),
        )

    def _plan_verify(self, tx: Transaction, rollback: Rollback) -> None:
        due_at = tx.now + VERIFY_EVERY
        task.plan(tx.session, Task(kind="rollback.verify", subject=rollback.card, due_at=due_at))

    def _load(self, due: Task) -> Rollback:
        with self.store.read() as session:
            return get_rollback(session, int(due.subject.partition(":")[2]))


def _must_show(proof: Proof) -> bool:
    return proof.name in ("registry", "serving")
