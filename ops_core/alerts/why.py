"""Why people were told of an alert, or not: every stage of the pipeline has left its reason on the rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_core.alerts.alert import Alert, AlertState, Reason, sum_of, worst_of
from ops_core.alerts.group import AlertGroup, Outcome, as_values
from ops_core.alerts.silence import Silence

FEW = 8
OUTCOMES = {
    Outcome.WAITING: "nothing was said yet",
    Outcome.TOLD: "it has a card",
    Outcome.DIGESTED: "it stands in a storm's digest, because many alerts began within a minute",
    Outcome.HUSHED: "nothing was said: each of its alerts has a reason not to be told",
    Outcome.FLAPPING: "it came back so often that its card stays open until it has been quiet for a while",
}
REASONS = {
    Reason.TOLD: "told",
    Reason.INHIBITED: "not told, because",
    Reason.SILENCED: "not told, silenced by",
    Reason.QUIET_HOURS: "waits for the end of the quiet hours",
    Reason.MAINTENANCE: "not told during maintenance:",
    Reason.NEVER_FIRED: "not told:",
}


def why(session: Session, group: AlertGroup, now: datetime) -> dict[str, Any]:
    """The values of the answer."""
    many = sum_of(session, group.number).many
    by_reason: dict[Reason, int] = {}
    for (_, reason), count in many.items():
        by_reason[reason] = by_reason.get(reason, 0) + count
    return as_values(group) | {
        "source": group.source,
        "state": group.state.value,
        "outcome": OUTCOMES[group.outcome],
        "told_at": group.told_at,
        "labels": [{"name": name, "value": value} for name, value in sorted(group.labels.items())],
        "rooms": list(group.rooms),
        "who": list(group.people),
        "policies": list(group.policies),
        "reasons": [{"reason": reason.value, "count": count} for reason, count in sorted(by_reason.items())],
        "alerts": [_alert(one, now) for one in worst_of(session, group.number, None, FEW)],
        "more": max(sum(many.values()) - FEW, 0),
    }


def _alert(one: Alert, now: datetime) -> dict[str, Any]:
    over_by_now = one.reason is not Reason.TOLD and not one.is_hushed(now)
    reason = Reason.TOLD if over_by_now else one.reason
    labels = ", ".join(f"{name}={value}" for name, value in sorted(one.labels.items()))
    return {
        "name": one.name,
        "labels": labels if len(labels) <= 300 else f"{labels[:299]}…",
        "state": "firing" if one.state is AlertState.FIRING else "resolved",
        "since": one.starts_at,
        "heard_at": one.heard_at,
        "last_heard_at": one.last_heard_at,
        "reason": f"{REASONS[reason]} {one.reason_detail if reason is one.reason else ''}".strip(),
        "until": one.hushed_until if reason is one.reason else None,
        "remark": one.remark or None,
    }


def silence_values(silence: Silence, hushed: int) -> dict[str, Any]:
    """A silence as lists and answers show it."""
    return {
        "id": silence.id,
        "ref": silence.ref,
        "scope": silence.scope,
        "until": silence.ends_at,
        "by": silence.by,
        "reason": silence.reason or None,
        "hushed": hushed,
        "up_to": up_to(silence),
    }


def up_to(silence: Silence) -> str | None:
    """The gravest severity that it hushes, where graver ones ring; None when it leaves none out."""
    for one in silence.conditions:
        worst = one.value.partition("|")[0]
        if one.name == "severity" and not one.op.startswith("!") and worst in ("P1", "P2", "P3"):
            return worst
    return None
