"""The alert loop: tells of groups as soon as the intake has written what changed in them."""

from __future__ import annotations

import logging
import threading
import time

from ops_core.alerts.groups import Groups
from ops_core.errors import OpsError

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
"""How often it looks for groups that somebody else marked, such as a process that died."""


REST = 3
"""How much longer than its round it rests, so that the intake has its turn in a storm."""


class AlertLoop:
    """One thread, woken by the intake."""

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self._marked: set[int] = set()
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)

    def start(self) -> None:
        """Begin with what was left over."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the round; what is left stays marked."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident:
            self._thread.join(timeout=10)

    def wake(self, groups: set[int]) -> None:
        """These groups changed. Before it is started they are told of at once."""
        if not self._thread.is_alive():
            self.groups.work(groups)
            return
        with self._lock:
            self._marked |= groups
        self._woken.set()

    def _run(self) -> None:
        looked = float("-inf")
        while not self._stopping.is_set():
            begun = time.monotonic()
            with self._lock:
                marked, self._marked = self._marked, set()
            self._woken.clear()
            try:
                self.groups.work(marked)
                if begun - looked >= IDLE_SECONDS:
                    looked = begun
                    self.groups.work_all()
            except OpsError as error:
                log.warning("alerts: %s", error.message)
            self._stopping.wait(min(REST * (time.monotonic() - begun), IDLE_SECONDS))
            self._woken.wait(IDLE_SECONDS)
