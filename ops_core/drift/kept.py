"""What profiles keep of features, scores and answers, in all and by day, ready to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ops_core.drift.histories import Kept
from ops_core.profiles.cells import Categorical, Cells, Numeric
from ops_core.profiles.columns import Counts
from ops_core.profiles.days import DAY
from ops_core.profiles.profile import Profile


@dataclass(frozen=True)
class Side:
    """One side of a comparison: cells, rows on all of them, rows on the daily ones."""

    cells: Cells
    counts: Counts
    kept: Kept

    @property
    def rows(self) -> int:
        """Rows with a value."""
        return int(self.counts.sum())

    @property
    def missing_ratio(self) -> float:
        """The share of rows without a value."""
        return self.kept.missing / max(1, self.rows + self.kept.missing)

    @property
    def parts(self) -> Counts:
        """Rows on the ten parts of a number, or by category."""
        return self.cells.coarsen(self.counts) if isinstance(self.cells, Numeric) else self.counts


def inputs(profile: Profile) -> Mapping[str, Side]:
    """Every feature, but for columns that are measures of the answers; days from the history, if known."""
    days = profile.days if profile.history is None else profile.history.days
    found = {}
    for name, tally in profile.tallies.items():
        if name in profile.layout.measures.values():
            continue
        cells = profile.layout.features[name]
        daily = cells.by_day(tally.counts) if isinstance(cells, Numeric) else tally.counts
        kept = Kept(daily, tally.missing, days.days, days.counts[name], days.missing[name])
        found[name] = Side(cells, tally.counts, kept)
    return found


def answers(profile: Profile) -> Mapping[str, Side]:
    """Predicted classes, by day as far as the course tells them, and scores."""
    classes = Categorical(tuple(str(each) for each in profile.layout.classes))
    days, by_day = _answers_by_day(profile)
    counts = profile.prediction_counts
    kept = Kept(counts[:-1], int(counts[-1]), days, by_day[:, :-1], by_day[:, -1])
    found = {"prediction": Side(classes, counts[:-1], kept)}
    score = profile.layout.score
    if score.edges:
        scores = profile.score_counts
        daily = score.by_day(scores[:-1])
        none = np.zeros(0, dtype=np.int64)
        empty = np.zeros((0, len(daily)), dtype=np.int64)
        found["score"] = Side(score, scores[:-1], Kept(daily, int(scores[-1]), none, empty, none))
    return found


def _answers_by_day(profile: Profile) -> tuple[Counts, Counts]:
    if profile.history is not None:
        return profile.history.days.days, profile.history.answers
    course = profile.course
    rows: Counts = course.counts.sum(axis=1)
    days, which = np.unique(course.starts // DAY, return_inverse=True)
    by_day = np.zeros((len(days), rows.shape[1]), dtype=np.int64)
    np.add.at(by_day, which, rows)
    return days, by_day
