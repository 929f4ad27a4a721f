"""Waiting for the disk: what was committed is told to those who wait once it lasts."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from ops_core.errors import Unavailable
from ops_core.store.durable import Durable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """What was committed on a connection: what to do once it lasts, or when it may not."""

    durable: Durable
    lasts: Callable[[], None]
    refuse: Callable[[Unavailable], None]


class Settling:
    """One thread that waits for the disk, so that the one that writes need not: it goes on with the next.

    Whatever is committed while it waits shares the next wait.
    """

    def __init__(self) -> None:
        self._kept: deque[Kept] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")

    def add(self, kept: Kept) -> None:
        """Tell those concerned as soon as it lasts. What was added first is told first."""
        if kept.durable.waits:
            self._kept.append(kept)
            self._thread.submit(self._settle).add_done_callback(_note)
        else:
            kept.lasts()

    def close(self) -> None:
        """Finish: whatever was added has been told."""
        self._thread.shutdown(wait=True)

    def _settle(self) -> None:
        kept = [self._kept.popleft() for _ in range(len(self._kept))]
        if not kept:
            return
        with ExitStack() as told:  # each of them, whatever goes wrong with another
            for each in kept:
                told.callback(each.refuse, Unavailable("What became of it is not known; send it again."))
            try:
                kept[-1].durable.settle()
            except Unavailable as error:
                for each in kept:
                    told.callback(each.refuse, error)
                return
            for each in reversed(kept):
                told.callback(each.lasts)


def _note(done: Future[None]) -> None:
    if error := done.exception():
        log.error("intake: what was kept could not be told", exc_info=error)
