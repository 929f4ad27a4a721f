"""The cells that all rows of a model are counted in, taken from the reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ops_core.profiles.batch import Batch, Block
from ops_core.profiles.cells import FINE_CELLS, Categorical, Cells, Numeric, cells_from_json, cells_to_json
from ops_core.profiles.columns import Coded, Counted, Counts, Floats, Numbers, finite_of
from ops_core.profiles.marks import marks
from ops_core.profiles.pairs import MOST_FEATURES, Scale
from ops_core.profiles.task import Task

Class: TypeAlias = int | float | str
MOST_CLASSES = 20
# Of a split; the rest is one part together.
MOST_PARTS = 20
# So fine that the area under the ROC curve is told to 1e-6 and better.
RANK_CELLS = 8192
# Categories that are counted while the reference is read; beyond, the rarest half is forgotten.
MOST_COUNTED = 200_000
THREADS = 2
# Edges of the score, so that those that are no probabilities are counted: x < 0, and x > 1.
PROBABILITIES = (0.0, float(np.nextafter(1.0, 2.0)))


@dataclass(frozen=True)
class Layout:
    """All cells of a model's data. Profiles can be merged and compared only when they share it.

    `score` has the score's cells, `ranks` finer ones for ranking. `scales` are mean and deviation of the
    numbers, and of the marks of categories, whose correlations are watched. `measures` name the columns
    among the features that say something of each answer (its rating, its latency) and are no inputs,
    `columns` those that hold the `splits`. Nine tenths of a regression's errors lie within ±`usual_error`,
    in the label's unit.
    """

    features: Mapping[str, Cells]
    classes: tuple[Class, ...]
    positive: Class
    score: Numeric = field(default_factory=lambda: Numeric((), ()))
    splits: Mapping[str, Categorical] = field(default_factory=dict)
    ranks: Numeric = field(default_factory=lambda: Numeric((), ()))
    scales: Mapping[str, Scale] = field(default_factory=dict)
    task: Task = "classification"
    measures: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    usual_error: float | None = None

    def part(self, split: str, name: str) -> str:
        """A part of a split as people write it: "pump=B", or "B" when nobody says which column it is of."""
        return f"{self.columns[split]}={name}" if split in self.columns else name

    def class_codes(self, column: Counted | None, rows: int) -> Counts:
        """Position in `classes` of each value; len(classes) for an unknown class, one more for none."""
        other, missing = len(self.classes), len(self.classes) + 1
        if column is None:
            return np.full(rows, missing, dtype=np.int64)
        if isinstance(column, Coded):
            index = {text: code for code, each in enumerate(self.classes) for text in spellings(each)}
            table = np.fromiter((index.get(each, other) for each in column.values), np.int64)
            return column.looked_up(table, missing)
        values = column.values
        if values.dtype in (np.int8, np.uint8):  # one look into a table of 256
            codes = self._codes_of(np.arange(256, dtype=np.uint8).view(values.dtype))[values.view(np.uint8)]
        else:
            codes = self._codes_of(values)
            codes[column.absent()] = missing
        if column.valid is not None:
            codes[~column.valid] = missing
        return codes

    def _codes_of(self, values: NDArray[Any]) -> Counts:
        codes = np.full(len(values), len(self.classes), dtype=np.int64)
        for code, each in enumerate(self.classes):
            if not isinstance(each, str):
                codes[values == each] = code
        return codes

    def to_json(self) -> dict[str, Any]:
        """Plain values for the database."""
        return {
            "features": {name: cells_to_json(cells) for name, cells in self.features.items()},
            "classes": list(self.classes),
            "positive": self.positive,
            "score": cells_to_json(self.score),
            "splits": {name: list(cells.values) for name, cells in self.splits.items()},
            "ranks": list(self.ranks.edges),
            "scales": {name: list(vars(scale).values()) for name, scale in self.scales.items()},
            "task": self.task,
            "measures": dict(self.measures),
            "columns": dict(self.columns),
            "usual_error": self.usual_error,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The layout that `to_json` wrote."""
        score = cells_from_json(plain["score"])
        return cls(
            features={name: cells_from_json(cells) for name, cells in plain["features"].items()},
            classes=tuple(plain["classes"]),
            positive=plain["positive"],
            score=score if isinstance(score, Numeric) else Numeric((), ()),
            splits={name: Categorical(tuple(values)) for name, values in plain["splits"].items()},
            ranks=Numeric(tuple(plain["ranks"]), ()),
            scales={name: Scale(*scale) for name, scale in plain["scales"].items()},
            task=plain["task"],
            measures=plain.get("measures", {}),
            columns=plain.get("columns", {}),
            usual_error=plain.get("usual_error"),
        )

    @classmethod
    def of(
        cls,
        batches: Sequence[Batch | Block],
        positive: Class,
        task: Task = "classification",
        extra_edges: Mapping[str, tuple[float, ...]] | None = None,
        measures: Mapping[str, str] | None = None,
    ) -> Self:
        """The layout of reference rows. A feature that is text in any batch is text in all.

        `extra_edges` are, by feature, values at which somebody wants exact counts. A column of `measures`
        that the reference does not have is counted all the same.
        """
        blocks = [each.block() if isinstance(each, Batch) else each for each in batches]
        columns = _columns(blocks)
        scores = _in_order([block.score for block in blocks if block.score is not None])
        extra, named = extra_edges or {}, measures or {}
        with ThreadPoolExecutor(THREADS) as pool:
            cells = pool.map(lambda name: _cells_of(columns[name], extra.get(name, ())), columns)
            ends = PROBABILITIES if len(scores) else ()
            score = pool.submit(Numeric.of_sorted, scores, FINE_CELLS, extra=ends)
            ranks = pool.submit(Numeric.of_sorted, scores, RANK_CELLS)
            features = dict(zip(columns, cells, strict=True))
        scales = _scales({name: each for name, (_, each) in features.items()}, set(named.values()))
        return cls(
            features={**_unknown(named, extra), **{name: each for name, (each, _) in features.items()}},
            classes=(positive,) if task == "regression" else _classes(blocks, positive),
            positive=positive,
            score=score.result(),
            splits=_splits(blocks),
            ranks=Numeric(ranks.result().edges, ()),
            scales={**scales, **marks(columns, {name: each for name, (each, _) in features.items()}, named)},
            task=task,
            measures=dict(named),
            usual_error=_usual_error(blocks) if task == "regression" else None,
        )


