"""From the answers of the counting queries to profiles: the same as if the rows had been read here."""

from __future__ import annotations

import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from bot.adapters.tables import counting, pairing
from bot.adapters.tables.counting import Query
from bot.adapters.tables.gathered import Gathered, Row, count_numbers, count_texts, moments
from bot.adapters.tables.warehouse import Unanswered
from bot.adapters.tables.window import Window
from ops_core.profiles.batch import Problem
from ops_core.profiles.cells import Categorical, Numeric
from ops_core.profiles.course import Course
from ops_core.profiles.days import DAY, Days, daily_cells
from ops_core.profiles.keys import Keys
from ops_core.profiles.layout import Layout
from ops_core.profiles.moments import NOTHING
from ops_core.profiles.pairs import Pairs
from ops_core.profiles.parity import OTHER
from ops_core.profiles.profile import Profile, merge_problems, moment, outcome_shape
from ops_core.profiles.residuals import NO_RESIDUALS, Residuals
from ops_core.profiles.scored import Scored
from ops_core.profiles.tally import MOST_UNSEEN, Tally

Ask: TypeAlias = Callable[[Query], list[Row]]
Version: TypeAlias = "str | None"
LONGEST = timedelta(minutes=2)
"""How long all queries of a run may take together; one that has begun may end."""


