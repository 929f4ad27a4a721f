"""The stream loop: judges a stream as soon as something of it was pushed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ops_core.errors import OpsError
from ops_core.streams.streams import Streams
from ops_core.streams.watch import StreamWatch

log = logging.getLogger(__name__)

REST = 3
"""How much longer than its round it rests, so that what is pushed has its turn."""
LONGEST_REST_SECONDS = 0.5


class StreamLoop:
    """One thread, woken by each request that was kept; another reads what is usual, which may take long."""

    def __init__(self, streams: Streams, watch: StreamWatch) -> None:
        self.streams = streams
        self.watch = watch
        self.looks = 0
        """How many there were since the start."""
        self._marked: set[str] = set()
        self._reading: set[str] = set()
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="usual")
        self._thread = threading.Thread(target=self._run, name="streams", daemon=True)

    def start(self) -> None:
        """Begin with what may not have been judged before the last end."""
        self.wake(self.streams.streaming())
        self._thread.start()

    def stop(self) -> None:
        """Finish the round."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident:
            self._thread.join(timeout=10)
        self._reader.shutdown(wait=True, cancel_futures=True)

    def wake(self, models: set[str]) -> None:
        """Something of these was pushed."""
        with self._lock:
            self._marked |= models
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            begun = time.monotonic()
            with self._lock:
                marked, self._marked = self._marked, set()
            for model in sorted(marked):
                self._guarded(self._look, model)
            self._stopping.wait(min(REST * (time.monotonic() - begun), LONGEST_REST_SECONDS))

    def _guarded(self, do: Callable[[str], None], model: str) -> None:
        """The stream loop's one broad except: a fault with one stream must not end the others."""
        try:
            do(model)
        except Exception:
            log.exception("stream of %s", model)

    def _look(self, model: str) -> None:
        try:
            if self.streams.knows(model):
                self.watch.look(model)
                self.looks += 1
            else:
                self._read(model)
        except OpsError as error:
            log.warning("stream of %s: %s", model, error.message)
            if error.may_retry and not self._stopping.wait(LONGEST_REST_SECONDS):
                self.wake({model})

    def _read(self, model: str) -> None:
        """Have it read what is usual; the streams wake this loop when that is known."""
        with self._lock:
            if model in self._reading:
                return
            self._reading.add(model)
        self._reader.submit(self._guarded, self._refresh, model)

    def _refresh(self, model: str) -> None:
        try:
            self.streams.refresh(model)
        except OpsError as error:
            log.warning("stream of %s: what is usual could not be read: %s", model, error.message)
        finally:
            with self._lock:
                self._reading.discard(model)
