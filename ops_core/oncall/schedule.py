"""A schedule: layers of rotations in one time zone, of which the first that holds decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from ops_core.errors import Invalid
from ops_core.oncall.rotation import DAY, Rotation
from ops_core.oncall.turn import Turn, joined

WEEK = timedelta(days=7)
_MONDAY = datetime(2001, 1, 1)  # noqa: DTZ001 - a local week of no zone
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Schedule:
    """Who is on call by rotation, at every moment exactly one person. Raises `Invalid` for one with a gap."""

    name: str
    zone: ZoneInfo
    layers: tuple[Rotation, ...]

    def __post_init__(self) -> None:
        found = gaps(self.layers)
        if found:
            named = ", ".join(f"{_spelled(start)} to {_spelled(end)}" for start, end in found)
            raise Invalid(
                f"The schedule “{self.name}” has nobody from {named} ({self.zone}).",
                hint="Add a layer without `only` at its end, or widen the hours of one.",
            )

    def person(self, at: datetime) -> str:
        """Who has the turn at a moment."""
        return next(found for layer in self.layers if (found := layer.person(at, self.zone)))

    def turns(self, start: datetime, end: datetime) -> list[Turn]:
        """The turns between two moments, without a gap; the first and the last may be cut off."""
        cuts = {start, end}
        for layer in self.layers:
            cuts.update(at for at in layer.cuts(start, end, self.zone) if start < at < end)
        return joined(Turn(self.person(one), one, other) for one, other in pairwise(sorted(cuts)))

    def turn(self, at: datetime) -> Turn:
        """The whole turn that holds a moment, from handover to handover (looked for within 60 days)."""
        reach = WEEK
        while True:
            around = self.turns(at - reach, at + reach)
            mine = next(turn for turn in around if turn.holds(at))
            cut = mine.starts_at == around[0].starts_at or mine.ends_at == around[-1].ends_at
            if not cut or reach > timedelta(days=60):
                return mine
            reach *= 3


def gaps(layers: tuple[Rotation, ...]) -> list[tuple[datetime, datetime]]:
    """The parts of a local week in which no layer holds, as naive times of the week from 1 January 2001.

    All layers share a zone and local times keep their order as moments, so a week without a gap on the
    wall clock has none on days when clocks are changed either.
    """
    if any(not layer.only for layer in layers):
        return []
    windows = sorted(
        window
        for layer in layers
        for restriction in layer.only
        for window in restriction.windows(_MONDAY.date() - DAY, _MONDAY.date() + WEEK)
    )
    found, reached = [], _MONDAY
    for start, end in windows:
        if start > reached and reached < _MONDAY + WEEK:
            found.append((reached, min(start, _MONDAY + WEEK)))
        reached = max(reached, end)
    if reached < _MONDAY + WEEK:
        found.append((reached, _MONDAY + WEEK))
    return found


def _spelled(local: datetime) -> str:
    return f"{_DAYS[local.weekday()]} {local:%H:%M}"
