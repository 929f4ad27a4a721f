"""The sender: takes the outbox to Slack, in order within each room, and nothing twice."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from sqlmodel import Session

from bot.adapters.slack import SlackFull
from bot.courier import Courier, NotYet
from bot.desk import Desk, Taken
from bot.rendering.errors import TemplateError
from ops_core.clock import Clock
from ops_core.errors import OpsError, Unavailable
from ops_core.store import queue
from ops_core.store.outbox import Priority, Verb
from ops_core.store.transaction import Store

log = logging.getLogger(__name__)

LANES = 16
IDLE_SECONDS = 0.5
ASIDE_SECONDS = 0.05
"""How soon a row that waits for another room is looked at again."""


class Sender:
    """Rooms are sent side by side, the rows of one room one after the other."""

    def __init__(self, store: Store, courier: Courier, clock: Clock) -> None:
        self.store = store
        self.courier = courier
        self.clock = clock
        self.desk = Desk(store, clock)
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._busy: set[str] = set()
        self._resting: dict[str, float] = {}
        """Rooms that have to wait, and until when."""
        self._aside: dict[int, float] = {}
        """Rows that wait for another room, and when to look again."""
        self._failing: set[Verb] = set()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(LANES, thread_name_prefix="lane")
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Begin to send, first what was left over."""
        self.courier.remember_since(self.desk.open())
        self._thread.start()

    def stop(self) -> None:
        """Finish what is on the wire and stop; the rest waits in the outbox."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident:
            self._thread.join(timeout=10)
        self._pool.shutdown(wait=True)

    def wake(self, rooms: Mapping[str, Priority]) -> None:
        """Something is to be said in these rooms."""
        if self._thread.is_alive():
            for room, priority in rooms.items():
                self._start_lane(room, urgent=priority == Priority.PAGE)

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
        """Start a lane for each room in which something is due; returns the seconds until the next one is."""
        with self.store.read() as session:
            waiting = queue.rooms(session)
        pause = IDLE_SECONDS
        for room, due_at in waiting:
            wait = max((due_at - self.clock.now()).total_seconds(), self._rest(room))
            if wait > 0:
                pause = min(pause, wait)
            else:
                self._start_lane(room)
        return pause

    def _rest(self, room: str) -> float:
        return self._resting.get(room, 0.0) - time.monotonic()

    def _start_lane(self, room: str, *, urgent: bool = False) -> None:
        with self._lock:
            if room in self._busy or self._stopping.is_set() or (self._rest(room) > 0 and not urgent):
                return
            self._busy.add(room)
        self._pool.submit(self._lane, room).add_done_callback(_note)

    def _lane(self, room: str) -> None:
        try:
            with self.store.read() as session:
                taken = self._take(session, room)
            while taken is not None:
                taken = self._send(taken)
        except OpsError as error:
            log.warning("outbox, room %s: %s", room, error.message)
            return  # without waking the sender, which would spin on it
        finally:
            with self._lock:
                self._busy.discard(room)
        self._woken.set()

    def _take(self, session: Session, room: str) -> Taken | None:
        """The row whose turn it is; None when there is none, or the room has to rest."""
        now = time.monotonic()
        aside = {row for row, until in self._aside.copy().items() if until > now}
        found = None if self._stopping.is_set() else self.desk.take(session, room, aside)
        if isinstance(found, datetime):
            self._resting[room] = now + (found - self.clock.now()).total_seconds()
            return None
        if found is None:
            self._resting[room] = now + ASIDE_SECONDS if aside else 0.0
        return found

    def _send(self, taken: Taken) -> Taken | None:
        """Send a row that was taken, and take the room's next one."""
        row = taken.row
        try:
            receipt = self.courier.deliver(row, again=taken.again, urgent=taken.urgent)
        except NotYet:
            self._aside[row.id or 0] = time.monotonic() + ASIDE_SECONDS
        except SlackFull as full:
            self._resting[row.room] = time.monotonic() + full.wait.total_seconds()
            return None
        except Unavailable as away:
            self._failing.add(row.verb)
            self.desk.failed(taken, away.message)
        except (OpsError, TemplateError) as error:
            self.desk.give_up(row, str(error))
        else:
            with self.store.database.write() as session:  # and take the next one: one transaction is quicker
                self.desk.sent(session, taken, receipt)
                following = self._take(session, row.room)
            self._works(row.verb)
            return following
        with self.store.read() as session:
            return self._take(session, row.room)

    def _works(self, verb: Verb) -> None:
        if verb in self._failing:
            self._failing.discard(verb)
            self.desk.hurry(verb)
            self._resting.clear()


def _note(lane: Future[None]) -> None:
    """A fault of our own in one room: said in the log, and tried again with the next look."""
    if not lane.cancelled() and (error := lane.exception()):
        log.error("outbox: a lane broke", exc_info=error)
