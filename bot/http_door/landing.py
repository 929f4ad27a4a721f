"""Brings what a thread has finished to the event loop: with one call for all that ended meanwhile."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
Waiting = tuple["asyncio.Future[Any]", "Future[Any]"]


class Landing:
    """Of one event loop.

    `asyncio.wrap_future` calls the loop once for each future, and wakes it each time; a batch of the
    intake ends hundreds at once.
    """

    def __init__(self) -> None:
        self._landed: deque[Waiting] = deque()
        self._called = False

    async def of(self, submitted: Future[T]) -> T:
        """What the future has, or raises."""
        if submitted.done():
            return submitted.result()
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        submitted.add_done_callback(lambda done: self._land(loop, (waiter, done)))
        return await waiter

    def _land(self, loop: asyncio.AbstractEventLoop, one: Waiting) -> None:
        """On the thread that finished it. The mark is set after the row, and taken off before it is read."""
        self._landed.append(one)
        if not self._called:
            self._called = True
            loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._called = False
        while self._landed:
            waiter, done = self._landed.popleft()
            if waiter.done():  # whoever waited is gone
                continue
            error = done.exception()
            if error is None:
                waiter.set_result(done.result())
            else:
                waiter.set_exception(error)
