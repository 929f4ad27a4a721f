"""The intake: what was heard is on the disk, deduplicated and grouped, before anybody is told so."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy.exc import SQLAlchemyError

from ops_core.alerts.batch import Batch, Change, Word
from ops_core.alerts.heard import Heard
from ops_core.alerts.pipeline import INTAKE, NAMING
from ops_core.alerts.rules import Rules
from ops_core.alerts.settling import Kept, Settling
from ops_core.alerts.stages.fingerprint import named
from ops_core.clock import Clock
from ops_core.errors import Invalid, OpsError, Unavailable
from ops_core.store.database import Database
from ops_core.store.durable import Durable

log = logging.getLogger(__name__)

LARGEST_BATCH = 500
"""Alerts after which a transaction takes no further request."""
BUSY = 8
"""Requests of one transaction from which on the next one is worth waiting for."""
GATHER_SECONDS = 0.003
"""How long that is, which is less than a disk takes for one transaction."""


@dataclass(frozen=True)
class Taken:
    """What became of a request: how many alerts it told, how many firings were new, how many ended."""

    heard: int
    new: int
    over: int


Wake: TypeAlias = Callable[[set[int], set[int]], None]


@dataclass(frozen=True)
class Request:
    """What was heard at once, and who waits for what becomes of it."""

    heard: Sequence[Heard]
    words: Sequence[Word]
    """The same with its names, which need no turn: the thread that writes has enough to do."""
    answer: Future[Taken]


class Intake:
    """Takes what sources say.

    Once started, requests that arrive within a few milliseconds share one transaction, written by one
    thread, while another waits for the disk; before that each is a transaction of its own. Those whose
    answers came together send their next requests together too: under load the thread lets them gather,
    where the first would go alone. `wake` is called after each commit that lasts with the numbers of the
    groups that changed, and of those in which something is new that somebody has to get up for.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rules: Rules | None = None,
        wake: Wake = lambda _groups, _pages: None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.rules = rules or Rules()
        self.wake = wake
        self._waiting: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._thread: ThreadPoolExecutor | None = None
        self._stopping = threading.Event()
        self._at_hand: list[Request] = []
        """What the thread that writes is about to write."""

    def take(self, heard: Sequence[Heard]) -> Taken:
        """Take the words of one request; returns when they are on the disk. Safe to repeat.

        Raises `Unavailable` when they could not be written, or may not last.
        """
        return self.submit(heard).result()

    def submit(self, heard: Sequence[Heard]) -> Future[Taken]:
        """The same without waiting: the future has what `take` returns or raises."""
        request = self._request(heard, Future())
        if self._thread is None:
            with self.database.durable() as durable:
                self._write(durable, [request], _at_once)
        else:
            self._waiting.put(request)
        return request.answer

    def _request(self, heard: Sequence[Heard], answer: Future[Taken]) -> Request:
        now = self.clock.now()
        return Request(heard, [named(each, now) for each in heard], answer)

    def start(self) -> None:
        """Begin to share transactions."""
        self._stopping.clear()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._serve_on(self._thread)

    def stop(self) -> None:
        """Finish what was taken; afterwards each request is a transaction of its own again."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            self._stopping.set()
            thread.shutdown(wait=True)

    def _serve_on(self, thread: ThreadPoolExecutor) -> None:
        """Serve; after a fault of our own, which answers those concerned, begin again."""

        def again(done: Future[None]) -> None:
            if error := done.exception():
                log.error("intake: a batch broke", exc_info=error)
                _refuse(self._at_hand, _fault())
                self._serve_on(thread)

        thread.submit(self._serve).add_done_callback(again)

    def _serve(self) -> None:
        """Write batches until told to stop, on a new connection whenever one is of no more use."""
        goes_on = self._take_next()
        while self._at_hand or goes_on:
            try:
                with self.database.durable() as durable, closing(Settling()) as settling:
                    goes_on = self._serve_with(durable, settling, goes_on=goes_on)
            except OpsError as error:  # no connection to be had
                _refuse(self._at_hand, error)
                goes_on = self._take_next(goes_on=goes_on)

    def _serve_with(self, durable: Durable, settling: Settling, *, goes_on: bool) -> bool:
        """Write batches as long as the connection is of use; False when told to stop."""
        usable = True
        while usable and durable.is_trusted and (self._at_hand or goes_on):
            usable = self._write(durable, self._at_hand, settling.add)
            goes_on = self._take_next(goes_on=goes_on)
        return goes_on

    def _take_next(self, *, goes_on: bool = True) -> bool:
        self._at_hand, goes_on = self._next(len(self._at_hand)) if goes_on else ([], False)
        return goes_on

    def _next(self, before: int) -> tuple[list[Request], bool]:
        """The requests that wait, up to a batch; False with them when it was told to stop."""
        requests: list[Request] = []
        size, asked = 0, self._waiting.get()
        if before >= BUSY and self._waiting.qsize() < before // 2:
            self._stopping.wait(GATHER_SECONDS)
        while asked is not None:
            requests.append(asked)
            size += len(asked.heard)
            if size >= LARGEST_BATCH or self._waiting.empty():
                return requests, True
            asked = self._waiting.get()
        return requests, False

    def _write(self, durable: Durable, requests: list[Request], settle: Callable[[Kept], None]) -> bool:
        """One transaction for these requests; False when the connection is of no more use."""
        heard = [word for request in requests for word in request.words]
        batch = Batch(heard, durable.connection, self.clock.now(), self.rules)
        told = False  # or will be: those who wait have somebody who sees to it
        try:
            for stage in NAMING:
                stage(batch)
            with self.database.written(durable.connection):
                for stage in INTAKE:
                    stage(batch)
            told = True
            settle(Kept(durable, partial(self._tell, requests, batch), partial(_refuse, requests)))
        except Unavailable as error:
            _refuse(requests, error)
            return False
        except SQLAlchemyError as error:
            if len(requests) > 1:  # somebody's words cannot be kept; the others' can
                told = True
                again = [self._request(one.heard, one.answer) for one in requests]
                return _every(self._write(durable, [one], settle) for one in again)
            _refuse(requests, Invalid(f"The alerts cannot be kept: {type(error).__name__}."))
        finally:
            if not told:
                _refuse(requests, _fault())
        return True

    def _tell(self, requests: list[Request], batch: Batch) -> None:
        """It lasts."""
        _answer(requests, batch)
        if batch.groups:
            self.wake(batch.groups, batch.pages())


def _at_once(kept: Kept) -> None:
    """Wait for the disk here."""
    try:
        kept.durable.settle()
    except Unavailable as error:
        kept.refuse(error)
    else:
        kept.lasts()


def _fault() -> Unavailable:
    return Unavailable("The alerts were not kept, by a fault of our own.")


def _every(done: Iterable[bool]) -> bool:
    """Whether all were done; none is left out because one before it was not."""
    return all(list(done))


def _answer(requests: list[Request], batch: Batch) -> None:
    """Tell each request what became of its words."""
    changes = {word.firing: word.change for word in batch.words}
    for request in requests:
        mine = [changes[word.firing] for word in request.words]
        new = sum(change in (Change.NEW, Change.AGAIN) for change in mine)
        request.answer.set_result(Taken(len(mine), new, mine.count(Change.OVER)))


def _refuse(requests: list[Request], error: OpsError) -> None:
    """Tell those that have no answer yet."""
    for request in requests:
        if not request.answer.done():
            request.answer.set_exception(error)
