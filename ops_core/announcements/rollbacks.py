"""What the bot says of rollbacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from ops_core.announcements.saying import Followers, edit, edit_incident, post
from ops_core.events import Event
from ops_core.remediation import card as rollback_card
from ops_core.remediation import events
from ops_core.remediation.rollback import get_rollback
from ops_core.store.outbox import Say


def _rollback_proposed(event: events.RollbackProposed, session: Session) -> Iterable[Say]:
    rollback = get_rollback(session, event.rollback)
    yield Say(rollback.room, subject=rollback.card)


def _rollback_moved(event: events.RollbackEvent, session: Session) -> Iterable[Say]:
    rollback = get_rollback(session, event.rollback)
    yield from edit(rollback.room, rollback.card, session)
    yield from edit_incident(session, event.in_incident)


def _rollback_proven(event: events.RollbackEvent, session: Session) -> Iterable[Say]:
    rollback = get_rollback(session, event.rollback)
    verdict = "verified" if isinstance(event, events.RollbackVerified) else _shortfall(rollback.proofs)
    yield from _rollback_moved(event, session)
    values = rollback_card.proof(rollback, verdict, event.at)
    yield post(rollback.room, "rollback_proof", rollback=values)


def _shortfall(proofs: list[dict[str, Any]]) -> str:
    return "failed" if any(proof["ok"] is False for proof in proofs) else "pending"


def _rollback_undone(event: events.RollbackUndone, session: Session) -> Iterable[Say]:
    rollback = get_rollback(session, event.rollback)
    yield from _rollback_moved(event, session)
    values = rollback_card.brief(rollback) | {"by": event.by, "checks": rollback.proofs}
    yield post(rollback.room, "rollback_undone", rollback=values)


FOLLOWERS: Mapping[type[Event], Followers] = {
    events.RollbackProposed: _rollback_proposed,
    events.RollbackApproved: _rollback_moved,
    events.RollbackRejected: _rollback_moved,
    events.RollbackApplied: _rollback_moved,
    events.RollbackVerified: _rollback_proven,
    events.RollbackUnverified: _rollback_proven,
    events.RollbackFailed: _rollback_moved,
    events.UndoRequested: _rollback_moved,
    events.UndoFailed: _rollback_moved,
    events.RollbackUndone: _rollback_undone,
}
