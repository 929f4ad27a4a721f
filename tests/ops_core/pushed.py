"""A house whose model is told of by pushes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from ops_core.checks.finding import Finding
from ops_core.streams.counts import Counts
from ops_core.streams.streams import Streams, Taken
from ops_core.streams.stretch import stretches
from ops_core.streams.watch import StreamWatch
from tests.ops_core.stand_ins import MODEL, SECOND
from tests.ops_core.world import House

STEP = 5 * SECOND
EACH = 200


class Pushed:
    """A house whose model is told of by pushes, and looked at after each of them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.restart()

    def restart(self) -> None:
        """Begin with an empty memory, as a new process does."""
        house = self.house
        judge = house.judge
        self.streams = Streams(house.database, house.clock, house.world.models, judge.usual_errors)
        self.streams.refresh(MODEL)
        house.checkups.world = replace(house.world, streams=self.streams.gauges)
        self.watch = StreamWatch(house.store, self.streams, house.checkups)

    def push(self, errors: int, predictions: int = EACH, **more: Any) -> Finding | None:
        """One push now, and the look that follows; five seconds pass."""
        self.take(errors, predictions, **more)
        found = self.watch.look(MODEL)
        self.house.clock.advance(STEP)
        return found

    def take(self, errors: int, predictions: int = 40, **more: Any) -> Taken:
        """One push, without a look."""
        told: dict[str, Any] = {"model": MODEL, "at": self.house.clock.now()} | more
        return self.streams.take("them", [Counts(predictions=predictions, errors=errors, **told)])

    def go(self, rate: float, pushes: int, seed: int = 1, **more: Any) -> Finding | None:
        """So many pushes of 200 answers at an error rate."""
        chance, found = random.Random(seed), None  # noqa: S311 - no secret
        for _ in range(pushes):
            found = self.push(sum(chance.random() < rate for _ in range(EACH)), **more)
        return found

    def rows(self) -> tuple[int, int]:
        """Answers and errors that are kept."""
        with self.house.store.read() as session:
            pieces = [piece for one in stretches(session, MODEL, None, 10**6) for piece in one.pieces]
        return sum(rows for _, rows, _ in pieces), sum(wrong for _, _, wrong in pieces)
