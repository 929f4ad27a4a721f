"""The fallback: when Slack does not take a page, people are reached in another way, once."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, select

from ops_core.oncall import calling, escalation, events
from ops_core.oncall.escalation import Escalation, Page
from ops_core.oncall.person import Person, Way
from ops_core.oncall.roster import Roster
from ops_core.people import TOCSIN
from ops_core.store.outbox import Delivery, OutboxRow, Priority, Verb
from ops_core.store.transaction import Store, Transaction

log = logging.getLogger(__name__)

WHY = "Slack does not take it"


class Fallback:
    """Looks for pages that Slack has not taken for `after`. With `after` of zero it never looks."""

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
            for number in dict.fromkeys(_escalations(tx.session, rows)):
                self._reach(tx, escalation.get(tx.session, number))
        return len(rows)

    def _reach(self, tx: Transaction, one: Escalation) -> None:
        """Page those on call by their other ways; when none of them has any, whoever has one."""
        if one.acknowledged_at or one.ended_at:
            return
        before = escalation.pages(tx.session, one.number)
        if any(set(page.ways) - {Way.SLACK} for page in before):
            return  # paged in another way already
        called = self._others(tx.session, one)
        about, number, incident = one.subject, one.number, one.incident_id
        if not called:
            why = f"{WHY}, and nobody can be reached in another way"
            log.error("page %s: %s", one.ref, why)
            tx.record(events.NobodyPaged(by=TOCSIN, at=tx.now, escalation=number, about=about,
                                         in_incident=incident, why=why))  # fmt: skip
            return
        step = max((page.step for page in before), default=0)
        pages = calling.write(tx, one, step, called)
        tx.record(
            events.PeoplePaged(
                by=TOCSIN,
                at=tx.now,
                escalation=number,
                about=about,
                in_incident=incident,
                pages=tuple(pages),
                people=tuple(person.label for person in called),
                step=step,
                why=WHY,
                note="by " + ", ".join(dict.fromkeys(way.label for person in called for way in person.ways)),
            )
        )

    def _others(self, session: Session, one: Escalation) -> list[Person]:
        on_call = self.roster.for_model(session, one.model, self.store.clock.now()).people
        for group in (on_call, self.roster.people.by_key.values()):
            reachable = [replace(person, ways=ways) for person in group if (ways := _without_slack(person))]
            if reachable:
                return reachable
        return []


def _without_slack(person: Person) -> tuple[Way, ...]:
    return tuple(way for way in person.ways if way is not Way.SLACK)


def _unsaid(session: Session, store: Store, after: timedelta) -> list[OutboxRow]:
    query = select(OutboxRow).where(
        OutboxRow.state == Delivery.WAITING,
        OutboxRow.verb == Verb.POST,
        OutboxRow.priority == Priority.PAGE,
        OutboxRow.created_at <= store.clock.now() - after,
        col(OutboxRow.fell_back_at).is_(None),
    )
    return list(session.exec(query.order_by(col(OutboxRow.id))))


def _escalations(session: Session, rows: list[OutboxRow]) -> list[int]:
    """What is being paged about these messages: a page's own, or all of an alert or incident."""
    found: list[int] = []
    for row in rows:
        noun, _, rest = (row.subject or "").partition(":")
        number = rest.partition(":")[0]
        if noun == "page" and number.isdecimal() and (page := session.get(Page, int(number))):
            found.append(page.escalation_id)
        elif noun in ("alert", "incident"):
            found += [one.number for one in escalation.active(session, f"{noun}:{number}")]
    return found
