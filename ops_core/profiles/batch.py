"""What a source of data hands to the filler: columns of rows, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]
Texts: TypeAlias = NDArray[np.object_]
Column: TypeAlias = Floats | Texts


def absent(values: Column) -> NDArray[np.bool_]:
    """Where a value is missing: NaN among numbers, None among texts."""
    if values.dtype == object:
        return np.array([value is None for value in values.tolist()], dtype=bool)
    return np.isnan(values.astype(np.float64))


@dataclass(frozen=True)
class Batch:
    """Some rows, by column; all arrays have the same length.

    `at` is microseconds since 1970 in UTC. Numbers are float64 with NaN for missing, texts are object arrays
    with None for missing. A feature that is absent from `features` was absent (or unreadable) in these rows.
    `label` is None where no labels exist at all; a single row's label that has not arrived is NaN or None.
    `splits` says what parts of all rows ("group", say) each row belongs to.
    """

    at: Counts
    version: Texts
    prediction: Column
    features: Mapping[str, Column]
    score: Floats | None = None
    label: Column | None = None
    splits: Mapping[str, Texts] = field(default_factory=dict)

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.at)

    def rows(self, chosen: NDArray[np.bool_]) -> Batch:
        """Only the chosen rows; the batch itself when that is all of them."""
        if chosen.all():
            return self
        return Batch(
            at=self.at[chosen],
            version=self.version[chosen],
            prediction=self.prediction[chosen],
            features={name: column[chosen] for name, column in self.features.items()},
            score=None if self.score is None else self.score[chosen],
            label=None if self.label is None else self.label[chosen],
            splits={name: column[chosen] for name, column in self.splits.items()},
        )


@dataclass(frozen=True, order=True)
class Problem:
    """Something about the data that a person should know: where, what, and whether it may pass by itself."""

    where: str
    what: str
    passing: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"where": self.where, "what": self.what, "passing": self.passing}


@dataclass
class Reading:
    """One pass over a source: draw the batches, then look at the problems that were met on the way.

    `place` says in words where was looked, for the person who has to look there too.
    """

    place: str
    batches: Iterator[Batch] = field(default_factory=lambda: iter(()))
    problems: list[Problem] = field(default_factory=list)