class Gathering:
    """Asks a window's questions one after the other, for at most `LONGEST` together.

    Raises `Unanswered` when even the number of rows cannot be told. Any other question that is not
    answered leaves its part uncounted, and a problem that says so.
    """

    def __init__(
        self, window: Window, layout: Layout, ask: Ask, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.window = window
        self.layout = layout
        self.found: dict[Version, Gathered] = {}
        self._ask = ask
        self._clock = clock
        self._end = clock() + LONGEST.total_seconds()

    def ask(self, query: Query) -> list[Row]:
        """The answer to one question, while there is time for it."""
        if self._clock() > self._end:
            raise Unanswered(f"was not asked for, after {LONGEST.total_seconds():g} s for other queries")
        return self._ask(query)

    def profiles(self) -> dict[Version, Profile]:
        """The profile of each version that has rows in the window."""
        self._days()
        if not self.found:
            return {}
        self._part("answers", self._outcomes)
        self._part("course of time", self._course)
        for name, cells in self.layout.features.items():
            self._part(f"column {name}", partial(self._feature, name, cells))
        for name in self.layout.splits:
            self._part(name, partial(self._split, name))
        if self.layout.task == "regression":
            self._part("errors", self._residuals)
        self._part("keys", self._keys)
        if self.window.scope.pairs and self.layout.scales:
            self._part("correlations", self._pairs)
        return {version: self._whole(each) for version, each in self.found.items()}

    def _part(self, what: str, gather: Callable[[], None]) -> None:
        try:
            gather()
        except Unanswered as error:
            for each in self.found.values():
                each.problems.append(Problem(what, f"could not be counted: {error}"))

    def _days(self) -> None:
        for version, rows in _by_version(self.ask(counting.days(self.window))):
            told = sorted(rows)
            n = np.array([row[1] for row in told], dtype=np.int64)
            empty = Profile.empty(self.layout, self.window.scope, version)
            profile = replace(
                empty,
                n=int(n.sum()),
                first_at=moment(min(row[2] for row in told)),
                last_at=moment(max(row[3] for row in told)),
                days=replace(empty.days, days=np.array([row[0] for row in told]) // DAY, n=n),
            )
            self.found[version] = Gathered(profile, [int(row[0]) for row in told])

    def _feature(self, name: str, cells: Numeric | Categorical) -> None:
        there = self.window.predictions.has(name)
        for each in self.found.values():
            each.tallies[name] = Tally.empty(cells, absent=0 if there else each.profile.n)
            each.by_day[name] = np.zeros((len(each.days), daily_cells(cells)), dtype=np.int64)
            each.missing[name] = np.zeros(len(each.days), dtype=np.int64)
        if not there:
            return
        if isinstance(cells, Numeric):
            scale = self.layout.scales.get(name)
            query = counting.numbers(self.window, name, cells, scale.mean if scale else 0.0)
            for version, rows in _by_version(self.ask(query)):
                count_numbers(self.found[version], name, cells, scale.mean if scale else 0.0, rows)
            return
        for version, rows in _by_version(self.ask(counting.texts(self.window, name, cells))):
            count_texts(self.found[version], name, cells, rows)
        if any(each.tallies[name].counts[-1] for each in self.found.values()):
            for version, rows in _by_version(self.ask(counting.unseen(self.window, name, cells))):
                ranked = sorted(rows, key=lambda row: (-row[1], row[0]))[:MOST_UNSEEN]
                each = self.found[version]
                each.tallies[name] = replace(each.tallies[name], unseen=dict(ranked))

    def _outcomes(self) -> None:
        layout, shape = self.layout, outcome_shape(self.layout)
        positive = layout.classes.index(layout.positive)
        for version, rows in _by_version(self.ask(counting.outcomes(self.window, layout))):
            outcomes, scored = np.zeros(shape, dtype=np.int64), Scored.empty(layout.score, layout.ranks)
            losses, squared, outside = NOTHING, NOTHING, 0
            for label, prediction, cell, rank, inside, n, units, *more in rows:
                outcomes[shape[0] - 1 if cell is None else cell, label, prediction] += n
                if cell is None or label >= len(layout.classes):
                    continue
                at = int(label == positive)
                scored.ranks[rank, at] += n
                outside += 0 if inside else n
                if inside:
                    scored.counts[cell, at] += n
                    scored.sums[cell] += int(units)
                    losses = losses.merge(moments(more[:5], 0.0))
                    squared = squared.merge(moments(more[5:], 0.0))
            each = self.found[version]
            each.profile = replace(
                each.profile,
                outcomes=outcomes,
                scored=replace(scored, log_loss=losses, squared_error=squared, outside=outside),
            )

    def _course(self) -> None:
        shape = outcome_shape(self.layout)[1:]
        for version, rows in _by_version(self.ask(counting.course(self.window, self.layout))):
            starts = sorted({int(row[0]) for row in rows})
            position = {start: at for at, start in enumerate(starts)}
            firsts = np.full(len(starts), np.iinfo(np.int64).max)
            counts = np.zeros((len(starts), *shape), dtype=np.int64)
            for start, label, prediction, n, first in rows:
                counts[position[start], label, prediction] += n
                firsts[position[start]] = min(firsts[position[start]], first)
            each = self.found[version]
            course = Course(self.window.scope.width, np.array(starts, dtype=np.int64), firsts, counts)
            each.profile = replace(each.profile, course=course)

    def _split(self, name: str) -> None:
        column = self.window.watched.split_columns.get(name)
        if column is None or not self.window.predictions.has(column):
            for each in self.found.values():  # nobody's part is known
                counts = np.zeros_like(each.profile.splits[name])
                counts[-1] = each.profile.outcomes.sum(axis=0)
                each.profile = replace(each.profile, splits={**each.profile.splits, name: counts})
            return
        query = counting.split(self.window, self.layout, name, column)
        for version, rows in _by_version(self.ask(query)):
            each = self.found[version]
            counts = np.zeros_like(each.profile.splits[name])
            for part, label, prediction, n in rows:
                counts[part, label, prediction] += n
            each.profile = replace(each.profile, splits={**each.profile.splits, name: counts})

    def _pairs(self) -> None:
        names = tuple(self.layout.scales)
        index = {name: at for at, name in enumerate(names)}
        sums: dict[Version, dict[str, Any]] = {
            version: {
                what: np.zeros((len(names), len(names))) for what in ("n", "sums", "squares", "products")
            }
            for version in self.found
        }
        for asked, query in pairing.pairs(self.window, self.layout.scales):
            for version, *values in self.ask(query):
                for (what, one, two), value in zip(asked, values, strict=True):
                    matrix = sums[version][what]
                    matrix[index[one], index[two]] = float(value or 0.0)
                    if what in ("n", "products"):
                        matrix[index[two], index[one]] = float(value or 0.0)
        for version, each in self.found.items():
            each.profile = replace(each.profile, pairs=Pairs(names, **sums[version]))

    def _keys(self) -> None:
        query = counting.keys(self.window)
        for version, n, different in [] if query is None else self.ask(query):
            each = self.found[version]
            if n:
                each.profile = replace(each.profile, keys=_keys(n, different, each.profile))

    def _residuals(self) -> None:
        mean = counting.label_mean(self.window)
        if mean is None:
            return
        centre = float(self.ask(mean)[0][0] or 0.0)
        query = counting.errors(self.window, self.layout, centre)
        cells = self.layout.splits.get("segment")
        names = () if cells is None else (*cells.values, OTHER)
        for version, rows in _by_version([] if query is None else self.ask(query)):
            whole, segments = NO_RESIDUALS, {}
            for part, _, *more in rows:
                error, absolute, squared = (moments(more[at : at + 5], 0.0) for at in (0, 5, 10))
                told = Residuals(error, absolute, squared, moments(more[15:], centre))
                whole = whole.merge(told)
                if part is not None and part < len(names):
                    segments[names[part]] = told
            each = self.found[version]
            each.profile = replace(each.profile, residuals=replace(whole, segments=segments))

    def _whole(self, each: Gathered) -> Profile:
        days = each.profile.days
        return replace(
            each.profile,
            tallies=each.tallies,
            days=Days(days.days, days.n, each.by_day, each.missing),
            problems=merge_problems(tuple(_joined(each.problems))),
        )


def _joined(problems: Sequence[Problem]) -> Iterator[Problem]:
    """What several parts met, told once."""
    places: dict[str, list[str]] = defaultdict(list)
    for each in problems:
        places[each.what].append(each.where)
    for what, met in places.items():
        yield Problem(", ".join(met), what)


def _keys(n: int, different: int, profile: Profile) -> Keys:
    """All repeated rows under one made-up key that no other window has, the other keys as coming once."""
    window = repr((profile.version, profile.first_at, profile.last_at, profile.n))
    made_up = np.array([1 + zlib.crc32(window.encode())], dtype=np.uint64)
    return Keys(0, made_up, np.array([n - different + 1], dtype=np.int64), alone=different - 1)


def _by_version(rows: Sequence[Row]) -> Iterator[tuple[Version, list[Row]]]:
    """Rows without their first column, by it."""
    parts: dict[Version, list[Row]] = defaultdict(list)
    for version, *row in rows:
        parts[version].append(tuple(row))
    yield from parts.items()
