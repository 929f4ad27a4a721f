"""What a rollback's messages show, as plain values read from its row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_core.remediation import ledger
from ops_core.remediation.rollback import Rollback, RollbackState

_DOING = {
    RollbackState.APPLYING: "Moving the alias in the registry …",
    RollbackState.VERIFYING: "The alias is moved. Looking at registry, serving side and fresh traffic …",
    RollbackState.VERIFIED: "Done and verified.",
    RollbackState.UNVERIFIED: "Applied, but not proven.",
    RollbackState.FAILED: "Not applied; the alias is where it was.",
    RollbackState.REJECTED: "Rejected; nothing was changed.",
    RollbackState.UNDOING: "Moving the alias back …",
    RollbackState.UNDONE: "Undone; the version from before serves again.",
}


def rollback_card(session: Session, rollback: Rollback, approvers: list[str]) -> tuple[str, dict[str, Any]]:
    """The template and the values of the one message: the preview at first, the progress later."""
    if rollback.state is RollbackState.PROPOSED:
        return "rollback_preview", {"proposal": _proposal(session, rollback, approvers)}
    return "rollback_progress", {"rollback": brief(rollback) | {"doing": doing(rollback)}}


def doing(rollback: Rollback) -> str:
    """Where it stands, in a sentence."""
    said = _DOING.get(rollback.state, rollback.state.value)
    return f"{said} {rollback.trouble}".strip()


def brief(rollback: Rollback) -> dict[str, Any]:
    """What every message about a rollback needs."""
    return {
        "id": rollback.number,
        "model": rollback.model,
        "alias": rollback.alias,
        "from_version": rollback.from_version,
        "to_version": rollback.to_version,
        "approved_by": rollback.approved_by,
        "state": rollback.state.value,
    }


def proof(rollback: Rollback, verdict: str, now: datetime) -> dict[str, Any]:
    """The values of the proof: what was looked at, and how long it took from the proposal."""
    return brief(rollback) | {
        "verdict": verdict,
        "checks": rollback.proofs,
        "took": now - (rollback.applied_at or rollback.requested_at),
    }


def _proposal(session: Session, rollback: Rollback, approvers: list[str]) -> dict[str, Any]:
    return {
        "id": rollback.number,
        "model": rollback.model,
        "alias": rollback.alias,
        "from": _side(session, rollback, "from"),
        "to": _side(session, rollback, "to"),
        "why": rollback.why,
        "checks": [],
        "requires_approval": rollback.needs_approval,
        "requested_by": rollback.requested_by,
        "approvers": approvers if rollback.needs_approval else [],
    }


def _side(session: Session, rollback: Rollback, side: str) -> dict[str, Any]:
    shown = rollback.preview[side]
    served = [one for one in ledger.moves(session, rollback.model) if one.to_version == shown["version"]]
    return {
        "version": shown["version"],
        "metrics": shown["metrics"],
        "since": served[-1].at if served else None,
    }