def spellings(each: Class) -> list[str]:
    """How a class may be written as text."""
    if isinstance(each, str):
        return [each]
    number = float(each)
    return [str(int(number)), str(number)] if number.is_integer() else [str(number)]


def _usual_error(blocks: Sequence[Block]) -> float | None:
    """What nine tenths of the errors do not exceed; None without any."""
    pairs = [
        (block.prediction.filled(), block.label.filled())
        for block in blocks
        if isinstance(block.prediction, Numbers) and isinstance(block.label, Numbers)
    ]
    told = [np.isfinite(said) & np.isfinite(came) for said, came in pairs]
    errors = np.concatenate(
        [np.zeros(0), *(np.abs(said[at] - came[at]) for (said, came), at in zip(pairs, told, strict=True))]
    )
    return float(np.quantile(errors, 0.9, method="higher")) if len(errors) else None


def _unknown(measures: Mapping[str, str], extra: Mapping[str, tuple[float, ...]]) -> dict[str, Cells]:
    """Cells of measures before any value of them is known."""
    return {name: Numeric(tuple(sorted(set(extra.get(name, ())))), ()) for name in measures.values()}


def _columns(blocks: Sequence[Block]) -> dict[str, list[Counted]]:
    names = dict.fromkeys(name for block in blocks for name in block.features)
    return {name: [block.features[name] for block in blocks if name in block.features] for name in names}


def _in_order(columns: Sequence[Numbers]) -> Floats:
    """The finite values of them all."""
    values = np.concatenate([np.zeros(0), *(column.there() for column in columns)])
    values.sort()
    return finite_of(values)


def _cells_of(columns: Sequence[Counted], extra: tuple[float, ...]) -> tuple[Cells, Scale | None]:
    numbers = [column for column in columns if isinstance(column, Numbers)]
    if len(numbers) < len(columns):
        return _categories(columns), None
    # In order, so that no digit of the mean depends on the order in which rows come.
    finite = _in_order(numbers)
    cells = Numeric.of_sorted(finite, extra=extra)
    with np.errstate(over="ignore", invalid="ignore"):
        scale = Scale(float(finite.mean()), float(finite.std())) if len(finite) else Scale(0.0, 0.0)
    return cells, scale


def _categories(columns: Sequence[Counted], most: int | None = None) -> Categorical:
    """The most frequent texts; a number among texts is no category."""
    counted: Counter[str] = Counter()
    for column in columns:
        if isinstance(column, Coded):
            counts = column.counts()
            for at in np.flatnonzero(counts[:-1]).tolist():
                counted[column.values[at]] += int(counts[at])
            if len(counted) > MOST_COUNTED:
                counted = Counter(dict(counted.most_common(MOST_COUNTED // 2)))
    return Categorical.ranked(counted) if most is None else Categorical.ranked(counted, most)


def _scales(found: Mapping[str, Scale | None], left_out: Set[str]) -> dict[str, Scale]:
    usable = {
        name: scale
        for name, scale in found.items()
        if scale is not None and np.isfinite(scale.mean) and 0 < scale.deviation < np.inf
    }
    inputs = [(name, scale) for name, scale in usable.items() if name not in left_out]
    return dict(inputs[:MOST_FEATURES])


def _splits(blocks: Sequence[Block]) -> dict[str, Categorical]:
    names = dict.fromkeys(name for block in blocks for name in block.splits)
    return {
        name: _categories([block.splits[name] for block in blocks if name in block.splits], MOST_PARTS)
        for name in names
    }


def _classes(blocks: Sequence[Block], positive: Class) -> tuple[Class, ...]:
    """Classes of labels and predictions, sorted; with `positive`, and for a 0/1 target with both."""
    found: set[Class] = {positive}
    if isinstance(positive, int | float) and positive in (0, 1):
        found |= {0, 1}
    for block in blocks:
        for column in (block.label, block.prediction):
            if column is not None and len(found) < 50 * MOST_CLASSES:
                found |= set(_values(column))
    return tuple(sorted(found, key=lambda each: (isinstance(each, str), each))[:MOST_CLASSES])


def _values(column: Counted) -> list[Class]:
    if isinstance(column, Coded):
        return [column.values[at] for at in np.flatnonzero(column.counts()[:-1])]
    there = column.there()
    if there.dtype.kind != "f" and there.dtype.itemsize == 1:
        small = there.astype(np.int64)
        return [int(at) - 128 for at in np.flatnonzero(np.bincount(small + 128))]
    found: list[Class] = np.unique(there[~np.isnan(there)] if there.dtype.kind == "f" else there).tolist()
    return found
