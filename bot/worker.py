"""Runs heavy functions in a child process that can be stopped without hurting anyone."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Lock, Thread, Timer
from time import monotonic
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot import processor
from ops_core.errors import Unavailable

T = TypeVar("T")

WATCH_SECONDS = 0.5
ALLOWANCE_SECONDS = 60.0
"""How long beyond its limit a call may wait for the child to start and for its turn to come."""


class Worker(AbstractContextManager["Worker"]):
    """One child process (or `children` of them) for work that must not run in the bot.

    The child starts with the first call and stops after `idle_seconds` without one, so that an idle
    bot has none. `memory_mb` limits what a child may allocate, its interpreter and libraries included.
    Functions must be importable by name; what they take, return and raise is pickled.
    """

    def __init__(self, memory_mb: int = 1024, idle_seconds: float = 300, children: int = 1) -> None:
        self._memory_mb = memory_mb
        self._idle_seconds = idle_seconds
        self._children = children
        self._lock = Lock()
        self._pool: ProcessPool | None = None
        self._rest: Timer | None = None
        self._pending: set[ProcessFuture[Any]] = set()
        self._closed = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close when the block ends."""
        self.close()

    def __enter__(self) -> Self:
        return self

    def call(
        self,
        function: Callable[..., T],
        *args: Any,
        seconds: float = 30,
        watch: Callable[[], None] | None = None,
    ) -> T:
        """What `function(*args)` returns or raises; `seconds` counts from when the child begins with it.

        `watch` is called every `WATCH_SECONDS` while it runs.
        Raises `Unavailable` when it runs over its time or memory, when the child dies, and after `close`.
        """
        future = self._schedule(function, args, seconds)
        try:
            return _watched(future, seconds + ALLOWANCE_SECONDS, watch)
        except TimeoutError as error:
            if future.done() and error.args[:1] != ("Task timeout",):
                raise  # the function's own
            if not future.done():
                # A child that exits with 0 in mid-task, or dies while it holds the pool's lock, leaves
                # its future open for ever; the pool is then beyond repair.
                self._abandon(future)
            raise Unavailable(f"{_told(function)} took longer than {seconds:g} s and was stopped.") from error
        except MemoryError as error:
            raise Unavailable(
                f"{_told(function)} needed more than the {self._memory_mb} MB that it may use.",
                may_retry=False,
            ) from error
        except ProcessExpired as error:
            raise Unavailable(f"The process of {_told(function)} died (exit {error.exitcode}).") from error
        except BrokenProcessPool as error:
            self._abandon(future)
            raise Unavailable(f"{_told(function)} gave back what cannot be read: {error}.") from error
        except CancelledError as error:
            raise _shutting_down(function) from error
        finally:
            self._settle(future)

    def close(self) -> None:
        """Stop the child at once; calls that wait for it get `Unavailable`. Doing it twice is fine."""
        with self._lock:
            self._closed = True
            pending = tuple(self._pending)
            pool = self._take_pool()
        _stop(pool, *pending)

    def _schedule(
        self, function: Callable[..., T], args: tuple[Any, ...], seconds: float
    ) -> ProcessFuture[T]:
        with self._lock:
            if self._closed:
                raise _shutting_down(function)
            if self._rest is not None:
                self._rest.cancel()
            if self._pool is None:
                self._pool = self._new_pool()
            future = self._pool.schedule(function, args=args, timeout=seconds)
            self._pending.add(future)
            return future

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._children,
            context=_BareContext(),
            initializer=_prepare_child,
            initargs=(self._memory_mb,),
        )

    def _settle(self, future: ProcessFuture[Any]) -> None:
        with self._lock:
            self._pending.discard(future)
            if self._pending or self._closed:
                return
            self._rest = Timer(self._idle_seconds, self._stop_idle)
            self._rest.daemon = True
            self._rest.start()

    def _stop_idle(self) -> None:
        with self._lock:
            pool = None if self._pending else self._take_pool()
        _stop(pool)

    def _abandon(self, future: ProcessFuture[Any]) -> None:
        with self._lock:
            pool = self._take_pool()
        _stop(pool, future)

    def _take_pool(self) -> ProcessPool | None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        pool, self._pool = self._pool, None
        return pool


class _BareProcess(SpawnProcess):
    def start(self) -> None:
        # A spawned child re-runs the parent's main file, and would so import the whole bot and Slack.
        # Without a main module of its own, the parent has none to hand down.
        with _MAIN_LOCK:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super().start()
            finally:
                sys.modules["__main__"] = main


class _BareContext(SpawnContext):
    Process = _BareProcess


_MAIN_LOCK = Lock()


def _prepare_child(memory_mb: int) -> None:
    processor.prepare()  # read when numpy is imported, so not yet too late
    limit = memory_mb * 1024 * 1024
    # Not the address space: arrow and Python's threads reserve gigabytes of it that they never touch.
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the parent was killed: nobody is left to take an answer


def _watched(future: ProcessFuture[T], seconds: float, watch: Callable[[], None] | None) -> T:
    """The future's result; raises TimeoutError after `seconds`."""
    if watch is None:
        result: T = future.result(timeout=seconds)
        return result
    deadline = monotonic() + seconds
    while not future.done() and monotonic() < deadline:
        wait([future], timeout=WATCH_SECONDS)
        watch()
    ended: T = future.result(timeout=0)
    return ended


def _stop(pool: ProcessPool | None, *pending: ProcessFuture[Any]) -> None:
    for future in pending:
        future.cancel()  # type: ignore[no-untyped-call]  # pebble leaves it unannotated
    if pool is not None:
        pool.stop()  # type: ignore[no-untyped-call]  # the same
        pool.join()


def _told(function: Callable[..., Any]) -> str:
    return f"“{function.__name__.strip('_').replace('_', ' ')}”"


def _shutting_down(function: Callable[..., Any]) -> Unavailable:
    return Unavailable(f"{_told(function)} was not finished, because the bot is shutting down.")
