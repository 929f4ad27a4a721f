"""What people do with alerts, and what a run of our own checks says to the intake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ops_core.alerts import events, found, responses
from ops_core.alerts.alert import AlertState
from ops_core.alerts.group import AlertGroup, get_group
from ops_core.alerts.groups import Groups
from ops_core.alerts.intake import Intake
from ops_core.alerts.scope import scope_of
from ops_core.alerts.silence import Silence
from ops_core.alerts.silences import begin
from ops_core.checks.finding import Finding, Verdict
from ops_core.errors import Conflict
from ops_core.people import Role, Roles
from ops_core.remediation import ledger
from ops_core.remediation.ledger import VersionAlarm
from ops_core.store.outbox import Artefact
from ops_core.store.transaction import Store, Transaction


class Alerts:
    """What people call alerts are groups; of one model's own alerts, one group is open at a time."""

    def __init__(self, store: Store, roles: Roles, intake: Intake, groups: Groups) -> None:
        self.store = store
        self.roles = roles
        self.intake = intake
        self.groups = groups

    def receive(
        self,
        model: str,
        findings: Sequence[Finding],
        chart: bytes | None = None,
        judged: found.Judged = lambda _check: True,
    ) -> AlertGroup | None:
        """Take the findings of one run of a model's checks; returns its open group, if there is one.

        `judged` tells which checks had their turn; alerts of the others stay as they are.
        """
        with self.store.transaction() as tx:
            picture = self._picture(tx, model, chart) if chart else None
            heard = found.words_of(tx.session, model, findings, tx.now, picture, judged)
            for finding in findings:
                _remember_version(tx, finding)
        if heard:
            self.intake.take(heard)
        with self.store.read() as session:
            return found.open_group(session, model)

    def acknowledge(self, number: int, by: str) -> AlertGroup:
        """Say that you have seen it. Raises `Conflict` when somebody did, or when it is over."""
        self.roles.require(by, Role.RESPONDER, "acknowledge an alert")
        with self.store.transaction() as tx:
            group = get_group(tx.session, number)
            if group.state is AlertState.RESOLVED:
                raise Conflict(f"{group.ref} has been resolved already; nothing needs acknowledging.")
            if group.acknowledged_by:
                raise Conflict(f"{group.ref} was acknowledged by <@{group.acknowledged_by}> already.")
            group.state = AlertState.ACKNOWLEDGED
            group.acknowledged_by, group.acknowledged_at = by, tx.now
            tx.session.add(group)
            responses.answered(tx.session, group)
            tx.record(events.GroupAcknowledged(by=by, at=tx.now, group=number, in_incident=group.incident_id))
        return group

    def acknowledge_all(self, numbers: Sequence[int], by: str) -> None:
        """The same for several; those of them that need it no more are passed over.

        Raises `NotFound`, and then none is acknowledged, and `Conflict` when none of them needs it.
        """
        with self.store.read() as session:
            for number in numbers:
                get_group(session, number)
        refused: list[Conflict] = []
        for number in numbers:
            try:
                self.acknowledge(number, by)
            except Conflict as error:
                refused.append(error)
        if len(refused) == len(numbers) > 0:
            raise refused[0]

    def silence(self, number: int, until: datetime, by: str, reason: str = "", *, once: str = "") -> Silence:
        """Do not tell of this group's alerts, and of its like, until a time. Raises `Invalid`."""
        self.roles.require(by, Role.RESPONDER, "silence an alert")
        with self.store.transaction(once) as tx:
            group = get_group(tx.session, number)
            silence = begin(tx, scope_of(tx.session, self.groups.rules, group), until, by, reason)
            changed = self.groups.rejudge(tx)
            self.groups.seen(tx, group)
            tx.record(
                events.GroupSilenced(
                    by=by,
                    at=tx.now,
                    group=number,
                    in_incident=group.incident_id,
                    silence=silence.id or 0,
                    until=until,
                    reason=reason,
                )
            )
        self.groups.work(changed - {number})
        return silence

    def scope(self, number: int) -> str:
        """What a silence made from its card would be about, as matchers are written. Raises `NotFound`."""
        with self.store.read() as session:
            return " ".join(map(str, scope_of(session, self.groups.rules, get_group(session, number))))

    def _picture(self, tx: Transaction, model: str, chart: bytes) -> int | None:
        picture = Artefact(name=f"{model}.png", content=chart, made_at=tx.now)
        tx.session.add(picture)
        tx.session.flush()
        return picture.id


def _remember_version(tx: Transaction, finding: Finding) -> None:
    """A version that broke a limit critically is no place to roll back to."""
    if finding.version and finding.verdict is Verdict.CRITICAL:
        alarm = VersionAlarm(model=finding.model, version=finding.version, at=tx.now, why=finding.explanation)
        ledger.raise_alarm(tx.session, alarm)
