"""What people ask to see of alerts and silences, as plain values for the answers' templates."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, select

from ops_core.alerts import history
from ops_core.alerts.alert import Alert, AlertState, Reason, firing_in, worst_of
from ops_core.alerts.card import alert_card
from ops_core.alerts.group import active, as_values, get_group
from ops_core.alerts.rules import Rules
from ops_core.alerts.silence import Silence, get_silence, silences_at
from ops_core.alerts.why import silence_values, why
from ops_core.errors import NotFound
from ops_core.store.outbox import OutboxRow
from ops_core.store.transaction import Store

MOST = 20
"""Alerts that an answer lists; the others are counted."""
LONGEST_NUMBER = 15
"""More digits than any row has; a database's integers end at 19."""


class AlertBoard:
    """Reads only; every method opens its own short session."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self.store = store
        self.rules = rules

    def the_alert(self, named: str) -> int:
        """The alert meant by `A-3` or `3`, or by being the only active one. Raises `NotFound`."""
        if named:
            return number_of(named, "A-")
        with self.store.read() as session:
            alerts = active(session)
        if len(alerts) == 1:
            return alerts[0].number
        raise NotFound("Say which alert.", hint="`/ops alerts` lists them.")

    def alert(self, number: int) -> dict[str, Any]:
        """One alert, as its card has it. Raises `NotFound`."""
        with self.store.read() as session:
            return alert_card(session, get_group(session, number), self.store.clock.now())

    def alerts(self, most: int = MOST) -> dict[str, Any]:
        """Those that are not resolved, the worst first, and how many more there are."""
        with self.store.read() as session:
            return listed(session, self.store, most)

    def why(self, number: int) -> dict[str, Any]:
        """What was told of an alert, and what was not. Raises `NotFound`."""
        with self.store.read() as session:
            return why(session, get_group(session, number), self.store.clock.now())

    def evidence(self, number: int) -> dict[str, Any]:
        """What its source says of the worst alerts of a group, in full. Raises `NotFound`."""
        with self.store.read() as session:
            group = get_group(session, number)
            state = None if group.state is AlertState.RESOLVED else AlertState.FIRING
            found = [_words(one) for one in worst_of(session, number, state, 5)]
            return as_values(group) | {"source": group.source, "is_ours": group.is_ours, "alerts": found}

    def silence(self, number: int) -> dict[str, Any]:
        """One silence. Raises `NotFound`."""
        with self.store.read() as session:
            silence = get_silence(session, number)
            past = history.reach_of(session, self.rules, silence.conditions, self.store.clock.now())
            return silence_values(silence, _hushed(session, [silence])[number]) | {"past": past.met}

    def silences(self) -> list[dict[str, Any]]:
        """Those that hold now, those that hold longest first."""
        with self.store.read() as session:
            held = silences_at(session, self.store.clock.now())
            hushed = _hushed(session, held)
            return [silence_values(one, hushed[one.id or 0]) for one in held]

    def said_in(self, channel: str, ts: str) -> int | None:
        """The number of the alert whose card a message is; None for any other message."""
        with self.store.read() as session:
            query = select(OutboxRow.subject).where(OutboxRow.channel == channel, OutboxRow.ts == ts)
            subjects = [subject for subject in session.exec(query) if subject]
        found = next((subject for subject in subjects if subject.startswith("alert:")), "")
        return int(found.split(":")[1]) if found else None


def listed(session: Session, store: Store, most: int) -> dict[str, Any]:
    """The worst open groups as cards have them, and how many more there are."""
    found = active(session)
    cards = [alert_card(session, one, store.clock.now()) for one in found[:most]]
    return {"alerts": cards, "more": max(len(found) - most, 0)}


def number_of(named: str, prefix: str) -> int:
    """The number in `A-3` or `3`. Raises `NotFound` for anything else."""
    digits = named.strip().upper().removeprefix(prefix)
    if not digits.isdecimal() or len(digits) > LONGEST_NUMBER:
        raise NotFound(f"“{named}” names nothing here.", hint=f"Use a name such as {prefix}1.")
    return int(digits)


def _hushed(session: Session, silences: list[Silence]) -> dict[int, int]:
    """How many alerts each silence hushes: those that fire and whose labels it covers."""
    groups = [group.number for group in active(session)]
    firing = [one for one in firing_in(session, groups) if one.reason is Reason.SILENCED] if groups else []
    return {one.id or 0: sum(_by(one, alert) for alert in firing) for one in silences}


def _by(silence: Silence, alert: Alert) -> bool:
    return alert.reason_detail.split(" ", 1)[0] == silence.ref


def _words(one: Alert) -> dict[str, Any]:
    return {
        "name": one.name,
        "severity": one.severity.value,
        "state": one.state.value,
        "since": one.starts_at,
        "ended_at": one.ends_at,
        "labels": [{"name": name, "value": value} for name, value in sorted(one.labels.items())][:20],
        "annotations": [{"name": name, "value": value} for name, value in sorted(one.annotations.items())][
            :10
        ],
        "url": one.url or None,
        "remark": one.remark or None,
    }
