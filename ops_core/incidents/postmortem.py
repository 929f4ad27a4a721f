"""The post-mortem's values: what was recorded, and None for what was not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_core.alerts.group import findings, get_group
from ops_core.incidents import card, incident, timeline
from ops_core.incidents.incident import Incident
from ops_core.remediation import rollback as rollbacks
from ops_core.remediation.card import brief
from ops_core.remediation.rollback import Rollback, RollbackState

_VERDICTS = {RollbackState.VERIFIED: "verified", RollbackState.UNVERIFIED: "not verified"}


def values(session: Session, one: Incident, now: datetime) -> dict[str, Any]:
    """All that the template of seed 004 asks for and that the rows can answer."""
    reached = timeline.milestones(session, one.number)
    done = [row for row in rollbacks.of_incident(session, one.number) if row.applied_at]
    return {
        "incident": card.brief(session, one)
        | {
            "resolved_at": one.resolved_at,
            "elapsed": (one.resolved_at or now) - one.opened_at,
            "root_cause": one.root_cause or None,
            "fix": one.resolution or None,
        },
        "timeline": [
            {"at": entry.at, "actor": entry.actor, "text": entry.text}
            for entry in timeline.entries(session, one.number)
        ],
        "milestones": {name.value: reached.get(name) for name in timeline.Milestone},
        "metrics": timeline.response_metrics(reached),
        "responders": incident.responders(session, one.number),
        "rollback": _rollback(done[-1]) if done else None,
        "findings": _findings(session, one),
        "actions": [],
        "generated_at": now,
    }


def _rollback(row: Rollback) -> dict[str, Any]:
    verdict = _VERDICTS.get(row.state, row.state.value)
    return brief(row) | {"applied_at": row.applied_at, "verdict": verdict, "checks": row.proofs}


def _findings(session: Session, one: Incident) -> list[dict[str, Any]]:
    if one.alert_group_id is None:
        return []
    keys = ("check", "signal", "value", "limit", "n", "verdict")
    found = findings(session, get_group(session, one.alert_group_id))
    return [{key: plain.get(key) for key in keys} for plain in (each.to_json() for each in found)]
