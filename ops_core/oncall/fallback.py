"""The fallback: when a page is not taken, by Slack or by another way, people are reached in another, once."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, and_, col, or_, select

from ops_core.oncall import calling, escalation, events
from ops_core.oncall.escalation import Escalation, Page
from ops_core.oncall.person import Person, Way
from ops_core.oncall.roster import Roster
from ops_core.people import TOCSIN
from ops_core.store.outbox import Delivery, OutboxRow, Priority, Verb
from ops_core.store.transaction import Store, Transaction

log = logging.getLogger(__name__)

SLACK_DOES_NOT, NO_WAY_DOES = "Slack does not take it", "no way to them works"


class Fallback:
    """Looks for pages that Slack has not taken for `after`, and for those that were refused for good.

    With `after` of zero it never looks.
    """

    def __init__(self, store: Store, roster: Roster, after: timedelta) -> None:
        self.store = store
        self.roster = roster
        self.after = after

    def run(self) -> int:
        """Reach people about what is unsaid; returns how many messages it was, each counted once."""
        if not self.after:
            return 0
        with self.store.read() as session:
            if not _unsaid(session, self.store, self.after):
                return 0
        with self.store.transaction() as tx:
            rows = _unsaid(tx.session, self.store, self.after)
            for row in rows:
                row.fell_back_at = tx.now
                tx.session.add(row)
            for number, why in _escalations(tx.session, rows).items():
                self._reach(tx, escalation.get(tx.session, number), why)
        return len(rows)

    def _reach(self, tx: Transaction, one: Escalation, cause: str) -> None:
        """Page those on call by their other ways; when none of them has any, whoever has one."""
        if one.acknowledged_at or one.ended_at:
            return
        before = escalation.pages(tx.session, one.number)
        if any(set(page.ways) - {Way.SLACK, *page.failed} for page in before):
            return  # paged in another way already
        called = self._others(tx.session, one, before)
        about, number, incident = one.subject, one.number, one.incident_id
        if not called:
            why = f"{cause}, and nobody can be reached in another way"
            log.error("page %s: %s", one.ref, why)
            tx.record(events.NobodyPaged(by=TOCSIN, at=tx.now, escalation=number, about=about,
                                         in_incident=incident, why=why))  # fmt: skip
            return
        step = max((page.step for page in before), default=0)
        pages = calling.write(tx, one, step, called)
        tx.session.flush()
        tx.record(
            events.PeoplePaged(
                by=TOCSIN,
                at=tx.now,
                escalation=number,
                about=about,
                in_incident=incident,
                pages=tuple(page.number for page in pages),
                people=tuple(person.label for person in called),
                step=step,
                why=cause,
                note="by " + ", ".join(dict.fromkeys(way.label for person in called for way in person.ways)),
            )
        )

    def _others(self, session: Session, one: Escalation, before: Sequence[Page]) -> list[Person]:
        """Whoever has a way that has not failed for this escalation: those on call, else anybody."""
        failed = {(page.person, way) for page in before for way in (Way.SLACK.value, *page.failed)}
        on_call = self.roster.for_model(session, one.model, self.store.clock.now()).people
        for group in (on_call, self.roster.people.by_key.values()):
            left = [
                replace(person, ways=tuple(way for way in person.ways if _is_left(person, way, failed)))
                for person in group
            ]
            if reachable := [person for person in left if person.ways]:
                return reachable
        return []


def _is_left(person: Person, way: Way, failed: Collection[tuple[str, str]]) -> bool:
    return way is not Way.SLACK and (person.key, way.value) not in failed


def _unsaid(session: Session, store: Store, after: timedelta) -> list[OutboxRow]:
    """Urgent messages that wait for too long, and urgent messages and notices that were refused."""
    late = and_(
        col(OutboxRow.state) == Delivery.WAITING,
        col(OutboxRow.verb) == Verb.POST,
        col(OutboxRow.created_at) <= store.clock.now() - after,
    )
    refused = and_(col(OutboxRow.state) == Delivery.DEAD, col(OutboxRow.verb).in_((Verb.POST, Verb.PAGE)))
    query = select(OutboxRow).where(
        or_(late, refused),
        OutboxRow.priority == Priority.PAGE,
        col(OutboxRow.fell_back_at).is_(None),
    )
    return list(session.exec(query.order_by(col(OutboxRow.id))))


def _escalations(session: Session, rows: list[OutboxRow]) -> dict[int, str]:
    """What is being paged about these messages, and why again: a page's own, or all of a matter."""
    found: dict[int, str] = {}
    for row in rows:
        if row.verb is Verb.PAGE:
            page = session.get(Page, row.context["page"])
            if page is not None and not set(page.ways) - set(page.failed):
                found.setdefault(page.escalation_id, NO_WAY_DOES)
            continue
        noun, _, rest = (row.subject or "").partition(":")
        number = rest.partition(":")[0]
        if noun == "page" and number.isdecimal() and (page := session.get(Page, int(number))):
            found.setdefault(page.escalation_id, SLACK_DOES_NOT)
        elif noun in ("alert", "incident"):
            for one in escalation.active(session, f"{noun}:{number}"):
                found.setdefault(one.number, SLACK_DOES_NOT)
    return found
