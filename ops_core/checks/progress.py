"""How far a run of checks has come, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

REFERENCE, SERVED, JUDGING = "reading the reference", "reading what was served", "judging"


@dataclass(frozen=True)
class Progress:
    """What a run is doing, and how many rows it has read for it."""

    phase: str
    rows: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


Tell = Callable[[Progress], None]
"""Called now and then while a run proceeds, in whatever thread."""


def untold(_progress: Progress) -> None:
    """Nobody waits."""
