"""The cells that all rows of a model are counted in, taken from the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

import numpy as np

from ops_core.profiles.batch import Batch, Column, Counts, absent
from ops_core.profiles.cells import Categorical, Cells, Numeric, cells_from_json, cells_to_json

Class: TypeAlias = int | float | str
MOST_CLASSES = 20
# Of a split; the rest is one part together.
MOST_PARTS = 20
# Finer than a feature's: the area under the ROC curve is told from these cells.
SCORE_CELLS = 1024


@dataclass(frozen=True)
class Layout:
    """All cells of a model's data. Profiles can be merged and compared only when they share it."""

    features: Mapping[str, Cells]
    classes: tuple[Class, ...]
    positive: Class
    score: Numeric = field(default_factory=lambda: Numeric((), ()))
    splits: Mapping[str, Categorical] = field(default_factory=dict)

    def class_codes(self, values: Column | None, rows: int) -> Counts:
        """Position in `classes` of each value; len(classes) for an unknown class, one more for none."""
        other, missing = len(self.classes), len(self.classes) + 1
        if values is None:
            return np.full(rows, missing, dtype=np.int64)
        codes = np.where(absent(values), missing, other).astype(np.int64)
        for code, each in enumerate(self.classes):
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
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The layout that `to_json` wrote."""
        score = Numeric(tuple(plain["score"]["edges"]), tuple(plain["score"]["coarse"]))
        features = {name: cells_from_json(cells) for name, cells in plain["features"].items()}
        splits = {name: Categorical(tuple(values)) for name, values in plain["splits"].items()}
        return cls(features, tuple(plain["classes"]), plain["positive"], score, splits)

    @classmethod
    def of(cls, batches: Sequence[Batch], positive: Class) -> Self:
        """The layout of reference rows. A feature that is text in any batch is text in all."""
        names = dict.fromkeys(name for batch in batches for name in batch.features)
        scores = [batch.score for batch in batches if batch.score is not None]
        return cls(
            features={
                name: _cells_of([b.features[name] for b in batches if name in b.features]) for name in names
            },
            classes=_classes(batches, positive),
            positive=positive,
            score=Numeric.of(np.concatenate(scores), SCORE_CELLS) if scores else Numeric((), ()),
            splits=_splits(batches),
        )


def _cells_of(columns: Sequence[Column]) -> Cells:
    if any(column.dtype == object for column in columns):
        return Categorical.of(np.concatenate([column.astype(object) for column in columns]))
    return Numeric.of(np.concatenate([column.astype(np.float64) for column in columns]))


def _splits(batches: Sequence[Batch]) -> dict[str, Categorical]:
    names = dict.fromkeys(name for batch in batches for name in batch.splits)
    return {
        name: Categorical.of(
            np.concatenate([b.splits[name] for b in batches if name in b.splits]), MOST_PARTS
        )
        for name in names
    }


def _classes(batches: Sequence[Batch], positive: Class) -> tuple[Class, ...]:
    """Classes of labels and predictions, sorted; with `positive`, and for a 0/1 target with both."""
    found: set[Class] = {positive}
    if isinstance(positive, int | float) and positive in (0, 1):
        found |= {0, 1}
    for batch in batches:
        for column in (batch.label, batch.prediction):
            if column is not None:
                found |= set(np.unique(column[~absent(column)]).tolist())
    return tuple(sorted(found, key=lambda each: (isinstance(each, str), each))[:MOST_CLASSES])
