"""Child processes that never outlive their parent, not even when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

WITH_PARENT = "--with-parent"
TAIL_LINES = 5


def start_child(
    module: str, args: Sequence[str], log: Path, keep: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """`python -m module args`, adding to `log` and inheriting the file descriptors `keep`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - modules of our own
            [sys.executable, "-m", module, *args],
            stdin=subprocess.PIPE,  # never written to: it closes when the parent is gone
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=keep,
        )


def stop_with_parent() -> None:
    """In a child: ask ourselves to terminate as soon as the parent is gone."""
    Thread(target=_wait_for_end_of_input, daemon=True).start()


def _wait_for_end_of_input() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def stop_child(child: subprocess.Popen[bytes], seconds: float = 3) -> None:
    """Ask it to stop, wait, and kill it when it does not."""
    child.terminate()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdin is not None:
        child.stdin.close()


def last_words(log: Path) -> str:
    """The end of a child's log, for the person who has to find out why it died."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-TAIL_LINES:])
