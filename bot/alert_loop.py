"""The alert loop: tells of groups as soon as the intake has written what changed in them."""

from __future__ import annotations

import logging
import threading
import time

from ops_core.alerts.groups import Groups
from ops_core.errors import OpsError

log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5
"""How often it looks for every marked group: of a process that died, or changed again since it was told."""


REST = 3
"""How much longer than its round it rests, so that the intake has its turn in a storm."""


class AlertLoop:
    """One thread, woken by the intake.

    A group is told of at once, but again only with the next sweep: in a storm each commit changes it.
    """

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
        swept, told = float("-inf"), set[int]()
        while not self._stopping.is_set():
            begun = time.monotonic()
            self._woken.clear()
            with self._lock:
                marked, self._marked = self._marked, set()
            try:
                self.groups.work(marked - told)
                told |= marked
                if begun - swept >= SWEEP_SECONDS:
                    swept, told = begun, set()
                    self.groups.work_all()
            except OpsError as error:
                log.warning("alerts: %s", error.message)
            now = time.monotonic()
            self._stopping.wait(min(REST * (now - begun), SWEEP_SECONDS))
            self._woken.wait(max(swept + SWEEP_SECONDS - now, 0.0))
