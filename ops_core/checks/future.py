"""Rows that are dated in the future: somebody's clock is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ops_core.checks.wording import words
from ops_core.profiles.batch import Problem
from ops_core.profiles.profile import microseconds

AHEAD = "dated in the future"


def dated_ahead(column: str, rows: int, newest: int, now: datetime) -> Problem:
    """That so many rows lie in the future, given the newest of them (microseconds since 1970)."""
    ahead = words(timedelta(microseconds=newest - microseconds(now)))
    count = f"{rows:,} rows are" if rows > 1 else "1 row is"
    what = f"{count} {AHEAD}, up to {ahead} ahead of this machine's clock; left out"
    return Problem(f"column {column}", what)


def told_ahead(problems: Iterable[Problem]) -> str:
    """What is said of rows in the future, with what to try; empty when there are none."""
    found = next((each.what for each in problems if AHEAD in each.what), "")
    return found and f"{found}: compare the clock of what writes them with this machine's"
