"""The C library's memory: one arena for all threads, and what is free is given back when it is much."""

from __future__ import annotations

import ctypes
import os
from functools import lru_cache
from pathlib import Path

KEPT_BYTES = 360 * 2**20
"""Resident memory up to which a process keeps what it has freed: most jobs never give any back."""
RESIDENT = Path("/proc/self/statm")
M_ARENA_MAX = -8
"""`mallopt(3)`: how many arenas there may be."""


def one_arena() -> None:
    """From now on threads share one arena: what a row group leaves in one is of use to the next."""
    if (library := _library()) is not None:
        library.mallopt(M_ARENA_MAX, 1)


def give_back() -> bool:
    """Give free memory back to the system if this process has much; whether it had.

    Blocks of many sizes, freed by several threads, leave holes that the next ones do not fit in, and memory
    would grow with the rows. What is given back has to be cleared again by the system before its next use,
    so it is only worth it when there is much. Does nothing without Linux and the GNU C library.
    """
    library = _library()
    if library is None or resident_bytes() <= KEPT_BYTES:
        return False
    library.malloc_trim(0)
    return True


def resident_bytes() -> int:
    """How much memory of this process is in use; 0 where Linux does not say so."""
    try:
        pages = int(RESIDENT.read_text().split()[1])
    except OSError:  # not Linux
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows has no such handle
        return None
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
