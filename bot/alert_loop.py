"""The alert loop: tells of groups as soon as the intake has written what changed in them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from ops_core.alerts.groups import Groups
from ops_core.errors import OpsError

log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5
"""How often it looks for every marked group: of a process that died, or changed again since it was told."""
REST = 3
"""How much longer than its round it rests, so that the intake has its turn in a storm."""
LONGEST_REST_SECONDS = 1.0


class AlertLoop:
    """One thread, woken by the intake.

    A group is told of at once, but again only with the next sweep: in a storm each commit changes it. What
    somebody has to get up for neither waits for the others nor for a rest.
    """

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self._marked: set[int] = set()
        self._pages: set[int] = set()
        self._told: set[int] = set()
        """Groups that were told since the last sweep."""
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._hurry = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)

    def start(self) -> None:
        """Begin with what was left over."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the round; what is left stays marked."""
        self._stopping.set()
        self._hurry.set()
        self._woken.set()
        if self._thread.ident:
            self._thread.join(timeout=10)

    def wake(self, groups: set[int], pages: set[int]) -> None:
        """These groups changed, and in some is something to get up for. Before the start all are told now."""
        if not self._thread.is_alive():
            self.groups.work(groups)
            return
        with self._lock:
            self._marked |= groups
            self._pages |= pages
        if pages:
            self._hurry.set()
        self._woken.set()

    def _run(self) -> None:
        swept = float("-inf")
        while not self._stopping.is_set():
            begun = time.monotonic()
            self._woken.clear()
            try:
                self._tell(self._taken())
                if begun - swept >= SWEEP_SECONDS:
                    swept = begun
                    self._told = set()
                    self._tell(self.groups.marked())
                now = time.monotonic()
                self._rest(now + min(REST * (now - begun), LONGEST_REST_SECONDS))
            except OpsError as error:
                log.warning("alerts: %s", error.message)
                self._stopping.wait(SWEEP_SECONDS)
            except Exception:  # this loop's one broad except: what cannot be told must not hush all else
                log.exception("alerts")
                self._stopping.wait(SWEEP_SECONDS)
            self._woken.wait(max(swept + SWEEP_SECONDS - time.monotonic(), 0.0))

    def _tell(self, groups: Iterable[int]) -> None:
        """Tell of these groups, and between them of what is urgent."""
        fresh = set(groups) - self._told
        self._told |= fresh
        for _ in self.groups.parts(fresh):
            self._tell_pages()

    def _tell_pages(self) -> None:
        if self._hurry.is_set():
            self._hurry.clear()
            self.groups.work(self._taken(pages=True))

    def _rest(self, until: float) -> None:
        while not self._stopping.is_set() and self._hurry.wait(max(until - time.monotonic(), 0.0)):
            self._tell_pages()

    def _taken(self, *, pages: bool = False) -> set[int]:
        """What was marked, or of it only what is urgent."""
        with self._lock:
            if pages:
                found, self._pages = self._pages, set()
                self._marked -= found
            else:
                found, self._marked, self._pages = self._marked, set(), set()
        self._told |= found if pages else set()
        return found
