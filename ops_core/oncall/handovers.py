"""Handovers: when a turn ends, whoever comes hears what is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from ops_core.alerts import group
from ops_core.alerts.group import AlertGroup
from ops_core.incidents import incident
from ops_core.incidents.card import brief, severity
from ops_core.oncall import events
from ops_core.oncall.person import Person
from ops_core.oncall.roster import OnCall, Roster
from ops_core.people import TOCSIN
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store, Transaction

HANDOVER = "oncall.handover"


class Handovers:
    """Posts at the end of each turn, by a row for each schedule."""

    def __init__(self, store: Store, roster: Roster) -> None:
        self.store = store
        self.roster = roster

    def plan_all(self) -> None:
        """Plan the next handover of each schedule that has none; what fell due while down stays."""
        with self.store.transaction() as tx:
            for name in self.roster.names:
                if not task.waiting(tx.session, f"schedule:{name}"):
                    self.plan(tx.session, name, tx.now)

    def plan(self, session: Session, schedule: str, now: datetime) -> None:
        """Plan the next handover anew, since turns may have changed."""
        session.flush()
        turn = self.roster.turn(session, schedule, now)
        if turn is not None:
            row = Task(
                kind=HANDOVER,
                subject=f"schedule:{schedule}",
                due_at=turn.ends_at,
                detail={"from": turn.person},
            )
            task.plan(session, row)
        else:
            task.cancel(session, f"schedule:{schedule}", HANDOVER)

    def hand_over(self, due: Task) -> None:
        """Post who comes and what is open, and plan the next one."""
        schedule = due.subject.partition(":")[2]
        with self.store.transaction() as tx:
            if not task.finish(tx.session, due) or schedule not in self.roster.names:
                return
            comes = self.roster.on_call(tx.session, schedule, tx.now)
            goes = str(due.detail.get("from", ""))
            if [person.key for person in comes.people] != [goes]:
                values = self._values(tx, schedule, self.roster.people.find(goes), comes, due.due_at)
                tx.record(events.ShiftHandedOver(by=TOCSIN, at=tx.now, schedule=schedule, values=values))
            self.plan(tx.session, schedule, tx.now)

    def _values(
        self, tx: Transaction, schedule: str, goes: Person | None, comes: OnCall, at: datetime
    ) -> dict[str, Any]:
        session = tx.session
        return {
            "schedule": schedule,
            "at": at,
            "late": tx.now - at > timedelta(minutes=2),
            "goes": _named(goes) if goes else None,
            "comes": [_named(person) for person in comes.people],
            "until": comes.turn.ends_at if comes.turn else None,
            "note": comes.note or None,
            "incidents": [brief(session, one) for one in incident.open_ones(session)],
            "alerts": [_alert(one) for one in group.active(session) if one.was_told],
        }


def _named(person: Person) -> dict[str, Any]:
    return {"slack": person.slack, "label": person.label}


def _alert(one: AlertGroup) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "title": one.title,
        "severity": severity(one.severity),
        "acknowledged_by": one.acknowledged_by,
    }
