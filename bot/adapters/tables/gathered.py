"""What is gathered of one version: a feature's answers become its tally and its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from bot.adapters.tables.counting import NAN, NULL, WRONG
from ops_core.profiles.batch import Problem
from ops_core.profiles.cells import Categorical, Numeric
from ops_core.profiles.moments import NOTHING, Moments
from ops_core.profiles.profile import Profile
from ops_core.profiles.tally import Tally

Row: TypeAlias = tuple[Any, ...]


@dataclass
class Gathered:
    """One version's profile while its parts come in."""

    profile: Profile
    days: list[int]
    tallies: dict[str, Tally] = field(default_factory=dict)
    by_day: dict[str, Any] = field(default_factory=dict)
    missing: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def count_numbers(each: Gathered, name: str, cells: Numeric, centre: float, rows: Sequence[Row]) -> None:
    """A number's tally and days, from the answer to `numbers`."""
    tally, places = Tally.empty(cells), _places(each)
    nulls = nan = wrong = finite = 0
    found = NOTHING
    for day, cell, n, *more in rows:
        at = places[day]
        if cell == WRONG:
            wrong += n
            continue
        if cell in (NULL, NAN):
            nulls, nan = nulls + n, nan + (n if cell == NAN else 0)
            each.missing[name][at] += n
            continue
        tally.counts[cell] += n
        each.by_day[name][at, cells.of_day[cell]] += n
        told = moments(more, centre)
        finite, found = finite + told.n, found.merge(told)
    infinite = int(tally.counts.sum()) - finite
    each.tallies[name] = replace(
        tally, missing=nulls, nan=nan, absent=wrong, mistyped=wrong, infinite=infinite, moments=found
    )
    _say_wrong(each, name, wrong, "text", "a number")


def count_texts(each: Gathered, name: str, cells: Categorical, rows: Sequence[Row]) -> None:
    """A text's tally and days, from the answer to `texts`."""
    tally, places = Tally.empty(cells), _places(each)
    nulls = wrong = 0
    for day, state, value, n in rows:
        at = places[day]
        if state == WRONG:
            wrong += n
        elif state == NULL:
            nulls += n
            each.missing[name][at] += n
        else:
            cell = cells.index.get(value, cells.cells - 1)
            tally.counts[cell] += n
            each.by_day[name][at, cell] += n
    each.tallies[name] = replace(tally, missing=nulls, absent=wrong, mistyped=wrong)
    _say_wrong(each, name, wrong, "a number", "text")


def _say_wrong(each: Gathered, name: str, wrong: int, found: str, expected: str) -> None:
    if wrong:
        what = f"holds {found}, but {expected} in the reference; left out"
        each.problems.append(Problem(f"column {name}", what))


def _places(each: Gathered) -> Mapping[int, int]:
    return {day: at for at, day in enumerate(each.days)}


def moments(row: Sequence[Any], centre: float) -> Moments:
    """From number, sum and squares around a centre, least and greatest."""
    n, total, squares, least, greatest = row
    if not n:
        return NOTHING
    apart, squared = float(total), float(squares)
    spread = squared - apart * apart / n
    return Moments(
        n=int(n),
        mean=centre + apart / n,
        squares=max(0.0, spread),  # 0 for NaN, too: of values near the greatest float nothing can be told
        least=float(least),
        greatest=float(greatest),
    )
