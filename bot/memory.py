"""The C library's memory, told how columns come and go: much is asked for, freed and asked for again."""

from __future__ import annotations

import ctypes
from functools import lru_cache

COLUMN_BYTES = 2**20
"""A column of the rows that are decoded at once."""
KEPT_BYTES = 128 * 2**20
"""As much free memory stays with the process: what is given back has to be cleared before its next use."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Of `mallopt(3)`."""


def settle() -> None:
    """From now on threads share one arena, and each column has pages of its own.

    Left to itself, the library puts columns among small blocks once it has seen a few: they leave holes that
    the next ones do not fit in, and memory grows with the rows. Does nothing without the GNU C library.
    """
    library = _library()
    if library is None:
        return
    library.mallopt(M_ARENA_MAX, 1)
    library.mallopt(M_MMAP_THRESHOLD, COLUMN_BYTES)
    library.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows has no such handle
        return None
    return library if hasattr(library, "gnu_get_libc_version") and hasattr(library, "mallopt") else None
