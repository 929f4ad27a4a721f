"""How often a key comes again: the keys of a window in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ops_core.profiles.columns import Counts

MOST_KEYS = 8192


@dataclass(frozen=True)
class Keys:
    """Rows by the hash of their key, of those keys whose hash begins with `level` zero bits.

    While at most `MOST_KEYS` keys were met the level is 0 and all are here; then the level rises until those
    that remain fit (adaptive sampling: Flajolet 1990), and what is counted is scaled up. It depends only on
    which keys came how often, so merging is exact. `alone` is how many more keys came once,
    which were counted elsewhere.
    """

    level: int
    hashes: NDArray[np.uint64]
    rows: Counts
    alone: int = 0

    @classmethod
    def empty(cls) -> Self:
        """No rows."""
        return cls(0, np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))

    @classmethod
    def of(cls, hashes: NDArray[np.uint64] | None, level: int = 0) -> Self:
        """Of one hash a row; None when rows have no key, 0 where one has none."""
        if hashes is None:
            return cls.empty()
        kept, rows = np.unique(hashes[hashes != 0], return_counts=True)
        return cls._fitting(level, kept, rows.astype(np.int64))

    def merge(self, other: Keys) -> Keys:
        """Of both sets of rows."""
        alone, level = self.alone + other.alone, max(self.level, other.level)
        if not len(self.hashes) and not len(other.hashes):
            return replace(self, level=level, alone=alone)
        kept, which = np.unique(np.concatenate([self.hashes, other.hashes]), return_inverse=True)
        rows = np.zeros(len(kept), dtype=np.int64)
        np.add.at(rows, which, np.concatenate([self.rows, other.rows]))
        return replace(self._fitting(level, kept, rows), alone=alone)

    @property
    def seen(self) -> int:
        """Rows whose key was looked at."""
        return int(self.rows.sum()) + self.alone

    @property
    def is_exact(self) -> bool:
        """Whether every key is known."""
        return self.level == 0

    @property
    def repeated(self) -> int:
        """Rows whose key was seen before in the window; beyond `MOST_KEYS` keys, an estimate."""
        beyond: int = int(self.rows.sum()) - len(self.rows)
        return beyond << self.level

    @classmethod
    def _fitting(cls, level: int, hashes: NDArray[np.uint64], rows: Counts) -> Self:
        hashes, rows = _begun(hashes, rows, level)
        while len(hashes) > MOST_KEYS:
            level += 1
            hashes, rows = _begun(hashes, rows, level)
        return cls(level, hashes, rows)

    def to_plain(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {"level": self.level, "hashes": self.hashes, "rows": self.rows, "alone": self.alone}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_plain` wrote."""
        return cls(plain["level"], plain["hashes"], plain["rows"], plain.get("alone", 0))


def _begun(hashes: NDArray[np.uint64], rows: Counts, level: int) -> tuple[NDArray[np.uint64], Counts]:
    """Those (sorted) whose hash begins with so many zero bits."""
    end = int(np.searchsorted(hashes, np.uint64(2 ** (64 - level)), side="left")) if level else len(hashes)
    return hashes[:end], rows[:end]
