"""The desk of the sender: takes rows out of the outbox in turn and notes what became of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, or_, select

from bot.courier import Receipt
from ops_core.clock import Clock
from ops_core.incidents.events import RoomFailed
from ops_core.oncall.person import Way
from ops_core.people import TOCSIN
from ops_core.store import outbox, queue
from ops_core.store.outbox import Delivery, OutboxRow, Priority, Say, Verb
from ops_core.store.transaction import Store, Transaction

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(seconds=30)
LONGEST_WAIT_OF_A_PAGE = timedelta(seconds=5)


PageFailed = Callable[[Transaction, int, Way, str], None]
"""Hears, within a transaction, that a page (its number) cannot be carried by a way, and why."""


Follows = Callable[[Session, str], Iterable[Say]]
"""Hears that a message was said, by its subject; what is to be said because of that."""


def _unheard(_tx: Transaction, _page: int, _way: Way, _why: str) -> None:
    """Nobody is told but the log."""


@dataclass(frozen=True)
class Taken:
    """A row that is being sent, whether it may have arrived before, and the edits that it makes needless."""

    row: OutboxRow
    again: bool
    urgent: bool
    covers: tuple[int, ...]


class Desk:
    """Nothing is written before a row is sent: whatever an earlier process left may have arrived."""

    def __init__(self, store: Store, clock: Clock, page_failed: PageFailed = _unheard) -> None:
        self.store = store
        self.clock = clock
        self.page_failed = page_failed
        self.follows: Follows = lambda _session, _subject: ()
        self.left_over = 0
        """The last row that an earlier process may have sent without noting it."""

    def open(self) -> datetime | None:
        """Begin; the time of the oldest row that is left over, if any is."""
        with self.store.read() as session:
            self.left_over = session.exec(select(func.max(OutboxRow.id))).one() or 0
            oldest = select(func.min(OutboxRow.created_at)).where(OutboxRow.state == Delivery.WAITING)
            return session.exec(oldest).one()

    def take(
        self, session: Session, room: str, aside: Collection[int], held: Mapping[Verb, bool]
    ) -> Taken | datetime | None:
        """The row whose turn it is, or when it will be, or None when nothing may be sent now."""
        turn = queue.turn(queue.line(session, room), aside, held)
        if turn is None:
            return None
        if turn.next_try_at > self.clock.now():
            return turn.next_try_at
        row = session.get(OutboxRow, turn.row)
        if row is None:
            return None
        again = row.in_doubt or turn.row <= self.left_over
        return Taken(row, again, turn.urgent, () if row.context else turn.covers)

    def sent(self, session: Session, taken: Taken, receipt: Receipt) -> None:
        """It arrived, and said what the edits that it covers would have."""
        channel, ts = receipt
        done: dict[str, Any] = {"state": Delivery.SENT, "sent_at": self.clock.now()}
        _change(session, taken.row.id, **done, channel=channel, ts=ts, error=None, in_doubt=False)
        if taken.row.verb is Verb.POST and taken.row.subject:
            outbox.put(session, list(self.follows(session, taken.row.subject)), self.clock.now())
        if taken.covers:
            still_waits = (col(OutboxRow.id).in_(taken.covers), col(OutboxRow.state) == Delivery.WAITING)
            session.execute(update(OutboxRow).where(*still_waits).values(state=Delivery.MERGED))

    def failed(self, taken: Taken, why: str) -> None:
        """Once more, later; it may have arrived, so look first then."""
        row = taken.row
        wait = _backoff(row)
        with self.store.database.write() as session:
            _change(
                session,
                row.id,
                only=Delivery.WAITING,
                attempts=row.attempts + 1,
                next_try_at=self.clock.now() + wait,
                error=why,
                in_doubt=True,
            )
        log.warning("outbox %s (%s to %s): %s; next try in %s", row.id, row.verb, row.room, why, wait)

    def hurry(self, verb: Verb) -> None:
        """What failed works again: try all of its kind now."""
        waits = (
            col(OutboxRow.state) == Delivery.WAITING,
            col(OutboxRow.verb) == verb,
            col(OutboxRow.attempts) > 0,
        )
        with self.store.database.write() as session:
            session.execute(update(OutboxRow).where(*waits).values(next_try_at=self.clock.now()))

    def give_up(self, row: OutboxRow, why: str) -> None:
        """Slack will not take it: a dead letter."""
        log.error("outbox %s (%s to %s) cannot be sent: %s", row.id, row.verb, row.room, why)
        number = row.room.partition(":")[2]
        with self.store.transaction() as tx:
            for lost in _lost_with(tx, row):
                lost.state, lost.error = Delivery.DEAD, why
                tx.session.add(lost)
            page = _page_of(row)
            if page is not None:
                self.page_failed(tx, *page, why)
            if row.room.startswith("incident:"):
                what = _WHAT.get(row.verb, f"{row.verb} {row.template}".strip())
                tx.record(RoomFailed(by=TOCSIN, at=tx.now, incident=int(number), what=what, why=why))


def _change(session: Session, row: int | None, only: Delivery | None = None, **values: Any) -> None:
    where = [col(OutboxRow.id) == row, *([col(OutboxRow.state) == only] if only else [])]
    change = update(OutboxRow).where(*where).values(**values)
    session.execute(change.execution_options(synchronize_session=False))


def _page_of(row: OutboxRow) -> tuple[int, Way] | None:
    """The number of the page that a row carries, and by which way."""
    if row.verb is Verb.PAGE:
        return int(row.context["page"]), Way(row.context["way"])
    noun, _, number = (row.subject or "").partition(":")
    return (int(number), Way.SLACK) if noun == "page" and row.verb is Verb.POST else None


def _lost_with(tx: Transaction, row: OutboxRow) -> list[OutboxRow]:
    """Without its channel nothing else of a room can be said."""
    mine = col(OutboxRow.id) == row.id
    if row.verb is Verb.OPEN_ROOM:
        mine = or_(col(OutboxRow.room) == row.room, col(OutboxRow.after_room) == row.room)
    return list(tx.session.exec(select(OutboxRow).where(mine, OutboxRow.state == Delivery.WAITING)))


def _backoff(row: OutboxRow) -> timedelta:
    longest = LONGEST_WAIT_OF_A_PAGE if row.priority == Priority.PAGE else LONGEST_WAIT
    return min(timedelta(seconds=0.5 * 2 ** min(row.attempts, 10)), longest)


_WHAT = {
    Verb.OPEN_ROOM: "make the channel",
    Verb.INVITE: "invite the responders",
    Verb.PIN: "pin the card",
    Verb.TOPIC: "set the topic",
}
