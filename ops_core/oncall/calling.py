"""Whom a step calls, and the rows that say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from ops_core.oncall import events, steps
from ops_core.oncall.escalation import Escalation, Page
from ops_core.oncall.person import Person
from ops_core.oncall.policy import ON_CALL, Until
from ops_core.oncall.roster import Roster
from ops_core.oncall.steps import Planned
from ops_core.store.transaction import Transaction

LATE = timedelta(minutes=1)
"""A shorter delay is not worth a word."""


def call(
    tx: Transaction,
    roster: Roster,
    one: Escalation,
    due: Sequence[Planned],
    by: str,
    late: timedelta = timedelta(),
) -> None:
    """Page everybody whom steps name, each once; plan what is to be repeated.

    Never whoever acts, unless they page themselves by name, to see whether it works.
    """
    paged: list[Page] = []
    called: list[Person] = []
    notes: list[str] = []
    reachable = False
    for planned in due:
        found, note = people(tx.session, roster, planned.page, one.model, tx.now)
        reachable = reachable or any(person.ways for person in found)
        notes += [note] if note else []
        named = [roster.people.find(target) for target in planned.page] if one.by_hand else []
        fresh = [
            person for person in found if person not in called and (person.actor != by or person in named)
        ]
        paged += write(tx, one, planned.number, fresh)
        called += fresh
        if planned.again and planned.times > 0:
            tx.session.add(steps.row(one, planned.next_round(), tx.now + planned.again))
    tx.session.flush()  # all that is new at once, for the numbers of the pages
    if not reachable:
        steps.bring_forward(tx.session, one, max(planned.number for planned in due), tx.now)
    if called or notes:
        tx.record(_event(tx, one, due, by, paged, called, "; ".join(dict.fromkeys(notes)), late))


def _event(
    tx: Transaction,
    one: Escalation,
    due: Sequence[Planned],
    by: str,
    paged: Sequence[Page],
    called: Sequence[Person],
    note: str,
    late: timedelta,
) -> events.PageEvent:
    number, about, incident = one.number, one.subject, one.incident_id
    if not called:
        return events.NobodyPaged(
            by=by, at=tx.now, escalation=number, about=about, in_incident=incident, why=note
        )
    return events.PeoplePaged(
        by=by,
        at=tx.now,
        escalation=number,
        about=about,
        in_incident=incident,
        pages=tuple(page.number for page in paged),
        people=tuple(person.label for person in called),
        step=max(planned.number for planned in due),
        why=reason(one, due, tx.now),
        late=late if late > LATE else None,
        note=note,
    )


def people(
    session: Session, roster: Roster, targets: Sequence[str], model: str | None, at: datetime
) -> tuple[list[Person], str]:
    """Those whom targets stand for at a moment, each once, and what is odd about it."""
    found: list[Person] = []
    notes: list[str] = []
    for target in targets:
        if target == ON_CALL or target in roster.names:
            on_call = (
                roster.for_model(session, model, at)
                if target == ON_CALL
                else roster.on_call(session, target, at)
            )
            found += on_call.people
            missing = "" if on_call.people else "nobody is on call"
            notes += [on_call.note or missing]
        elif (person := roster.people.find(target)) is not None:
            found.append(person)
        else:
            notes.append(f"“{target}” is neither a person nor a schedule any more")
    notes += [f"there is no way to reach {person.label}" for person in found if not person.ways]
    return list(dict.fromkeys(found)), "; ".join(note for note in notes if note)


def write(tx: Transaction, one: Escalation, step: int, called: Sequence[Person]) -> list[Page]:
    """Note that people are paged; their pages have numbers after the next flush."""
    rows = [
        Page(
            escalation_id=one.number,
            step=step,
            person=person.key,
            label=person.label,
            slack=person.slack,
            ways=[way.value for way in person.ways],
            at=tx.now,
        )
        for person in called
    ]
    tx.session.add_all(rows)
    return rows


def reason(one: Escalation, due: Sequence[Planned], now: datetime) -> str:
    """Why they are called, in a few words; nothing for the first step of all."""
    last = max(due, key=lambda planned: planned.number)
    if last.because:
        return last.because
    if last.round:
        return f"not acknowledged, call {last.round + 1}"
    if last.number == 0 or not last.after:
        return ""
    if now < one.started_at + last.after:
        return f"at once, because it is {one.severity}"
    return f"{_undone(one, last.until)} after {int(last.after.total_seconds() // 60)} min"


def _undone(one: Escalation, until: Until) -> str:
    """What has not happened; only an incident can be contained."""
    return _UNDONE[Until.RESOLVED if until is Until.CONTAINED and one.incident_id is None else until]


_UNDONE = {
    Until.ACKNOWLEDGED: "not acknowledged",
    Until.CONTAINED: "not contained",
    Until.RESOLVED: "not resolved",
}
