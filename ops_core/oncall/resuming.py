"""What comes back soon after it stopped: its pages go on where they stood, and nobody is called anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam
from sqlmodel import Session, SQLModel, col, func, select

from ops_core.alerts.group import get_group
from ops_core.oncall import escalation, steps
from ops_core.oncall.escalation import Escalation
from ops_core.oncall.matter import Matter
from ops_core.oncall.policy import Policy
from ops_core.store.transaction import Transaction

SOON = timedelta(minutes=10)
"""What fires again within this time comes and goes, rather than being a new fault."""
STOPPED = "it stopped firing"
"""Why the pages of an alert end that is over by itself."""


def of_before(session: Session, matter: Matter, policy: Policy, now: datetime) -> Escalation | None:
    """The escalation that ended a short while ago because the matter was over; never for something worse."""
    subjects = _known_as(session, matter)
    if not subjects:
        return None
    asked = {"subjects": subjects, "policy": policy.name, "since": now - SOON}
    found: Escalation | None = session.exec(_stopped(), params=asked).first()
    return found if found is not None and found.severity <= matter.severity else None


@cache
def _stopped() -> Any:
    """Made once: to build a statement takes longer than to carry it out."""
    query = select(Escalation).where(
        col(Escalation.subject).in_(bindparam("subjects", expanding=True)),
        col(Escalation.policy) == bindparam("policy"),
        Escalation.ended_because == STOPPED,
        col(Escalation.ended_at) > bindparam("since"),
    )
    return query.order_by(col(Escalation.id).desc()).limit(1)


def _known_as(session: Session, matter: Matter) -> list[str]:
    """The subjects of an alert's card, and of the card that the same had before."""
    noun, _, number = matter.subject.partition(":")
    if noun != "alert":
        return []
    asked = {"key": get_group(session, int(number)).key, "number": int(number)}
    before = session.connection().execute(_earlier(), asked).scalar_one()
    return [matter.subject, *([f"alert:{before}"] if before else [])]


@cache
def _earlier() -> Executable:
    """The group of the same key before this one. Made once."""
    table = SQLModel.metadata.tables["alert_group"].c
    return select(func.max(table.id)).where(table.key == bindparam("key"), table.id < bindparam("number"))


def reopen(tx: Transaction, one: Escalation, matter: Matter, policy: Policy) -> None:
    """Let it go on about the matter as it is now, with the calls that are left of each step."""
    one.subject, one.title = matter.subject, matter.title
    one.ended_at, one.ended_because = None, ""
    tx.session.add(one)
    tx.session.flush()
    called = escalation.pages(tx.session, one.number)
    for number, step in enumerate(policy.steps):
        calls = sorted({page.at for page in called if page.step == number})
        left = step.times - len(calls)
        if calls and step.again and left >= 0 and not steps.is_over(one, step.until):
            planned = steps.Planned.of(number, step).again_after(len(calls))
            tx.session.add(steps.row(one, planned, max(calls[-1] + step.again, tx.now)))
    tx.session.flush()


def called(session: Session, one: Escalation) -> Sequence[str]:
    """The names of those who were called, each once."""
    return list(dict.fromkeys(page.label for page in escalation.pages(session, one.number)))
