"""Turning findings into alerts, and what people do with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ops_core.alerts import events
from ops_core.alerts.alert import Alert, AlertState, Silence, active, get_alert, silence_of
from ops_core.checks.finding import Finding, Verdict, signal_label
from ops_core.errors import Conflict, Invalid
from ops_core.people import TOCSIN, Role, Roles
from ops_core.remediation import ledger
from ops_core.remediation.ledger import VersionAlarm
from ops_core.severity import Severity
from ops_core.store.outbox import Artefact
from ops_core.store.transaction import Store, Transaction

QUIET_RUNS = 2
"""An alert is resolved after this many runs in a row without an alarming finding."""
LONGEST_SILENCE = timedelta(days=30)


class Alerts:
    """Alerts of our own checks. One model has at most one that is not resolved."""

    def __init__(self, store: Store, roles: Roles) -> None:
        self.store = store
        self.roles = roles

    def receive(self, model: str, findings: Sequence[Finding], chart: bytes | None = None) -> Alert | None:
        """Take the findings of one run of a model's checks; returns its alert, if one is active.

        `no_evidence` and `no_data` neither raise nor resolve: they are no grounds for either. It is over
        when everything that it rang for is `ok` again.
        """
        alarming = by_prominence(findings)
        with self.store.transaction() as tx:
            alert = next(iter(active(tx.session, model)), None)
            if alarming:
                return self._fire(tx, alert, model, alarming, chart)
            if alert and _is_well(alert, findings):
                self._quieten(tx, alert)
            return alert

    def acknowledge(self, number: int, by: str) -> Alert:
        """Say that you have seen it. Raises `Conflict` when somebody did, or when it is over."""
        self.roles.require(by, Role.RESPONDER, "acknowledge an alert")
        with self.store.transaction() as tx:
            alert = get_alert(tx.session, number)
            if alert.state is AlertState.RESOLVED:
                raise Conflict(f"{alert.ref} has been resolved already; nothing needs acknowledging.")
            if alert.acknowledged_by:
                raise Conflict(f"{alert.ref} was acknowledged by <@{alert.acknowledged_by}> already.")
            alert.state = AlertState.ACKNOWLEDGED
            alert.acknowledged_by, alert.acknowledged_at = by, tx.now
            tx.session.add(alert)
            tx.record(events.AlertAcknowledged(by=by, at=tx.now, alert=number, in_incident=alert.incident_id))
        return alert

    def silence(self, number: int, until: datetime, by: str, reason: str = "", *, once: str = "") -> Silence:
        """Do not tell about this alert's model until a time. Raises `Invalid` for a time that cannot be."""
        self.roles.require(by, Role.RESPONDER, "silence an alert")
        with self.store.transaction(once) as tx:
            alert = get_alert(tx.session, number)
            if not tx.now < until <= tx.now + LONGEST_SILENCE:
                raise Invalid(
                    f"A silence until {until:%Y-%m-%d %H:%M} UTC cannot be.",
                    hint="Choose a time from now to 30 days ahead.",
                    field="until",
                )
            silence = Silence(model=alert.model, starts_at=tx.now, ends_at=until, by=by, reason=reason)
            tx.session.add(silence)
            alert.told = False  # the first run after the silence tells it again
            tx.record(
                events.AlertSilenced(
                    by=by,
                    at=tx.now,
                    alert=number,
                    in_incident=alert.incident_id,
                    until=until,
                    reason=reason,
                )
            )
        return silence

    def _fire(
        self, tx: Transaction, alert: Alert | None, model: str, findings: list[Finding], chart: bytes | None
    ) -> Alert:
        if alert is None:
            return self._open(tx, model, findings, chart)
        before = _shape(alert)
        alert.quiet_runs = 0
        alert.findings = [one.to_json() for one in findings]
        alert.severity = min(alert.severity, _severity(findings))
        alert.title, alert.version = _title(model, findings), findings[0].version
        self._picture(tx, alert, chart)
        self._remember_version(tx, alert)
        tx.session.add(alert)
        self._remember_version(tx, alert)
        if not alert.told:
            self._tell(tx, alert)
        elif _shape(alert) != before:
            tx.record(events.AlertChanged(by=TOCSIN, at=tx.now, alert=alert.number))
        return alert

    def _open(self, tx: Transaction, model: str, findings: list[Finding], chart: bytes | None) -> Alert:
        alert = Alert(
            model=model,
            version=findings[0].version,
            title=_title(model, findings),
            severity=_severity(findings),
            since=min((one.since or one.window_end for one in findings), default=tx.now),
            fired_at=tx.now,
            findings=[one.to_json() for one in findings],
        )
        self._picture(tx, alert, chart)
        tx.session.add(alert)
        tx.session.flush()
        self._remember_version(tx, alert)
        self._tell(tx, alert)
        return alert

    def _picture(self, tx: Transaction, alert: Alert, chart: bytes | None) -> None:
        if chart:
            picture = Artefact(name=f"{alert.model}.png", content=chart, made_at=tx.now)
            tx.session.add(picture)
            tx.session.flush()
            alert.chart_id = picture.id

    def _tell(self, tx: Transaction, alert: Alert) -> None:
        """Say that it fires, unless a silence holds; the first run after the silence says it then."""
        if silence_of(tx.session, alert.model, tx.now):
            return
        alert.told = True
        tx.session.add(alert)
        tx.record(events.AlertFired(by=TOCSIN, at=tx.now, alert=alert.number, title=alert.title))

    def _remember_version(self, tx: Transaction, alert: Alert) -> None:
        """A version that broke a limit critically is no place to roll back to."""
        if alert.version and alert.severity is Severity.P1:
            alarm = VersionAlarm(
                model=alert.model, version=alert.version, at=tx.now, why=alert.headline.explanation
            )
            ledger.raise_alarm(tx.session, alarm)

    def _quieten(self, tx: Transaction, alert: Alert) -> None:
        alert.quiet_runs += 1
        tx.session.add(alert)
        if alert.quiet_runs < QUIET_RUNS:
            return
        alert.state, alert.resolved_at = AlertState.RESOLVED, tx.now
        tx.record(
            events.AlertResolved(by=TOCSIN, at=tx.now, alert=alert.number, in_incident=alert.incident_id)
        )


