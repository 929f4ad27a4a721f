"""The profile of a window: everything the checks need to know about its rows, without the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import numpy as np

from ops_core.profiles.batch import Counts, Problem
from ops_core.profiles.course import Course
from ops_core.profiles.layout import Layout
from ops_core.profiles.scored import Scored
from ops_core.profiles.tally import Tally

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Scope:
    """Which rows a profile is about: model, times (after `start`, up to `end`) and when labels are due.

    Without `start` or `end` every row counts. `width` is that of the course's stretches, in microseconds.
    """

    model: str
    start: datetime | None = None
    end: datetime | None = None
    labels_due_at: datetime | None = None
    width: int = 60_000_000


@dataclass(frozen=True)
class Profile:
    """Counts of one version's rows in one window, on a layout. Merging two equals profiling both.

    `outcomes` counts score cell × label state × prediction state. The score cells are the layout's, then
    "missing". `splits` counts, by name, part (the layout's, then "another" and "missing") × label state ×
    prediction state. Prediction states are the layout's classes, then "another class" and "missing"; label
    states have a fourth, "not due yet", which takes precedence over what has already arrived, so that early
    labels cannot bias the rest.
    """

    layout: Layout
    scope: Scope
    version: str | None
    n: int
    tallies: Mapping[str, Tally]
    outcomes: Counts
    scored: Scored
    course: Course
    splits: Mapping[str, Counts]
    first_at: datetime | None = None
    last_at: datetime | None = None
    problems: tuple[Problem, ...] = field(default=())
    place: str = ""

    @classmethod
    def empty(cls, layout: Layout, scope: Scope, version: str | None = None) -> Self:
        """The profile of no rows."""
        shape = outcome_shape(layout)
        nothing = np.zeros(0, dtype=np.int64)
        course = Course(scope.width, nothing, nothing, np.zeros((0, *shape[1:]), dtype=np.int64))
        tallies = {name: Tally.empty(cells) for name, cells in layout.features.items()}
        scored = Scored.empty(layout.score.cells)
        splits = {
            name: np.zeros((cells.cells + 1, *shape[1:]), dtype=np.int64)
            for name, cells in layout.splits.items()
        }
        return cls(
            layout, scope, version, 0, tallies, np.zeros(shape, dtype=np.int64), scored, course, splits
        )

    @property
    def confusion(self) -> Counts:
        """Label × prediction of the rows that have both, "another class" last on both axes."""
        classes = len(self.layout.classes) + 1
        joint: Counts = self.outcomes.sum(axis=0)[:classes, :classes]
        return joint

    @property
    def n_labelled(self) -> int:
        """Rows whose label is due and here, and that have a prediction."""
        return int(self.confusion.sum())

    @property
    def n_missing_labels(self) -> int:
        """Rows whose label is due and not here."""
        return int(self.outcomes[:, -2, :].sum())

    @property
    def n_pending_labels(self) -> int:
        """Rows whose label is not due yet."""
        return int(self.outcomes[:, -1, :].sum())

    @property
    def prediction_counts(self) -> Counts:
        """Rows per predicted class, then "another class" and "missing"."""
        counts: Counts = self.outcomes.sum(axis=(0, 1))
        return counts

    @property
    def score_counts(self) -> Counts:
        """Rows per score cell, then "missing"."""
        counts: Counts = self.outcomes.sum(axis=(1, 2))
        return counts

    def merge(self, other: Profile) -> Profile:
        """The profile of both sets of rows; ValueError when they are counted in different cells."""
        if self.layout is not other.layout and self.layout != other.layout:
            raise ValueError("profiles of different layouts cannot be merged")
        return replace(
            self,
            version=self.version if self.version == other.version else None,
            n=self.n + other.n,
            tallies={name: tally.merge(other.tallies[name]) for name, tally in self.tallies.items()},
            outcomes=self.outcomes + other.outcomes,
            scored=self.scored.merge(other.scored),
            course=self.course.merge(other.course),
            splits={name: counts + other.splits[name] for name, counts in self.splits.items()},
            first_at=min((at for at in (self.first_at, other.first_at) if at), default=None),
            last_at=max((at for at in (self.last_at, other.last_at) if at), default=None),
            problems=merge_problems(self.problems, other.problems),
        )

    def to_json(self) -> dict[str, Any]:
        """Counts as plain values; layout and scope are kept beside them, once."""
        return {
            "version": self.version,
            "n": self.n,
            "tallies": {name: tally.to_json() for name, tally in self.tallies.items()},
            "outcomes": self.outcomes.tolist(),
            "scored": self.scored.to_json(),
            "course": self.course.to_json(),
            "splits": {name: counts.tolist() for name, counts in self.splits.items()},
            "first_at": None if self.first_at is None else self.first_at.isoformat(),
            "last_at": None if self.last_at is None else self.last_at.isoformat(),
            "problems": [problem.to_json() for problem in self.problems],
            "place": self.place,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any], layout: Layout, scope: Scope) -> Self:
        """The profile that `to_json` wrote."""
        shape = outcome_shape(layout)
        first_at, last_at = (
            None if plain[name] is None else datetime.fromisoformat(plain[name])
            for name in ("first_at", "last_at")
        )
        return cls(
            layout=layout,
            scope=scope,
            version=plain["version"],
            n=plain["n"],
            tallies={name: Tally.from_json(tally) for name, tally in plain["tallies"].items()},
            outcomes=np.asarray(plain["outcomes"], dtype=np.int64).reshape(shape),
            scored=Scored.from_json(plain["scored"]),
            course=Course.from_json(plain["course"], shape[1:]),
            splits={name: np.asarray(each, dtype=np.int64) for name, each in plain["splits"].items()},
            first_at=first_at,
            last_at=last_at,
            problems=tuple(Problem(**problem) for problem in plain["problems"]),
            place=plain["place"],
        )


def outcome_shape(layout: Layout) -> tuple[int, int, int]:
    """Score cells, label states and prediction states of `Profile.outcomes`."""
    classes = len(layout.classes)
    return layout.score.cells + 1, classes + 3, classes + 2


def merge_problems(*several: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Each problem once, in order, at most `MOST_PROBLEMS`."""
    return tuple(sorted({problem for problems in several for problem in problems})[:MOST_PROBLEMS])


def moment(microseconds: int) -> datetime:
    """An aware UTC time from microseconds since 1970."""
    return EPOCH + timedelta(microseconds=int(microseconds))


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 of an aware time, exactly."""
    return (at - EPOCH) // timedelta(microseconds=1)
