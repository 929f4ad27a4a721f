"""The worker: what happens to work that runs wild, and to the process that does it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children

import pytest

from bot.worker import Worker
from ops_core.errors import NotFound, Unavailable


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker that is closed when the test ends."""
    with Worker(memory_mb=256) as made:
        yield made


def alive(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Return when the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def refuse(message: str) -> None:
    """Raise one of our errors, in the child."""
    raise NotFound(message, hint="look elsewhere")


def raise_timeout() -> None:
    """Time out by itself, in the child."""
    raise TimeoutError("the function's own")


def imported() -> set[str]:
    """The modules of ours that the child has imported."""
    return {name for name in sys.modules if name.split(".")[0] in {"bot", "slack_bolt", "mlflow", "pytest"}}


def test_the_work_is_done_in_another_process(worker: Worker) -> None:
    """The child's process id is not ours."""
    assert worker.call(os.getpid) != os.getpid()


def test_an_idle_worker_has_no_child(worker: Worker) -> None:
    """Making one starts nothing."""
    before = active_children()
    Worker()
    assert active_children() == before


def test_the_child_stops_when_it_is_idle_and_starts_again() -> None:
    """After the idle time there is no child, and the next call gets one."""
    with Worker(idle_seconds=0.1) as worker:
        first = worker.call(os.getpid)
        wait_until(lambda: not alive(first))
        assert worker.call(os.getpid) != first


def test_an_error_of_the_function_comes_back_as_it_was(worker: Worker) -> None:
    """Our errors keep their message and hint on the way."""
    with pytest.raises(NotFound, match="no such thing") as caught:
        worker.call(refuse, "no such thing")
    assert caught.value.hint == "look elsewhere"


def test_a_timeout_of_the_function_itself_is_not_taken_for_ours(worker: Worker) -> None:
    """A socket that timed out in the child is the function's affair."""
    with pytest.raises(TimeoutError, match="the function's own"):
        worker.call(raise_timeout)


def test_work_that_runs_too_long_is_stopped(worker: Worker) -> None:
    """It says what took how long, and the next call is served."""
    with pytest.raises(Unavailable, match="“sleep” took longer than") as caught:
        worker.call(time.sleep, 60, seconds=0.2)
    assert caught.value.may_retry
    assert worker.call(abs, -1) == 1


def test_work_that_takes_too_much_memory_is_stopped(worker: Worker) -> None:
    """Trying again would not help, and the next call is served."""
    with pytest.raises(Unavailable, match="more than the 256 MB") as caught:
        worker.call(bytearray, 1 << 30)
    assert not caught.value.may_retry
    assert worker.call(abs, -1) == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_dies_is_told_and_replaced(worker: Worker, number: int) -> None:
    """Killed by the kernel or by its own fault, the next call is served."""
    with pytest.raises(Unavailable, match="died"):
        worker.call(signal.raise_signal, number)
    assert worker.call(abs, -1) == 1


def test_calls_from_many_threads_are_all_answered(worker: Worker) -> None:
    """They take turns."""
    with ThreadPoolExecutor(20) as threads:
        assert list(threads.map(lambda number: worker.call(abs, -number), range(50))) == list(range(50))


def test_closing_frees_those_who_wait() -> None:
    """A call in progress ends with a sentence, not with a hang."""
    worker = Worker()
    worker.call(abs, 1)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(worker.call, time.sleep, 60, seconds=60)
        wait_until(waiting.running)
        worker.close()
        with pytest.raises(Unavailable, match="shutting down"):
            waiting.result(timeout=5)


def test_a_closed_worker_refuses_work() -> None:
    """Nothing starts again while the bot shuts down; closing twice is fine."""
    worker = Worker()
    worker.close()
    worker.close()
    with pytest.raises(Unavailable, match="shutting down"):
        worker.call(abs, 1)


def test_the_child_does_not_import_the_program(worker: Worker) -> None:
    """Neither the parent's main file nor MLflow nor Slack, only the module of the function itself."""
    child = worker.call(imported)
    assert not {"slack_bolt", "mlflow"} & child
    assert {name for name in child if name.startswith("bot")} == {
        "bot",
        "bot.memory",
        "bot.processor",
        "bot.worker",
    }


def test_the_child_uses_one_thread_for_linear_algebra(worker: Worker) -> None:
    """Two cores are shared with the bot."""
    assert worker.call(os.getenv, "OPENBLAS_NUM_THREADS") == "1"


PARENT = """
import os, threading, time
from bot.worker import Worker
worker = Worker()
print(worker.call(os.getpid), flush=True)
worker.call(time.sleep, 600, seconds=600)
"""


def test_the_child_dies_with_a_parent_that_is_killed() -> None:
    """Even in the middle of its work, `kill -9` of the bot leaves nothing behind."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    wait_until(lambda: not alive(child))
