"""What a source of data hands to the filler: columns of rows, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ops_core.profiles.columns import Chosen, Coded, Counted, Counts, Floats, Numbers, Texts, counted

__all__ = ["Batch", "Block", "Column", "Counts", "Deferred", "Floats", "Problem", "Reading", "Texts"]

Column: TypeAlias = Floats | Texts


@dataclass(frozen=True)
class Batch:
    """Some rows as plain arrays, by column; all have the same length.

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

    def block(self) -> Block:
        """The same rows as the engine counts them."""
        return Block(
            at=self.at,
            version=Coded.of(self.version),
            prediction=counted(self.prediction),
            features={name: counted(column) for name, column in self.features.items()},
            score=None if self.score is None else Numbers(self.score),
            label=None if self.label is None else counted(self.label),
            splits={name: Coded.of(column) for name, column in self.splits.items()},
        )


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows as the engine counts them: a `Batch` whose columns lie where they were decoded.

    `keys` are 64-bit hashes of the rows' keys, None where rows have none.
    """

    at: Counts
    version: Coded
    prediction: Counted | None = None
    features: Mapping[str, Counted] = field(default_factory=dict)
    score: Numbers | None = None
    label: Counted | None = None
    splits: Mapping[str, Coded] = field(default_factory=dict)
    keys: NDArray[np.uint64] | None = None

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.at)

    def rows(self, chosen: Chosen) -> Block:
        """Only the chosen rows; a slice of them is not copied."""
        return Block(
            at=self.at[chosen],
            version=self.version.rows(chosen),
            prediction=None if self.prediction is None else self.prediction.rows(chosen),
            features={name: column.rows(chosen) for name, column in self.features.items()},
            score=None if self.score is None else self.score.rows(chosen),
            label=None if self.label is None else self.label.rows(chosen),
            splits={name: column.rows(chosen) for name, column in self.splits.items()},
            keys=None if self.keys is None else self.keys[chosen],
        )


Deferred: TypeAlias = "Batch | Block | Callable[[], Block | None]"
"""Rows, or what makes them when it is called, in any thread; None when they turned out to be unreadable."""


def rows_of(deferred: Deferred) -> Block | None:
    """The rows, made now if need be."""
    made = deferred() if callable(deferred) else deferred
    return made.block() if isinstance(made, Batch) else made


@dataclass(frozen=True, order=True)
class Problem:
    """Something about the data that a person should know: where, what, and whether it may pass by itself.

    `days` (first and last, since 1970) are those whose rows it is about; None when every reading meets it.
    """

    where: str
    what: str
    passing: bool = False
    days: tuple[int, int] | None = field(default=None, compare=False)

    def concerns(self, day: int) -> bool:
        """Whether it is about rows of the day."""
        return self.days is not None and self.days[0] <= day <= self.days[1]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"where": self.where, "what": self.what, "passing": self.passing}


def lacks(*columns: str) -> str:
    """What a problem says of a place without these columns."""
    return f"has no column {', '.join(columns)}"


@dataclass
class Reading:
    """One pass over a source: draw the batches and make their rows, then look at the problems that were met.

    `place` says in words where was looked, for the person who has to look there too. The first 131,072
    rows are a fair sample of all: a layout is made from them.
    """

    place: str
    batches: Iterator[Deferred] = field(default_factory=lambda: iter(()))
    problems: list[Problem] = field(default_factory=list)
    noted: list[Callable[[], Sequence[Problem]]] = field(default_factory=list)
    """Tell what work that was put off has met so far."""

    def each(self) -> list[Problem]:
        """Every problem by itself."""
        return [*self.problems, *(problem for told in self.noted for problem in told())]

    def met(self) -> tuple[Problem, ...]:
        """All problems, those that several files share as one."""
        return together(self.each())


def together(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """What is the same in several places told once."""
    places: dict[tuple[str, bool], dict[str, None]] = {}
    for each in problems:
        places.setdefault((each.what, each.passing), {})[each.where] = None
    return tuple(Problem(_named(list(found)), what, passing) for (what, passing), found in places.items())


def _named(places: Sequence[str]) -> str:
    kind = "columns" if places[0].startswith("column ") else "files"
    return places[0] if len(places) == 1 else f"{places[0]} and {len(places) - 1} more {kind}"
