"""The profile of a window: everything the checks need to know about its rows, without the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import numpy as np

from ops_core.profiles.batch import Problem
from ops_core.profiles.columns import Counts
from ops_core.profiles.course import Course
from ops_core.profiles.days import Days
from ops_core.profiles.history import History
from ops_core.profiles.keys import Keys
from ops_core.profiles.layout import PROBABILITIES, Layout
from ops_core.profiles.packing import pack, unpack
from ops_core.profiles.pairs import Pairs
from ops_core.profiles.residuals import NO_RESIDUALS, Residuals
from ops_core.profiles.scored import Scored
from ops_core.profiles.tally import Tally

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Scope:
    """Which rows a profile is about: model, times (after `start`, up to `end`) and when labels are due.

    Without `start` or `end` every row counts. `width` is that of the course's stretches, in microseconds.
    Without `pairs` no correlations are kept, which take a third of the time. Rows of the days `without` (UTC,
    days since 1970) are left out.
    """

    model: str
    start: datetime | None = None
    end: datetime | None = None
    labels_due_at: datetime | None = None
    width: int = 60_000_000
    pairs: bool = True
    without: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Profile:
    """Counts of one version's rows in one window, on a layout. Merging two equals profiling both.

    `outcomes` counts score cell × label state × prediction state. The score cells are the layout's, then
    "missing". `splits` counts, by name, part (the layout's, then "another" and "missing") × label state ×
    prediction state. Prediction states are the layout's classes, then "another class" and "missing"; label
    states have a fourth, "not due yet", which takes precedence over what has already arrived, so that early
    labels cannot bias the rest.
    `pairs` are for correlations, `residuals` for regressions, `days` for what changes from day to day, `keys`
    for rows that came twice. `history` is not of the window: it holds the closed days until now, for
    checks that compare days, and belongs to no stored profile.
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
    days: Days
    pairs: Pairs
    keys: Keys
    residuals: Residuals = NO_RESIDUALS
    first_at: datetime | None = None
    last_at: datetime | None = None
    problems: tuple[Problem, ...] = field(default=())
    place: str = ""
    history: History | None = None

    @classmethod
    def empty(cls, layout: Layout, scope: Scope, version: str | None = None) -> Self:
        """The profile of no rows."""
        shape = outcome_shape(layout)
        nothing = np.zeros(0, dtype=np.int64)
        splits = {name: (cells.cells + 1, *shape[1:]) for name, cells in layout.splits.items()}
        return cls(
            layout=layout,
            scope=scope,
            version=version,
            n=0,
            tallies={name: Tally.empty(cells) for name, cells in layout.features.items()},
            outcomes=np.zeros(shape, dtype=np.int64),
            scored=Scored.empty(layout.score, layout.ranks),
            course=Course(scope.width, nothing, nothing, np.zeros((0, *shape[1:]), dtype=np.int64)),
            splits={name: np.zeros(each, dtype=np.int64) for name, each in splits.items()},
            days=Days.empty(layout.features),
            pairs=Pairs.empty(tuple(layout.scales) if scope.pairs else ()),
            keys=Keys.empty(),
        )

    @property
    def confusion(self) -> Counts:
        """Label × prediction of the rows that have both, "another class" last on both axes."""
        classes = len(self.layout.classes) + 1
        joint: Counts = self.outcomes.sum(axis=0)[:classes, :classes]
        return joint

    @property
    def n_labelled(self) -> int:
        """Rows whose label is due, here and of a known class (or a number), and that have a prediction."""
        every = self.layout.task == "regression"
        return int((self.confusion if every else self.confusion[:-1]).sum())

    @property
    def n_unknown_labels(self) -> int:
        """Rows whose label is due and here, but of a class that the reference does not have."""
        return 0 if self.layout.task == "regression" else int(self.outcomes[:, -3, :].sum())

    @property
    def scores_outside(self) -> tuple[int, int]:
        """Scores that are no probability, and all scores."""
        counts = self.score_counts[:-1]
        return self.layout.score.counted_outside(counts, PROBABILITIES), int(counts.sum())

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
            days=self.days.merge(other.days),
            pairs=self.pairs.merge(other.pairs),
            keys=self.keys.merge(other.keys),
            residuals=self.residuals.merge(other.residuals),
            first_at=min((at for at in (self.first_at, other.first_at) if at), default=None),
            last_at=max((at for at in (self.last_at, other.last_at) if at), default=None),
            problems=merge_problems(self.problems, other.problems),
        )

    @property
    def repeated_keys(self) -> int:
        """Rows whose key was seen before in the window: see `Keys.repeated`."""
        return self.keys.repeated

    def to_plain(self) -> dict[str, Any]:
        """Counts as plain values and arrays; layout and scope are kept beside them, once."""
        return {
            "version": self.version,
            "n": self.n,
            "tallies": {name: tally.to_plain() for name, tally in self.tallies.items()},
            "outcomes": self.outcomes,
            "scored": self.scored.to_plain(),
            "course": self.course.to_plain(),
            "splits": dict(self.splits),
            "days": self.days.to_plain(),
            "pairs": self.pairs.to_plain(),
            "keys": self.keys.to_plain(),
            "residuals": self.residuals.to_plain(),
            "seen": [None if at is None else microseconds(at) for at in (self.first_at, self.last_at)],
            "problems": [problem.to_json() for problem in self.problems],
            "place": self.place,
        }

    def to_bytes(self) -> bytes:
        """The profile for the database, compressed, without layout and scope."""
        return pack(self.to_plain())

    @classmethod
    def from_bytes(cls, content: bytes, layout: Layout, scope: Scope) -> Self:
        """The profile that `to_bytes` wrote; ValueError when these bytes are none."""
        return cls.from_plain(unpack(content), layout, scope)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any], layout: Layout, scope: Scope) -> Self:
        """The profile that `to_plain` wrote."""
        first_at, last_at = (None if at is None else moment(at) for at in plain["seen"])
        return cls(
            layout=layout,
            scope=scope,
            version=plain["version"],
            n=plain["n"],
            tallies={name: Tally.from_plain(tally) for name, tally in plain["tallies"].items()},
            outcomes=plain["outcomes"],
            scored=Scored.from_plain(plain["scored"]),
            course=Course.from_plain(plain["course"]),
            splits=plain["splits"],
            days=Days.from_plain(plain["days"]),
            pairs=Pairs.from_plain(plain["pairs"]),
            keys=Keys.from_plain(plain["keys"]),
            residuals=Residuals.from_plain(plain["residuals"]),
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
