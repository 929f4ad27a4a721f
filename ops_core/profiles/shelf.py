"""Where profiles are kept between runs, so that only what is new is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

REFERENCE = "reference"


@dataclass(frozen=True)
class Slot:
    """A place for one profile of a model: `name` is "reference" or a day, 2026-11-20.

    `options` stands for all that decides how rows are counted, `reference` for the reference that the cells
    come from, `fingerprint` for the files whose rows are counted: what was kept under another one is stale.
    """

    model: str
    options: str
    reference: str
    name: str
    fingerprint: str


class Shelf(Protocol):
    """Keeps bytes in slots. Raises `Unavailable` when it cannot."""

    def find(self, slots: Sequence[Slot]) -> Mapping[str, bytes]:
        """By name, what is kept in these slots of one model and is not stale."""
        ...

    def keep(self, contents: Mapping[Slot, bytes], at: datetime) -> None:
        """Keeps these in place of what was in their slots, and drops what came from another reference."""
        ...


def fingerprint(*parts: Any) -> str:
    """A short text that differs when any of the plain values does."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]
