"""Seventh stage: what a group amounts to, from its alerts."""

from __future__ import annotations

import hashlib
import json

from ops_core.alerts.alert import Alert, AlertState, Reason, sum_of, worst_of
from ops_core.alerts.group import AlertGroup
from ops_core.alerts.telling import Telling
from ops_core.checks.finding import Finding, signal_label

FEW = 5
"""The alerts of a group that its shape looks at one by one."""
LONGEST_TITLE = 140
FIRES_AND_IS_TOLD = " True True"
"""What follows the severity in the shape of a digest's line, while something fires and is told."""


def weigh(telling: Telling) -> None:
    """Count its alerts, and take title and version from the one that leads.

    Its severity is that of the worst alert that fires and is told; while none is, it stays what it was.
    """
    session, group = telling.tx.session, telling.group
    found = sum_of(session, group.number)
    firing = {reason: many for (state, reason), many in found.many.items() if state is AlertState.FIRING}
    telling.firing = sum(firing.values())
    telling.audible = firing.get(Reason.TOLD, 0)
    telling.heard_firing = any(reason is Reason.TOLD for _, reason in found.many)
    if telling.firing and group.resolved_at is not None:
        telling.returned, group.resolved_at = True, None
    before, group.severity = group.severity, found.severity or group.severity
    telling.rose, telling.fell = group.severity < before, group.severity > before
    if group.title and group.digest_id is not None and shape_in_digest(telling) == group.shape:
        telling.before = group.shape  # in a storm most groups only grow, of which their line says nothing
        return
    few = worst_of(session, group.number, AlertState.FIRING, FEW)
    if few:
        _take_from(group, few[0])
    telling.lead = few[0] if few else next(iter(worst_of(session, group.number, None, 1)), None)
    if not group.title and telling.lead:
        group.title = title(group, telling.lead)
    telling.before, group.shape = group.shape, _shape(telling, few, firing)


def _take_from(group: AlertGroup, first: Alert) -> None:
    group.title = title(group, first)
    if first.finding:
        group.version = first.finding.get("version")
        group.chart_id = first.finding.get("chart_id") or group.chart_id


def title(group: AlertGroup, first: Alert) -> str:
    """One line: our own finding in our words, somebody else's in theirs."""
    if first.finding:
        finding = Finding.from_json(first.finding)
        of = "" if finding.subject is None else f" of {finding.subject}"
        return f"{finding.model}: {signal_label(finding)}{of} is {finding.verdict}"
    about = group.labels.get("model") or group.labels.get("service") or ""
    said = " ".join((first.summary or first.name).split())
    whole = said if not about or about in said else f"{about}: {said}"
    return whole if len(whole) <= LONGEST_TITLE else f"{whole[: LONGEST_TITLE - 1]}…"


def shape_in_digest(telling: Telling) -> str:
    """What people would call a change of one line: how bad it is, and whether it fires and is told."""
    return f"{telling.group.severity} {telling.firing > 0} {telling.audible > 0}"


def _shape(telling: Telling, few: list[Alert], firing: dict[Reason, int]) -> str:
    """What people would call a change."""
    group = telling.group
    if group.digest_id is not None:
        return shape_in_digest(telling)
    counted = sorted((reason.value, many) for reason, many in firing.items())
    led = [(one.fingerprint, one.shape, one.reason.value) for one in few]
    told = json.dumps([group.severity.value, group.version, counted, sorted(led)])
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
