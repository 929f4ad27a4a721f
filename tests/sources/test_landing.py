"""What a thread finishes reaches the event loop: all of it, and with one call for what ends together."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context
from threading import Thread
from typing import TypeVar, TypeVarTuple

import pytest

from bot.http_door.landing import Landing
from ops_core.errors import Unavailable

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Counting(asyncio.SelectorEventLoop):
    """A loop that counts how often a thread calls it."""

    calls = 0

    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Count, and do it."""
        self.calls += 1
        return super().call_soon_threadsafe(callback, *args, context=context)


def apart(run: Callable[[], T]) -> T:
    """What it returns, run in a thread without an event loop: a browser test leaves one in this."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_what_ends_together_comes_with_one_call() -> None:
    """A batch of the intake ends hundreds of requests at once."""
    futures: list[Future[int]] = [Future() for _ in range(300)]

    def finish() -> None:
        for number, one in enumerate(futures):
            one.set_result(number)

    async def batch() -> list[int]:
        landing = Landing()
        waiting = asyncio.gather(*(landing.of(one) for one in futures))
        await asyncio.sleep(0)  # so that all of them wait
        thread = Thread(target=finish)
        thread.start()
        thread.join()  # holds up the loop until all have ended
        return await waiting

    loop = Counting()
    assert apart(lambda: loop.run_until_complete(batch())) == list(range(300)) and loop.calls == 1
    loop.close()


def test_an_error_lands_too() -> None:
    """As what it is, also when it was there before anybody waited."""
    early: Future[int] = Future()
    late: Future[int] = Future()
    early.set_exception(Unavailable("early"))

    async def both() -> None:
        landing = Landing()
        with pytest.raises(Unavailable, match="early"):
            await landing.of(early)
        asyncio.get_running_loop().call_soon(late.set_exception, Unavailable("late"))
        with pytest.raises(Unavailable, match="late"):
            await landing.of(late)

    apart(lambda: asyncio.run(both()))


def test_who_has_gone_does_not_hold_up_the_others() -> None:
    """A request may be cancelled while it waits."""
    first, second = Future[int](), Future[int]()

    async def one_goes() -> int:
        landing = Landing()
        gone, stays = asyncio.ensure_future(landing.of(first)), asyncio.ensure_future(landing.of(second))
        await asyncio.sleep(0)
        gone.cancel()
        first.set_result(1)
        second.set_result(2)
        return await stays

    assert apart(lambda: asyncio.run(one_goes())) == 2