def by_prominence(findings: Sequence[Finding]) -> list[Finding]:
    """The alarming findings, the one that a card leads with first."""
    return sorted((one for one in findings if one.verdict.is_alarming), key=_prominence)


def _is_well(alert: Alert, findings: Sequence[Finding]) -> bool:
    rang = {Finding.from_json(one).fingerprint for one in alert.findings}
    asked = [one for one in findings if one.fingerprint in rang] or findings
    return bool(asked) and all(one.verdict is Verdict.OK for one in asked)


def _prominence(finding: Finding) -> tuple[int, int, str]:
    """What the model does before what it is fed, critical before warning, F1 first (seed 004)."""
    kind = 0 if finding.check.startswith(("performance.", "service.")) else 1
    return (kind, -finding.verdict.rank, "" if finding.signal == "f1" else finding.check)


def _severity(findings: Sequence[Finding]) -> Severity:
    """A critical finding is high, a warning medium (seed 004, "Severity Levels")."""
    critical = any(one.verdict is Verdict.CRITICAL for one in findings)
    return Severity.P1 if critical else Severity.P2


def _title(model: str, findings: Sequence[Finding]) -> str:
    first = findings[0]
    of = "" if first.subject is None else f" of {first.subject}"
    return f"{model}: {signal_label(first)}{of} is {first.verdict}"


def _shape(alert: Alert) -> tuple[object, ...]:
    """What a person would call a change: other findings or another weight, not another digit."""
    found = sorted((one["check"], one.get("subject") or "", one["verdict"]) for one in alert.findings)
    return (alert.severity, alert.version, *found)
