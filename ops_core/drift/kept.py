"""What profiles keep of features, scores and answers, in all and by day, ready to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ops_core.drift.histories import Kept
from ops_core.profiles.cells import MOST_CATEGORIES, Categorical, Cells, Numeric
from ops_core.profiles.columns import Counts
from ops_core.profiles.history import History
from ops_core.profiles.profile import Profile

LARGE_SHARE, LARGE_ROWS = 0.01, 100
"""So frequent is a category of very many that its share on the reference says what is usual."""


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


def folded(side: Side, usual: Side) -> Side:
    """The side as it can be compared where the reference has more categories than are told apart.

    Which ones are told apart was chosen by how frequent they were in the reference, so that rare ones are
    seldom as frequent again: only those with `LARGE_SHARE` of its rows, and `LARGE_ROWS`, stay apart.
    """
    if not isinstance(side.cells, Categorical) or not usual.counts[-1] or len(usual.counts) < MOST_CATEGORIES:
        return side
    large = usual.counts[:-1] >= max(LARGE_ROWS, LARGE_SHARE * usual.rows)
    kept = np.flatnonzero(large)
    values = Categorical(tuple(side.cells.values[at] for at in kept.tolist()))
    own = side.kept
    return Side(
        values,
        _folded(side.counts, kept),
        Kept(_folded(own.counts, kept), own.missing, own.days, _folded(own.by_day, kept), own.missing_by_day),
    )


def _folded(counts: Counts, kept: Counts) -> Counts:
    """Along the last axis: these cells, and all others together."""
    apart = counts[..., kept]
    rest = counts.sum(axis=-1, keepdims=True) - apart.sum(axis=-1, keepdims=True)
    return np.concatenate([apart, rest], axis=-1)


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
    told = profile.history or History.of_course(profile.days, profile.course)
    return told.days.days, told.answers
