"""The sender: takes the outbox to Slack, in order within each room, and nothing twice."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.adapters.slack import SlackBusy
from bot.courier import Courier, NotYet, Receipt
from bot.rendering.errors import TemplateError
from ops_core.clock import Clock
from ops_core.errors import OpsError, Unavailable
from ops_core.incidents.events import RoomFailed
from ops_core.people import TOCSIN
from ops_core.store.outbox import Delivery, OutboxRow, Room, Verb
from ops_core.store.transaction import Store, Transaction

log = logging.getLogger(__name__)

LANES = 4
LONGEST_WAIT = timedelta(seconds=30)
IDLE_SECONDS = 0.5

Taken = tuple[OutboxRow, bool]
"""A row that is being sent, and whether it may have arrived before."""


class Sender:
    """Rooms are sent side by side, the rows of one room one after the other."""

    def __init__(self, store: Store, courier: Courier, clock: Clock) -> None:
        self.store = store
        self.courier = courier
        self.clock = clock
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(LANES, thread_name_prefix="lane")
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Begin to send, first what was left over."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is on the wire and stop; the rest waits in the outbox."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident:
            self._thread.join(timeout=10)
        self._pool.shutdown(wait=True)

    def wake(self, rooms: Collection[str]) -> None:
        """Something is to be said in these rooms."""
        if self._thread.is_alive():
            for room in rooms:
                self._start_lane(room)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            pause = IDLE_SECONDS
            try:
                pause = self._start_lanes()
            except OpsError as error:
                log.warning("outbox: %s", error.message)
            self._woken.wait(pause)

    def _start_lanes(self) -> float:
        """Start a lane for each room whose first row is due; returns the seconds until the next one is."""
        now = self.clock.now()
        with self.store.read() as session:
            heads: dict[str, datetime] = {}
            rows = select(OutboxRow.room, OutboxRow.next_try_at).where(_is_open()).order_by(col(OutboxRow.id))
            for room, due_at in session.exec(rows):
                heads.setdefault(room, due_at)
        pause = IDLE_SECONDS
        for room, due_at in heads.items():
            if due_at > now:
                pause = min(pause, (due_at - now).total_seconds())
                continue
            self._start_lane(room)
        return pause

    def _start_lane(self, room: str) -> None:
        with self._lock:
            if room in self._busy or self._stopping.is_set():
                return
            self._busy.add(room)
        self._pool.submit(self._lane, room).add_done_callback(_note)

    def _lane(self, room: str) -> None:
        try:
            with self.store.database.write() as session:
                taken = self._take(session, room)
            while taken is not None:
                taken = self._send(*taken)
        except OpsError as error:
            log.warning("outbox, room %s: %s", room, error.message)
            return  # without waking the sender, which would spin on it
        finally:
            with self._lock:
                self._busy.discard(room)
        self._woken.set()

    def _take(self, session: Session, room: str) -> Taken | None:
        """Mark a room's first row as being sent; None when there is none, or it has to wait."""
        row = session.exec(_open_rows().where(OutboxRow.room == room).limit(1)).first()
        if row is None or row.next_try_at > self.clock.now() or self._stopping.is_set():
            return None
        again = row.state is Delivery.SENDING or row.attempts > 0
        row.state = Delivery.SENDING
        session.add(row)
        return row, again

    def _send(self, row: OutboxRow, again: bool) -> Taken | None:
        """Send a row that was taken, and take the room's next one."""
        try:
            receipt = self.courier.deliver(row, again=again)
        except NotYet:
            self._later(row, timedelta(milliseconds=50), "waits for its channel", count=False)
        except SlackBusy as busy:
            self._later(row, busy.retry_after or _backoff(row.attempts), busy.message)
        except Unavailable as away:
            self._later(row, _backoff(row.attempts), away.message)
        except (OpsError, TemplateError) as error:
            self._give_up(row, str(error))
            with self.store.database.write() as session:
                return self._take(session, row.room)
        else:
            return self._sent(row, receipt)
        return None

    def _sent(self, row: OutboxRow, receipt: Receipt) -> Taken | None:
        """Note that a row was sent and take the next one: one transaction, because that is quicker."""
        with self.store.database.write() as session:
            row.channel, row.ts = receipt
            row.state, row.sent_at, row.error = Delivery.SENT, self.clock.now(), None
            session.add(row)
            return self._take(session, row.room)

    def _later(self, row: OutboxRow, wait: timedelta, why: str, *, count: bool = True) -> None:
        with self.store.database.write() as session:
            row.state = Delivery.WAITING
            row.attempts += 1 if count else 0
            row.next_try_at, row.error = self.clock.now() + wait, why
            session.add(row)
        if count:
            log.warning("outbox %s (%s to %s): %s; next try in %s", row.id, row.verb, row.room, why, wait)

    def _give_up(self, row: OutboxRow, why: str) -> None:
        log.error("outbox %s (%s to %s) cannot be sent: %s", row.id, row.verb, row.room, why)
        number = row.room.partition(":")[2]
        with self.store.transaction() as tx:
            for lost in self._lost_with(tx, row):
                lost.state, lost.error = Delivery.DEAD, why
                tx.session.add(lost)
            if row.room.startswith("incident:"):
                what = _WHAT.get(row.verb, f"{row.verb} {row.template}".strip())
                tx.record(RoomFailed(by=TOCSIN, at=tx.now, incident=int(number), what=what, why=why))

    def _lost_with(self, tx: Transaction, row: OutboxRow) -> list[OutboxRow]:
        """Without its channel nothing else of a room can be said."""
        if row.verb is not Verb.OPEN_ROOM:
            return [row]
        ours = or_(col(OutboxRow.room) == row.room, col(OutboxRow.after_room) == row.room)
        unsent = col(OutboxRow.state).in_((Delivery.WAITING, Delivery.SENDING))
        return list(tx.session.exec(select(OutboxRow).where(ours, unsent)))


_WHAT = {
    Verb.OPEN_ROOM: "make the channel",
    Verb.INVITE: "invite the responders",
    Verb.PIN: "pin the card",
    Verb.TOPIC: "set the topic",
}


def _open_rows() -> SelectOfScalar[OutboxRow]:
    return select(OutboxRow).where(_is_open()).order_by(col(OutboxRow.id))


def _is_open() -> ColumnElement[bool]:
    """Waits or is being sent, and whatever room it names exists."""
    unsent = col(OutboxRow.state).in_((Delivery.WAITING, Delivery.SENDING))
    room_is_there = select(Room.name).where(col(Room.name) == OutboxRow.after_room).exists()
    return and_(unsent, or_(col(OutboxRow.after_room).is_(None), room_is_there))


def _note(lane: Future[None]) -> None:
    """A fault of our own in one room: said in the log, and tried again with the next look."""
    if not lane.cancelled() and (error := lane.exception()):
        log.error("outbox: a lane broke", exc_info=error)


def _backoff(attempts: int) -> timedelta:
    return min(timedelta(seconds=0.5 * 2**attempts), LONGEST_WAIT)
