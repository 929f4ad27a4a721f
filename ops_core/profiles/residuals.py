"""How far a regression's predictions lie from their labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from ops_core.profiles.columns import Bools, Counts, Floats
from ops_core.profiles.moments import NOTHING, Moments


@dataclass(frozen=True)
class Residuals:
    """Moments of error (prediction − label), |error|, error² and label, over rows that have both.

    `segments` are the same by segment, "another" for those that the reference does not have.
    """

    error: Moments = NOTHING
    absolute: Moments = NOTHING
    squared: Moments = NOTHING
    label: Moments = NOTHING
    segments: Mapping[str, Residuals] = field(default_factory=dict)

    @classmethod
    def of(cls, predictions: Floats, labels: Floats) -> Self:
        """Of rows; where either is not finite they are left out."""
        told = np.isfinite(predictions) & np.isfinite(labels)
        error, label = np.sort(predictions[told] - labels[told]), labels[told]
        return cls(
            Moments.of_sorted(error), Moments.of(np.abs(error)), Moments.of(error**2), Moments.of(label)
        )

    @classmethod
    def by_segment(cls, predictions: Floats, labels: Floats, parts: Counts, names: tuple[str, ...]) -> Self:
        """Of all rows, and of each segment given its position in `names` (beyond them: in none)."""
        whole = cls.of(predictions, labels)
        told = {name: _part(predictions, labels, parts == at) for at, name in enumerate(names)}
        segments = {name: each for name, each in told.items() if each.error.n}
        return cls(whole.error, whole.absolute, whole.squared, whole.label, segments)

    def merge(self, other: Residuals) -> Residuals:
        """Of both sets of rows."""
        mine, theirs = self.segments, other.segments
        return Residuals(
            self.error.merge(other.error),
            self.absolute.merge(other.absolute),
            self.squared.merge(other.squared),
            self.label.merge(other.label),
            {
                name: mine.get(name, NO_RESIDUALS).merge(theirs.get(name, NO_RESIDUALS))
                for name in sorted({*mine, *theirs})
            },
        )

    def to_plain(self) -> dict[str, Any]:
        """Plain values."""
        moments = (self.error, self.absolute, self.squared, self.label)
        return {
            "moments": [each.to_plain() for each in moments],
            "segments": {name: each.to_plain() for name, each in self.segments.items()},
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_plain` wrote."""
        error, absolute, squared, label = map(Moments.from_plain, plain["moments"])
        segments = {name: cls.from_plain(each) for name, each in plain["segments"].items()}
        return cls(error, absolute, squared, label, segments)


def _part(predictions: Floats, labels: Floats, chosen: Bools) -> Residuals:
    return Residuals.of(predictions[chosen], labels[chosen])


NO_RESIDUALS = Residuals()
