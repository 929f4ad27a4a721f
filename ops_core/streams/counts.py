"""Counts that a serving process pushed: so many answers, of which so many were wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from ops_core.checks.wording import words
from ops_core.clock import CLOCKS_APART
from ops_core.errors import Invalid

OLDEST = timedelta(hours=24)
"""Older counts say nothing of how the model does now."""
MOST_PREDICTIONS = 10_000_000
"""Answers in one push: more are a mistake, or a job for files."""
PIECE = 20
"""Answers whose order is known are cut into pieces of so many."""


@dataclass(frozen=True)
class Counts:
    """One push about one model.

    `errors` of `predictions` answers were wrong, at `at`; `outcomes` are the same in order, 1 for a wrong
    answer, where the order is known. `version` is which version answered, if that was said. Of pushes with
    the same `key` one counts. `where` is its place in what was sent.
    """

    model: str
    predictions: int
    errors: int
    at: datetime
    outcomes: tuple[int, ...] = ()
    version: str = ""
    key: str = ""
    where: str = "counts"

    def check(self, now: datetime) -> None:
        """Raises `Invalid`, with the place, for counts that cannot be."""
        if not 0 <= self.predictions <= MOST_PREDICTIONS:
            raise self.wrong("predictions", f"must lie between 0 and {MOST_PREDICTIONS:,}")
        if not 0 <= self.errors <= self.predictions:
            most = f"must lie between 0 and the {self.predictions:,} predictions; it is {self.errors:,}"
            raise self.wrong("errors", most)
        if self.outcomes and (len(self.outcomes), sum(self.outcomes)) != (self.predictions, self.errors):
            there = f"{len(self.outcomes):,} answers, {sum(self.outcomes):,} of them wrong"
            said = f"{self.predictions:,} predictions and {self.errors:,} errors"
            raise self.wrong("outcomes", f"holds {there}, which are not the {said} beside it")
        if self.at > now + CLOCKS_APART:
            ahead = words(self.at - now)
            raise self.wrong("at", f"lies {ahead} ahead of this machine's clock", "Compare the clocks.")
        if self.at < now - OLDEST:
            ago = f"{self.at:%Y-%m-%d %H:%M} UTC"
            raise self.wrong("at", f"is {ago}, more than {words(OLDEST)} ago", "Leave it out for now.")

    @property
    def digest(self) -> str:
        """What two pushes with one key must have in common; a time that was left out differs each time."""
        told = (self.model, self.version, self.predictions, self.errors, self.outcomes)
        return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Rows and errors, oldest first: one piece, or many where the order is known."""
        if not self.outcomes:
            return [(self.predictions, self.errors)]
        cut = [self.outcomes[at : at + PIECE] for at in range(0, len(self.outcomes), PIECE)]
        return [(len(each), sum(each)) for each in cut]

    def wrong(self, field: str, why: str, hint: str = "") -> Invalid:
        """The refusal, with the place."""
        place = f"{self.where}.{field}"
        return Invalid(f"{place} {why}.", hint=hint, field=place)
