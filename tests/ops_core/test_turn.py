"""The turn to write: one at a time, and first who is waited for, unless others have waited for too long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from time import monotonic

from ops_core.store.turn import POLITE_SECONDS, Turn
from tests.wire import until


def test_who_is_first_overtakes_those_that_wait() -> None:
    """Others asked earlier."""
    turn, order = Turn(), list[str]()

    def write(name: str, *, first: bool) -> None:
        with turn.held(first=first):
            order.append(name)

    with ThreadPoolExecutor(3) as pool:
        with turn.held():
            others = [pool.submit(write, name, first=False) for name in ("one", "two")]
            until(lambda: turn.waiting == 2)
            others.append(pool.submit(write, "intake", first=True))
            until(lambda: turn.waiting == 3)
        for each in others:
            each.result(10)
    assert order[0] == "intake"
    assert sorted(order[1:]) == ["one", "two"]


def test_the_others_come_to_their_turn_while_the_first_never_rest() -> None:
    """Two in the fast lane take turns without a pause; still the other gets through."""
    turn, done, inside = Turn(), Event(), Lock()

    def busy() -> None:
        while not done.is_set():
            with turn.held(first=True):
                assert inside.acquire(blocking=False)
                inside.release()

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(busy) for _ in range(2)]
        try:
            with turn.held():
                assert inside.acquire(blocking=False)
                inside.release()
        finally:
            done.set()
        for each in running:
            each.result(10)


def test_who_waited_for_too_long_is_next() -> None:
    """Although whoever gives the turn back asks for it again in the same breath, and is first."""
    turn, order = Turn(), list[str]()

    def write() -> None:
        with turn.held():
            order.append("other")

    with ThreadPoolExecutor(1) as pool:
        with turn.held(first=True):
            other = pool.submit(write)
            until(lambda: turn.waiting == 1)
            begun = monotonic()
            until(lambda: monotonic() > begun + POLITE_SECONDS)
        with turn.held(first=True):
            order.append("first")
        other.result(10)
    assert order == ["other", "first"]


def test_who_is_first_waits_for_one_of_those_who_waited_for_too_long() -> None:
    """Not for all of them, however many there are."""
    turn, order = Turn(), list[str]()

    def write(name: str, *, first: bool) -> None:
        with turn.held(first=first):
            order.append(name)

    with ThreadPoolExecutor(4) as pool:
        with turn.held(first=True):
            waiting = [pool.submit(write, "other", first=False) for _ in range(3)]
            until(lambda: turn.waiting == 3)
            begun = monotonic()
            until(lambda: monotonic() > begun + POLITE_SECONDS)
            waiting.append(pool.submit(write, "first", first=True))
            until(lambda: turn.waiting == 4)
        for each in waiting:
            each.result(10)
    assert order == ["other", "first", "other", "other"]


def test_an_error_gives_the_turn_back() -> None:
    """Who fails holds up nobody."""
    turn = Turn()
    for _ in range(2):
        try:
            with turn.held():
                raise KeyError
        except KeyError:
            continue
    assert turn.waiting == 0
