"""A metric by segment, and the segment that is surely worse than the whole."""

from __future__ import annotations

from dataclasses import dataclass

from ops_core.profiles.parity import OTHER
from ops_core.profiles.performance import Confusion, Metric
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Rate, p_beyond

SURE = 0.01


@dataclass(frozen=True)
class Segment:
    """One segment's rate, and how likely chance makes it so much worse than the whole."""

    name: str
    rate: Rate
    p_value: float


def confusions(profile: Profile, split: str) -> dict[str, Confusion]:
    """By part of a split, of those that have rows with label and prediction; empty without the column."""
    cells, counts = profile.layout.splits.get(split), profile.splits.get(split)
    if cells is None or counts is None:
        return {}
    known = len(profile.layout.classes) + 1
    found = {
        name: Confusion.of(joint[:known, :known], profile.layout)
        for name, joint in zip((*cells.values, OTHER), counts[:-1], strict=True)
    }
    return {name: counted for name, counted in found.items() if counted.n}


def segments(profile: Profile, metric: Metric) -> list[Segment]:
    """The segments that have rows with label and prediction, the surest to be worse first.

    p-values are multiplied by how many segments there are (Bonferroni). Empty without a segment column.
    """
    whole = metric.rate(Confusion.of(profile.confusion, profile.layout)).value
    if whole is None:
        return []
    rates = {name: metric.rate(counted) for name, counted in confusions(profile, "segment").items()}
    told = {name: rate for name, rate in rates.items() if rate.n}
    found = [
        Segment(name, rate, min(1.0, len(told) * p_beyond(rate, whole, metric.worse)))
        for name, rate in told.items()
    ]
    return sorted(found, key=lambda each: (each.p_value, each.name))


def worst_segment(found: list[Segment]) -> Segment | None:
    """The segment that stands out, if one surely does; a fault that is everywhere has none."""
    return found[0] if len(found) > 1 and found[0].p_value <= SURE else None
