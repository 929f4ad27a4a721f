"""A year without drift, and how soon a drift is found: our engine and the usual rules on the same days."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ops_core.drift.budget import DAYS_A_YEAR, open_since
from ops_core.profiles.columns import Bools, Floats
from tests.benchmarks.detection.made_features import Change, World
from tests.benchmarks.detection.years import BONFERRONI, PSI, TESTS, TOCSIN, Circumstances, simulated
from tests.benchmarks.figure import Figure

SIZES = (200, 1_000, 10_000, 100_000)
YEARS, YEARS_OF_DAYS = 100, 100
MODELS = 200
FROM_DAY, LONGEST_WAIT = 35, 28
NEVER = 999.0
WEEKENDS = World(weekend=0.1, day=0.03)


@dataclass(frozen=True)
class Wait:
    """A change and how many days until the alert it may take at 1,000 and at 200 rows a day."""

    name: str
    change: Change
    at_1000: int
    at_200: int


WAITS = (
    Wait("0.1σ", Change(0, FROM_DAY, shift=0.1), 3, 12),
    Wait("0.25σ", Change(0, FROM_DAY, shift=0.25), 1, 3),
    Wait("lognormal × 1.2", Change(5, FROM_DAY, scale=1.2), 1, 3),
    Wait("top category × 1.5", Change(17, FROM_DAY, top=1.5), 1, 5),
    Wait("nulls 2 → 6 %", Change(2, FROM_DAY, nulls=0.06), 1, 3),
    Wait("a category never seen, 2 %", Change(17, FROM_DAY, unseen=0.02), 1, 2),
)


def alike(folder: Path) -> Iterable[Figure]:
    """False alert episodes a model-year where days are alike."""
    yield from _episodes("days alike", World(), YEARS, 0.5)


def apart(folder: Path) -> Iterable[Figure]:
    """The same with a weekend pattern and day effects."""
    yield from _episodes("weekends 0.1σ, days 0.03σ", WEEKENDS, YEARS_OF_DAYS, 1.0)


def _episodes(name: str, world: World, years: int, bar: float) -> Iterator[Figure]:
    """Episodes are counted by feature and stay open for a week, the peers' too."""
    seed = secrets.randbits(32)
    several = [Circumstances(n, DAYS_A_YEAR, world) for n in SIZES]
    for n, found in zip(SIZES, simulated(several, years, seed), strict=True):
        a_year = {who: _a_year(found, who) for who in found[0]}
        note = ", ".join(f"{who} {a_year[who]:.3g}" for who in (PSI, BONFERRONI))
        yield Figure(
            f"detection: false episodes a year, {name}, n = {n:,}",
            a_year[TOCSIN],
            "",
            bar,
            TESTS,
            a_year[TESTS],
            f"{note}; {years} years, {_none(found)} % without any; counts drawn, not rows; seed {seed}",
        )


def _a_year(found: Sequence[Mapping[str, Bools]], who: str) -> float:
    """Mean episodes of a model."""
    return float(_begun(found, who).mean())


def _none(found: Sequence[Mapping[str, Bools]]) -> int:
    """Per cent of model-years in which the product never rang."""
    return round(100 * float((_begun(found, TOCSIN) == 0).mean()))


def _begun(found: Sequence[Mapping[str, Bools]], who: str) -> Floats:
    """Episodes of each model."""
    return np.concatenate([(open_since(rings[who]) == 0).sum(axis=(1, 2)) for rings in found]).astype(float)


def delays(folder: Path) -> Iterable[Figure]:
    """Median days from a change of one feature to its alert."""
    seed = secrets.randbits(32)
    wanted = [(n, wait) for n in (1_000, 200) for wait in WAITS]
    several = [Circumstances(n, FROM_DAY + LONGEST_WAIT, change=wait.change) for n, wait in wanted]
    for (n, wait), found in zip(wanted, simulated(several, MODELS, seed), strict=True):
        days = {who: _days(found, who, wait.change.feature) for who in found[0]}
        late = np.quantile(days[TOCSIN], 0.9)
        told = ", ".join(f"{who} {_median(days[who])}" for who in (PSI, TESTS, BONFERRONI))
        yield Figure(
            f"detection: median days to the alert, {wait.name}, n = {n:,}",
            float(np.median(days[TOCSIN])),
            "",
            float(wait.at_1000 if n == 1_000 else wait.at_200),
            note=f"90 % within {late:.0f}; {told}; {MODELS} models, seed {seed}",
        )


def _days(found: Sequence[Mapping[str, Bools]], who: str, feature: int) -> Floats:
    """Days until the changed feature rings, by model."""
    after = np.concatenate([rings[who][:, feature, FROM_DAY:] for rings in found])
    return np.where(after.any(axis=1), after.argmax(axis=1) + 1.0, NEVER)


def _median(days: Floats) -> str:
    median = float(np.median(days))
    return "never" if median >= NEVER else f"{median:g}"
