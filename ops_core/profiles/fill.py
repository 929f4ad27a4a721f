"""Fills profiles in one streaming pass over batches of rows, one profile for each version met."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, islice
from typing import TypeVar

import numpy as np

from ops_core.profiles.batch import Batch, Block, Deferred, rows_of
from ops_core.profiles.columns import Bools, Counts, Floats, Numbers
from ops_core.profiles.course import Course
from ops_core.profiles.days import DAY
from ops_core.profiles.keys import Keys
from ops_core.profiles.layout import THREADS, Layout
from ops_core.profiles.pairs import Pairs
from ops_core.profiles.parity import OTHER
from ops_core.profiles.profile import Profile, Scope, merge_problems, microseconds, moment, outcome_shape
from ops_core.profiles.residuals import NO_RESIDUALS, Residuals
from ops_core.profiles.scored import Scored
from ops_core.profiles.tallied import by_day, misfits, tallied

T = TypeVar("T")


def fill(layout: Layout, batches: Iterable[Deferred], scope: Scope) -> dict[str | None, Profile]:
    """The profile of each version that has rows in the scope; memory does not grow with the rows."""
    return {version: profile for (version, _), profile in fill_days(layout, batches, scope).items()}


def fill_days(
    layout: Layout, batches: Iterable[Deferred], scope: Scope, apart: frozenset[int] = frozenset()
) -> dict[tuple[str | None, int | None], Profile]:
    """The same by version and by day: each of the days `apart` by itself, all others together as None."""
    profiles: dict[tuple[str | None, int | None], Profile] = {}

    def count(deferred: Deferred) -> list[tuple[int | None, Profile]]:
        block = rows_of(deferred)
        return [] if block is None else list(profile_parts(layout, block, scope, apart))

    for day, part in chain.from_iterable(in_order(count, batches)):
        key = (part.version, day)
        profiles[key] = profiles[key].merge(part) if key in profiles else part
    return profiles


def in_order(
    work: Callable[[Deferred], T], batches: Iterable[Deferred], until: Callable[[], bool] = lambda: False
) -> Iterator[T]:
    """The work done on each batch, in their order, in a few threads; few batches are held at a time.

    No further batch is begun once `until` says so; those that are under way are still given back.
    """
    arriving = iter(batches)
    first = list(islice(arriving, 2))
    if len(first) < 2:  # not worth a thread
        yield from map(work, first)
        return
    with ThreadPoolExecutor(THREADS) as pool:
        running = deque(pool.submit(work, batch) for batch in first)
        while running:
            for batch in islice(arriving, 0 if until() else THREADS + 1 - len(running)):
                running.append(pool.submit(work, batch))
            yield running.popleft().result()


def profile_parts(
    layout: Layout, block: Block, scope: Scope, apart: frozenset[int] = frozenset()
) -> Iterator[tuple[int | None, Profile]]:
    """Profiles of the rows that lie in the scope, by version, and by day where days are counted `apart`."""
    chosen = _inside(block.at, scope)
    inside = block if chosen.all() else block.rows(chosen)
    for version, rows in _by_version(inside):
        for part in _apart(rows, apart):
            day = int(part.at[0]) // DAY
            yield day if day in apart else None, profile_rows(layout, part, scope, version)


def profile_rows(layout: Layout, rows: Batch | Block, scope: Scope, version: str | None = None) -> Profile:
    """The profile of these rows, all of which belong to the scope and the version."""
    block = rows.block() if isinstance(rows, Batch) else rows
    empty = Profile.empty(layout, scope, version)
    if not len(block):
        return empty
    came, predictions = (layout.class_codes(each, len(block)) for each in (block.label, block.prediction))
    labels = _label_states(layout, block, scope, came)
    tallies, days = tallied(layout, block)
    outcomes, scored = _scores(layout, block.score, labels, predictions)
    answers = _answers(layout, block, labels)
    over_time = (
        (labels, predictions) if layout.task != "regression" else _large(layout, labels, predictions, answers)
    )
    return replace(
        empty,
        n=len(block),
        tallies=tallies,
        outcomes=outcomes,
        scored=scored,
        course=Course.of(scope.width, block.at, *over_time, outcomes.shape[1:]),
        splits={name: _split(layout, block, name, labels, predictions) for name in layout.splits},
        days=days,
        pairs=Pairs.of(block, layout.scales) if scope.pairs else empty.pairs,
        keys=Keys.of(block.keys),
        residuals=_residuals(layout, block, answers),
        first_at=moment(block.at.min()),
        last_at=moment(block.at.max()),
        problems=merge_problems(tuple(misfits(layout, block))),
    )


def _inside(at: Counts, scope: Scope) -> Bools:
    inside = np.ones(len(at), dtype=bool)
    if scope.start is not None:
        inside &= at > microseconds(scope.start)
    if scope.end is not None:
        inside &= at <= microseconds(scope.end)
    if scope.without:
        inside &= ~np.isin(at // DAY, list(scope.without))
    return inside


def _by_version(block: Block) -> Iterator[tuple[str | None, Block]]:
    counts = block.version.counts()
    named = [(value, counts[at], at) for at, value in enumerate(block.version.values) if value and counts[at]]
    for value, n, code in sorted(named):
        yield value, block if n == len(block) else block.rows(block.version.codes == code)
    left = len(block) - sum(n for _, n, _ in named)
    if left == len(block):
        yield None, block
    elif left:
        yield None, block.rows(~np.isin(block.version.codes, [code for _, _, code in named]))


def _apart(block: Block, apart: frozenset[int]) -> Iterator[Block]:
    """The rows of each day where one of them is counted `apart`, else all."""
    if not len(block):
        return
    first, last = int(block.at.min()) // DAY, int(block.at.max()) // DAY
    if first < last and any(first <= day <= last for day in apart):
        yield from (part for _, part in by_day(block))
    else:
        yield block


def _label_states(layout: Layout, block: Block, scope: Scope, came: Counts) -> Counts:
    """The class of each label, or that it is not due yet."""
    if scope.labels_due_at is None:
        return came
    waits = block.at > microseconds(scope.labels_due_at)
    return np.where(waits, len(layout.classes) + 2, came) if waits.any() else came


def _scores(
    layout: Layout, score: Numbers | None, labels: Counts, predictions: Counts
) -> tuple[Counts, Scored]:
    """Counts of score cell × label × prediction, and what labelled scores said; each outcome sorted once."""
    shape, scored = outcome_shape(layout), Scored.empty(layout.score, layout.ranks)
    outcomes = np.zeros((shape[0], shape[1] * shape[2]), dtype=np.int64)
    codes = labels * shape[2] + predictions
    rows = np.bincount(codes, minlength=outcomes.shape[1])
    if score is None:
        outcomes[-1] = rows
        return outcomes.reshape(shape), scored
    values, absent = score.values, score.absent()
    small = codes.astype(np.int16)
    codes = np.where(absent, np.int16(-1), small) if absent.any() else small
    positive = layout.classes.index(layout.positive)
    for code in np.flatnonzero(rows).tolist():
        mine, label = np.sort(values[codes == code].astype(np.float64, copy=False)), code // shape[2]
        outcomes[:-1, code] = layout.score.count(mine)
        outcomes[-1, code] = rows[code] - len(mine)
        if label < len(layout.classes) and len(mine):
            scored = scored.merge(Scored.of(layout.score, layout.ranks, mine, positive=label == positive))
    return outcomes.reshape(shape), scored


def _split(layout: Layout, block: Block, name: str, labels: Counts, predictions: Counts) -> Counts:
    cells, (_, n_labels, n_predictions) = layout.splits[name], outcome_shape(layout)
    column = block.splits.get(name)
    parts = np.full(len(block), cells.cells) if column is None else cells.place(column)
    joint = (parts * n_labels + labels) * n_predictions + predictions
    shape = (cells.cells + 1, n_labels, n_predictions)
    return np.bincount(joint, minlength=int(np.prod(shape))).astype(np.int64).reshape(shape)


def _answers(layout: Layout, block: Block, labels: Counts) -> tuple[Floats, Floats] | None:
    """Prediction and label of a regression, NaN for labels that are not here or not due."""
    label, prediction = block.label, block.prediction
    if layout.task != "regression" or not isinstance(label, Numbers) or not isinstance(prediction, Numbers):
        return None
    said, came = prediction.filled(), label.filled()
    came[labels > len(layout.classes)] = np.nan
    return said, came


def _large(
    layout: Layout, labels: Counts, predictions: Counts, answers: tuple[Floats, Floats] | None
) -> tuple[Counts, Counts]:
    """A regression's states for its course: see `Course`."""
    labels = np.maximum(labels, len(layout.classes))
    if answers is None or layout.usual_error is None:
        return labels, predictions
    with np.errstate(over="ignore", invalid="ignore"):
        error = np.abs(answers[0] - answers[1])
    told = np.isfinite(answers[0]) & np.isfinite(answers[1])
    return np.where(told, 0, labels), np.where(told, error > layout.usual_error, predictions)


def _residuals(layout: Layout, block: Block, answers: tuple[Floats, Floats] | None) -> Residuals:
    if answers is None:
        return NO_RESIDUALS
    cells, column = layout.splits.get("segment"), block.splits.get("segment")
    if cells is None or column is None:
        return Residuals.of(*answers)
    return Residuals.by_segment(*answers, cells.place(column), (*cells.values, OTHER))
