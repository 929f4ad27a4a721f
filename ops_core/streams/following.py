"""Follows one stream: what came since the last look is added to what was known, wherever it belongs."""

from __future__ import annotations

from typing import NamedTuple

from sqlmodel import Session

from ops_core.drift.running import Change, Running, State, Usual
from ops_core.streams.served import Served
from ops_core.streams.stretch import StreamStretch, stretches

MOST_STRETCHES = 10_000
"""The newest seconds with counts that are looked at after a start: 3 hours without a pause, or many days."""
MARKED_EVERY = 50
"""Seconds with counts after which what is known is kept, for counts that come late."""
SECOND = 1_000_000


class Seen(NamedTuple):
    """What is known after a second: the detector's state, rows and errors so far, first and last times."""

    second: int = -1
    state: State = State()
    rows: int = 0
    errors: int = 0
    first: float = 0.0
    last: float = 0.0


class Following:
    """A stream in memory; it is made anew from the rows whenever what is usual, or what serves, changes."""

    def __init__(self, model: str, usual: Usual, served: Served, after: int | None) -> None:
        self.model = model
        self.basis = (usual, served, after)
        self._running = Running(usual)
        self._served = served
        self._marks = [Seen(-1 if after is None else after)]

    def look(self, session: Session, changed: int | None) -> tuple[Seen, Change | None]:
        """All that is known now, given the earliest second that changed since the last look."""
        if changed is not None:
            while len(self._marks) > 1 and self._marks[-1].second >= changed:
                self._marks.pop()
        seen = self._marks[-1]
        for number, stretch in enumerate(stretches(session, self.model, seen.second, MOST_STRETCHES), 1):
            if number % MARKED_EVERY == 0 and stretch.second > seen.second:
                self._marks.append(seen)
            seen = self._after(seen, stretch)
        del self._marks[1 : -MOST_STRETCHES // MARKED_EVERY]
        return seen, self._running.change(seen.state)

    def _after(self, seen: Seen, stretch: StreamStretch) -> Seen:
        if not self._served.concern(stretch):
            return seen._replace(second=stretch.second)
        state, rows, errors, last = seen.state, seen.rows, seen.errors, seen.last
        for moment, n, wrong in stretch.pieces:
            last = stretch.second + moment / SECOND
            state = self._running.after(state, last, wrong, n)
            rows, errors = rows + n, errors + wrong
        first = seen.first or stretch.second + stretch.pieces[0][0] / SECOND
        return Seen(stretch.second, state, rows, errors, first, last)
