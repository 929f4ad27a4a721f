"""The sender: takes the outbox to Slack, in order within each room, and nothing twice."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from sqlmodel import Session

from bot.adapters.slack import SlackFull
from bot.courier import Courier, NotYet
from bot.desk import Desk, Taken
from bot.rendering.errors import TemplateError
from ops_core.clock import Clock
from ops_core.errors import OpsError, Unavailable
from ops_core.store import queue
from ops_core.store.outbox import Verb
from ops_core.store.transaction import Store

log = logging.getLogger(__name__)

LANES = 16
IDLE_SECONDS = 0.5
FALLBACK_SECONDS = 1.0
"""How often it is looked whether people have to be reached without Slack."""
ASIDE_SECONDS = 0.05
"""How soon a row that waits for another room is looked at again."""


@dataclass(frozen=True)
class Hold:
    """A limit of Slack's on one verb in a room: until when, and whether pages have to wait too."""

    until: float
    for_pages: bool


class Sender:
    """Rooms are sent side by side, the rows of one room one after the other.

    `fallback` is called now and then, to reach people when Slack does not take what is urgent.
    """

    def __init__(
        self, store: Store, courier: Courier, clock: Clock, fallback: Callable[[], object] = lambda: None
    ) -> None:
        self.store = store
        self.fallback = fallback
        self.courier = courier
        self.clock = clock
        self.desk = Desk(store, clock)
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._busy: set[str] = set()
        self._rest: dict[str, float] = {}
        """Rooms in which nothing may be sent now, and when to look again."""
        self._aside: dict[int, float] = {}
        """Rows that wait for another room, and when to look again."""
        self._held: dict[tuple[str, Verb], Hold] = {}
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

    def wake(self, rooms: Iterable[str]) -> None:
        """Something is to be said in these rooms."""
        if self._thread.is_alive():
            for room in rooms:
                self._start_lane(room)

    def _run(self) -> None:
        fell_back = float("-inf")
        while not self._stopping.is_set():
            self._woken.clear()
            pause = IDLE_SECONDS
            try:
                pause = self._start_lanes()
                if time.monotonic() - fell_back > FALLBACK_SECONDS:
                    fell_back = time.monotonic()
                    self.fallback()
            except OpsError as error:
                log.warning("outbox: %s", error.message)
            self._woken.wait(pause)

    def _start_lanes(self) -> float:
        """Start a lane for each room in which something is due; returns the seconds until the next one is."""
        with self.store.read() as session:
            waiting = queue.rooms(session)
        pause = IDLE_SECONDS
        for room, due_at in waiting:
            rest = self._rest.get(room, 0.0) - time.monotonic()
            wait = max((due_at - self.clock.now()).total_seconds(), rest)
            if wait > 0:
                pause = min(pause, wait)
            else:
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
        """The row whose turn it is; None when there is none, or none may be sent now."""
        if self._stopping.is_set():
            return None
        now = time.monotonic()
        aside = {row: until for row, until in self._aside.copy().items() if until > now}
        held = {verb: hold for (where, verb), hold in self._held.copy().items() if where == room}
        held = {verb: hold for verb, hold in held.items() if hold.until > now}
        found = self.desk.take(session, room, aside, {verb: hold.for_pages for verb, hold in held.items()})
        if isinstance(found, Taken):
            self._rest.pop(room, None)
            return found
        ends = [*aside.values(), *(hold.until for hold in held.values())]
        if found is not None:
            ends.append(now + (found - self.clock.now()).total_seconds())
        self._rest[room] = min(ends, default=0.0)
        return None

    def _send(self, taken: Taken) -> Taken | None:
        """Send a row that was taken, and take the room's next one."""
        row = taken.row
        try:
            receipt = self.courier.deliver(row, again=taken.again, urgent=taken.urgent)
        except NotYet:
            self._aside[row.id or 0] = time.monotonic() + ASIDE_SECONDS
        except SlackFull as full:
            until = time.monotonic() + full.wait.total_seconds()
            self._held[row.room, row.verb] = Hold(until, for_pages=taken.urgent)
        except Unavailable as away:
            self._failing.add(row.verb)
            self.desk.failed(taken, away.message)
        except (OpsError, TemplateError) as error:
            self.desk.give_up(row, str(error))
        else:
            with self.store.database.write() as session:  # and take the next one: one transaction is quicker
                self.desk.sent(session, taken, receipt)
                following = self._take(session, row.room)
            self._aside.pop(row.id or 0, None)
            self._held.pop((row.room, row.verb), None)
            self._works(row.verb)
            return following
        with self.store.read() as session:
            return self._take(session, row.room)

    def _works(self, verb: Verb) -> None:
        if verb in self._failing:
            self._failing.discard(verb)
            self.desk.hurry(verb)
            self._rest.clear()


def _note(lane: Future[None]) -> None:
    """A fault of our own in one room: said in the log, and tried again with the next look."""
    if not lane.cancelled() and (error := lane.exception()):
        log.error("outbox: a lane broke", exc_info=error)
