"""The running process: start everything in order, wait, stop everything in reverse."""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import ExitStack

from bot.wiring.building import Tocsin

log = logging.getLogger(__name__)

LONGEST_REHEARSAL_SECONDS = 5


class Process:
    """A started Tocsin, until the end of its `with` block."""

    def __init__(self, tocsin: Tocsin) -> None:
        self.tocsin = tocsin
        self._stack = ExitStack()

    def __enter__(self) -> Process:
        with ExitStack() as started:  # closed again if a later part does not start
            self._start(self.tocsin, started)
            self._stack = started.pop_all()
        log.info("ready")
        return self

    def _start(self, tocsin: Tocsin, stack: ExitStack) -> None:
        stack.callback(tocsin.database.close)
        stack.callback(tocsin.worker.close)
        tocsin.sender.start()
        stack.callback(tocsin.sender.stop)
        tocsin.alert_loop.start()
        stack.callback(tocsin.alert_loop.stop)
        tocsin.tools.alerts.intake.start()
        stack.callback(tocsin.tools.alerts.intake.stop)
        tocsin.stream_loop.start()
        stack.callback(tocsin.stream_loop.stop)
        tocsin.oncall.begin()
        tocsin.clockwork.start()
        stack.callback(tocsin.clockwork.stop)
        stack.callback(tocsin.pool.shutdown, wait=True, cancel_futures=True)
        if tocsin.settings.http.port is not None:
            from bot.http_door import HttpDoor  # heavy: starlette, 0.06 s

            stack.enter_context(HttpDoor(tocsin))
        if tocsin.socket is not None:
            tocsin.socket.connect()
            stack.callback(tocsin.socket.close)

    def __exit__(self, *error: object) -> None:
        """Stop taking work, finish what was begun, close."""
        self._stack.close()


def run_until_told(tocsin: Tocsin) -> None:
    """Run until SIGINT or SIGTERM."""
    told = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())
    rehearsal = threading.Thread(target=tocsin.rehearsal.run, name="rehearsal", daemon=True)
    rehearsal.start()  # beside, so that a fault in it stops nothing
    rehearsal.join(LONGEST_REHEARSAL_SECONDS)  # but before anybody can be kept waiting by it
    with Process(tocsin):
        told.wait()
