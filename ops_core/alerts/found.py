"""Our own checks' findings as alerts: what a run of a model's checks says to the intake."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, select

from ops_core.alerts.alert import OURS, Alert, firing_in
from ops_core.alerts.group import AlertGroup, is_open
from ops_core.alerts.heard import Heard
from ops_core.checks.finding import Finding, Verdict
from ops_core.severity import Severity

Judged = Callable[[str], bool]
"""Whether a check, by its name, had its turn in a run."""

QUIET_RUNS = 2
"""An alert is over after this many runs in a row in which its check was satisfied."""


def labels_of(finding: Finding) -> dict[str, str]:
    """What makes it this alert: check, model and the part of the model that it is about."""
    labels = {"alertname": finding.check, "model": finding.model}
    return labels if finding.subject is None else labels | {"subject": finding.subject}


def severity_of(finding: Finding) -> Severity:
    """A critical finding is high, a warning medium (seed 004, "Severity Levels")."""
    return Severity.P1 if finding.verdict is Verdict.CRITICAL else Severity.P2


def by_prominence(findings: Sequence[Finding]) -> list[Finding]:
    """The alarming findings, the one that a card leads with first."""
    return sorted((one for one in findings if one.verdict.is_alarming), key=_prominence)


def _prominence(finding: Finding) -> tuple[int, int, str]:
    """What the model does before what it is fed, critical before warning, F1 first (seed 004)."""
    kind = 0 if finding.check.startswith(("performance.", "service.")) else 1
    return (kind, -finding.verdict.rank, "" if finding.signal == "f1" else finding.check)


def open_group(session: Session, model: str) -> AlertGroup | None:
    """The group of a model's own alerts, if it is open."""
    query = select(AlertGroup).where(AlertGroup.model == model, AlertGroup.source == OURS, is_open())
    return session.exec(query).first()


def words_of(
    session: Session,
    model: str,
    findings: Sequence[Finding],
    now: datetime,
    chart_id: int | None,
    judged: Judged = lambda _check: True,
) -> list[Heard]:
    """What a run says: what alarms fires, and what was satisfied often enough is over.

    `no_evidence` and `no_data` neither raise nor end: they are no grounds for either. An alert whose check
    is gone ends when everything that is left is satisfied; one that was not to be `judged` in this run stays
    as it is. Counts the quiet runs on the alerts' rows.
    """
    group = open_group(session, model)
    firing = firing_in(session, [group.number]) if group else []
    said = {Heard(OURS, labels_of(one), {}, now).fingerprint: one for one in findings}
    ended = [alert for alert in firing if judged(alert.name) and _is_over(session, alert, said)]
    alarming = by_prominence(findings)
    fire = [_fire(one, chart_id if at == 0 else None) for at, one in enumerate(alarming)]
    return fire + [_end(alert, now) for alert in ended]


def _is_over(session: Session, alert: Alert, said: Mapping[str, Finding]) -> bool:
    """Count a quiet run, or begin again."""
    mine = said.get(alert.fingerprint)
    asked = [mine] if mine else list(said.values())
    if mine and mine.verdict.is_alarming:
        alert.quiet_runs = 0
    elif asked and all(one.verdict is Verdict.OK for one in asked):
        alert.quiet_runs += 1
    session.add(alert)
    return alert.quiet_runs >= QUIET_RUNS


def _fire(finding: Finding, chart_id: int | None) -> Heard:
    plain = finding.to_json() | ({"chart_id": chart_id} if chart_id else {})
    since = finding.since or finding.window_end
    return Heard(OURS, labels_of(finding), {}, since, severity=severity_of(finding), finding=plain)


def _end(alert: Alert, now: datetime) -> Heard:
    return Heard(OURS, alert.labels, {}, alert.starts_at, ends_at=now, finding=alert.finding)
