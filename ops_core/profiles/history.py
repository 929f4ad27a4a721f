"""How one version's inputs and answers fell on closed days, long before a window too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Self

import numpy as np

from ops_core.profiles.columns import Bools, Counts
from ops_core.profiles.course import Course
from ops_core.profiles.days import DAY, Days


@dataclass(frozen=True)
class History:
    """Counts by closed UTC day: those of features, and `answers` (T × prediction states).

    The prediction states are the layout's classes, then "another class" and "missing".
    """

    days: Days
    answers: Counts

    @classmethod
    def of(cls, days: Sequence[Days], answers: Sequence[Counts]) -> Self:
        """Of at least one day; each entry of `days` is one day, with the `answers` of its rows beside it."""
        whole = reduce(Days.merge, days)
        counts = np.zeros((len(whole.days), len(answers[0])), dtype=np.int64)
        for one, told in zip(days, answers, strict=True):
            counts[np.searchsorted(whole.days, one.days)] += told
        return cls(whole, counts)

    @classmethod
    def of_course(cls, days: Days, course: Course) -> Self:
        """Of the days of a profile and its course, whose stretches tell days apart."""
        counts = np.zeros((len(days.days), course.counts.shape[-1]), dtype=np.int64)
        np.add.at(counts, np.searchsorted(days.days, course.starts // DAY), course.counts.sum(axis=1))
        return cls(days, counts)

    def on(self, days: Collection[int]) -> History:
        """What is known of these days only."""
        chosen = np.isin(self.days.days, list(days))
        return self if chosen.all() else History(_chosen(self.days, chosen), self.answers[chosen])

    def merge(self, other: History) -> History:
        """Of both, which have no day in common."""
        order = np.argsort(np.concatenate([self.days.days, other.days.days]))
        answers = np.concatenate([self.answers, other.answers])[order]
        return History(self.days.merge(other.days), answers)

    def to_plain(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {"days": self.days.to_plain(), "answers": self.answers}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_plain` wrote."""
        return cls(Days.from_plain(plain["days"]), plain["answers"])


def _chosen(days: Days, chosen: Bools) -> Days:
    counts, missing = (
        {name: each[chosen] for name, each in values.items()} for values in (days.counts, days.missing)
    )
    return Days(days.days[chosen], days.n[chosen], counts, missing)
