"""What is raised for a file that cannot be read, whatever kind it is of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Unreadable(Exception):
    """A file that is no whole Parquet or CSV file; the text says why, in one line."""


@contextmanager
def told_as_unreadable() -> Iterator[None]:
    """Whatever reading raises because of what the file holds is said as Unreadable."""
    import pyarrow as pa  # heavy: 0.2 s

    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable((str(error).splitlines() or [type(error).__name__])[0][:120]) from error
