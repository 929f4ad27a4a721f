"""Columns as the engine counts them: numbers where they lie, texts by their place in a dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.object_]
NULL_WORDS = ("", "#N/A", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null")
"""Texts that say that there is no value, wherever they are read."""
Chosen: TypeAlias = "Bools | Counts | slice"


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers of any kind; `valid` says which are not null, None that all are. NaN is no value either."""

    values: NDArray[Any]
    valid: Bools | None = None

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.values)

    def rows(self, chosen: Chosen) -> Numbers:
        """Only the chosen rows."""
        return Numbers(self.values[chosen], None if self.valid is None else self.valid[chosen])

    def there(self) -> NDArray[Any]:
        """The numbers that are not null, NaN among them; not a copy where none is null."""
        return self.values if self.valid is None else self.values[self.valid]

    def filled(self) -> Floats:
        """float64 with NaN for null."""
        values = self.values.astype(np.float64)
        if self.valid is not None:
            values[~self.valid] = np.nan
        return values

    def absent(self) -> Bools:
        """Where there is no value: null or NaN."""
        gone = np.isnan(self.values) if self.values.dtype.kind == "f" else np.zeros(len(self), dtype=bool)
        return gone if self.valid is None else gone | ~self.valid


@dataclass(frozen=True, eq=False)
class Coded:
    """Texts as positions in `values`; -1 where there is none."""

    codes: NDArray[np.int32]
    values: tuple[str, ...]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.codes)

    def rows(self, chosen: Chosen) -> Coded:
        """Only the chosen rows; the dictionary stays."""
        return Coded(self.codes[chosen], self.values)

    def absent(self) -> Bools:
        """Where there is no text."""
        return np.asarray(self.codes < 0)

    def counts(self) -> Counts:
        """Rows of each value, and of none last."""
        shifted = np.bincount(self.codes + 1, minlength=len(self.values) + 1)
        return np.append(shifted[1:], shifted[0]).astype(np.int64)

    def looked_up(self, table: Counts, missing: int) -> Counts:
        """`table` has a number for each value: that of each row, `missing` where there is no text."""
        found: Counts = np.append(table, missing)[self.codes]
        return found

    @classmethod
    def of(cls, texts: Texts) -> Coded:
        """From an object array in which None stands for null."""
        index: dict[str | None, int] = {None: -1}
        codes = [index.setdefault(text, len(index) - 1) for text in texts.tolist()]
        return cls(np.asarray(codes, dtype=np.int32), tuple(str(text) for text in list(index)[1:]))

    @classmethod
    def constant(cls, value: str, rows: int) -> Coded:
        """The same text in every row."""
        return cls(np.zeros(rows, dtype=np.int32), (value,))


Counted: TypeAlias = Numbers | Coded


def finite_of(ordered: Floats) -> Floats:
    """Of sorted values, NaN last, those that are finite; a view."""
    first, end = np.searchsorted(ordered, -np.inf, side="right"), np.searchsorted(ordered, np.inf)
    return ordered[first:end]


def counted(column: Floats | Texts) -> Counted:
    """A plain array as the engine counts it: texts are object arrays with None, numbers have NaN."""
    if column.dtype.kind in "OU":
        return Coded.of(column.astype(object))
    return Numbers(column)
