"""Memory that a thread uses again and again: asking for a megabyte anew costs as much as sorting it."""

from __future__ import annotations

import threading

import numpy as np

from ops_core.profiles.columns import Floats
from ops_core.profiles.short import Heads

_held = threading.local()


def scratch(use: str, size: int) -> Floats:
    """Room for so many numbers, of any content; the next call of this thread for this use gets it too."""
    room: Floats | None = getattr(_held, use, None)
    if room is None or len(room) < size:
        room = np.empty(size + size // 8)
        setattr(_held, use, room)
    return room[:size]


def scratch_heads(size: int) -> Heads:
    """The same for heads of numbers."""
    return scratch("heads", size // 2 + 1).view(np.int32)[:size]
