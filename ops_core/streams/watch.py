"""Looks at a stream as soon as something was pushed, and tells what is new."""

from __future__ import annotations

from datetime import timedelta

from ops_core.checks.finding import Finding
from ops_core.checks.signal_check import Look
from ops_core.rhythm.checkups import Checkups, latest
from ops_core.store.transaction import Store
from ops_core.streams.served import Served
from ops_core.streams.streamed import STREAM
from ops_core.streams.streams import Streams

TOLD_EVERY = timedelta(seconds=30)
"""A finding that says the same is told again after so long."""


class StreamWatch:
    """Judges a stream between the looks by the clock, with the check and limits that the settings name.

    The registry is not asked: what serves is what the ledger knows.
    """

    def __init__(self, store: Store, streams: Streams, checkups: Checkups) -> None:
        self.store = store
        self.streams = streams
        self.checkups = checkups

    def look(self, model: str) -> Finding | None:
        """Judge a model's stream now; told if the verdict is another than before, or some time has passed."""
        now = self.store.clock.now()
        with self.store.read() as session:
            version = Served.now(session, self.streams.models[model]).version
            before = next((each for each in latest(session, model) if each.check == STREAM), None)
        found = next(iter(self.checkups.world.streamed(model, Look(model, now, version))), None)
        if found is None:
            return None
        same = before is not None and before.verdict is found.verdict
        if before is None or not same or now - before.window_end >= TOLD_EVERY:
            self.checkups.hear(model, [found])
        return found
