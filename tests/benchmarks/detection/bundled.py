"""Real data: scikit-learn's bundled sets, resampled by day, through profiles and the product's check."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from ops_core.checks.drift import DataDrift
from ops_core.drift.assessment import assess
from ops_core.drift.budget import DAYS_A_YEAR, Budget, open_since
from ops_core.drift.histories import Calendar, Kept, sample_of
from ops_core.drift.kept import inputs
from ops_core.drift.watching import LOOK_SHARE
from ops_core.profiles.batch import Batch
from ops_core.profiles.columns import Counts, Floats
from ops_core.profiles.days import Days
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile, Scope, microseconds
from tests.benchmarks.detection.years import LEAST_SHARE, PROCESSES
from tests.benchmarks.figure import Figure

SETS = ("iris", "wine", "breast_cancer", "diabetes", "digits")
N_USUAL, USUAL_DAYS, N_DAY = 10_000, 28, 1_000
YEARS, DAYS_BEFORE, DAYS_JUDGED, DAYS_AFTER = 8, 40, 7, 3
CLEAR_PSI = 0.02
START = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Parts:
    """The two halves of a set, ordered by its target: rows × features each."""

    first: Floats
    second: Floats

    @classmethod
    def of(cls, name: str) -> Parts:
        """The lower and the upper half."""
        from sklearn import datasets  # takes a second to import

        values, target = getattr(datasets, f"load_{name}")(return_X_y=True)
        ordered = values[np.argsort(target, kind="stable")].astype(float)
        half = len(ordered) // 2
        return cls(ordered[:half], ordered[half:])

    def clear(self) -> list[str]:
        """The features whose PSI between the halves is at least 0.02, over ten parts of the first."""
        pairs = zip(self.first.T, self.second.T, strict=True)
        return [f"f{at}" for at, pair in enumerate(pairs) if _psi(*pair) >= CLEAR_PSI]


@dataclass(frozen=True)
class Course:
    """Years without drift and three days after one: episodes, and by feature the day that found it."""

    episodes: int
    found: dict[str, int]
    clear: list[str]


@dataclass(frozen=True)
class Model:
    """Rows to draw, cells and counts of the reference."""

    random: np.random.Generator
    parts: Parts
    layout: Layout
    usual: Profile

    @classmethod
    def of(cls, name: str, random: np.random.Generator) -> Model:
        """With a reference of its own."""
        parts = Parts.of(name)
        rows = _drawn(random, parts.first, N_USUAL, START - USUAL_DAYS * DAY, USUAL_DAYS)
        layout = Layout.of([rows], positive=1)
        return cls(random, parts, layout, profile_rows(layout, rows, _scope(None)))

    def served(self, part: Floats, day: int) -> Profile:
        """A day's rows, as the product profiles them."""
        start = START + day * DAY
        return profile_rows(self.layout, _drawn(self.random, part, N_DAY, start, 1), _scope(start))

    def drifted(self, window: Profile, past: Days) -> set[str]:
        """The features that the product's check alarms for, on a day with the days before it."""
        finding = DataDrift().judge(replace(window, days=past.merge(window.days)), self.usual)[0]
        return set(finding.detail["drifted"])

    def episodes(self, days: Days) -> int:
        """How many begin on these days, by the engine on all of them at once."""
        check, calendar = DataDrift(), Calendar(days.days[:-1], int(days.days[-1]))
        usual = inputs(self.usual)
        samples = [
            sample_of(
                name,
                Kept(days.counts[name][-1], int(days.missing[name][-1]), days.days, *_by_day(days, name)),
                side.kept,
                calendar,
                is_ordered=True,
            )
            for name, side in usual.items()
        ]
        budget = Budget(check.alarms_a_year * (1 - LOOK_SHARE), len(samples), check.least_effect or 0.0)
        rings = [budget.rings(tests, ordered=True).max(axis=-1) >= 1 for tests in assess(samples)]
        return sum(int((open_since(each) == 0).sum()) for each in rings)


def bundled(folder: Path) -> Iterable[Figure]:
    """Episodes of a year without drift, and clear drifts found within three days."""
    seed = secrets.randbits(32)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        courses = dict(zip(SETS, pool.map(lived, SETS, [seed] * len(SETS)), strict=True))
    told = ", ".join(f"{name} {course.episodes}" for name, course in courses.items())
    worst = max(course.episodes / YEARS for course in courses.values())
    yield Figure(
        "detection: false episodes a year, the worst of the bundled data sets",
        worst,
        "",
        1.0,
        note=f"in {YEARS} years of {told}; seed {seed}",
    )
    clear = [(name, feature) for name, course in courses.items() for feature in course.clear]
    missed = [f"{name} {feature}" for name, feature in clear if feature not in courses[name].found]
    at_once = sum(day == 1 for course in courses.values() for day in course.found.values())
    yield Figure(
        "detection: drifts of PSI ≥ 0.02 not found within 3 days, bundled data sets",
        len(missed),
        "",
        0.0,
        note=f"of {len(clear)} features; {at_once} of all found on the first day {' '.join(missed)}".strip(),
    )


def lived(name: str, seed: int) -> Course:
    """Years of days drawn from the first part, each with its own reference; then days from the second."""
    random, episodes = np.random.default_rng([seed, SETS.index(name)]), 0
    for _ in range(YEARS):
        model = Model.of(name, random)
        days = reduce(Days.merge, [model.served(model.parts.first, day).days for day in range(DAYS_A_YEAR)])
        episodes += model.episodes(days)
    past = Days.empty(model.layout.features)
    for day in range(DAYS_BEFORE):
        window = model.served(model.parts.first, day)
        episodes += len(model.drifted(window, past)) if day > DAYS_BEFORE - DAYS_JUDGED else 0
        past = past.merge(window.days)
    found: dict[str, int] = {}
    for after in range(1, DAYS_AFTER + 1):
        window = model.served(model.parts.second, DAYS_BEFORE + after - 1)
        found |= dict.fromkeys(model.drifted(window, past) - found.keys(), after)
        past = past.merge(window.days)
    return Course(episodes, found, model.parts.clear())


def _scope(start: datetime | None) -> Scope:
    return Scope("bundled", start, start and start + DAY, width=86_400_000_000, pairs=False)


def _by_day(days: Days, name: str) -> tuple[Counts, Counts]:
    return days.counts[name], days.missing[name]


def _drawn(random: np.random.Generator, part: Floats, n: int, start: datetime, days: int) -> Batch:
    """Rows of a part with replacement, spread over so many days."""
    rows = part[random.integers(0, len(part), n)]
    at = np.linspace(microseconds(start) + 1, microseconds(start + days * DAY) - 1, n).astype(np.int64)
    answer = np.zeros(n)
    return Batch(
        at=at,
        version=np.full(n, "1", dtype=object),
        prediction=answer,
        features={f"f{number}": column for number, column in enumerate(rows.T)},
        label=answer,
    )


def _psi(first: Floats, second: Floats) -> float:
    edges = np.unique(np.quantile(first, np.linspace(0, 1, 11))[1:-1])
    before, now = (
        np.bincount(np.searchsorted(edges, each, side="right"), minlength=len(edges) + 1) / len(each)
        for each in (first, second)
    )
    before, now = np.maximum(before, LEAST_SHARE), np.maximum(now, LEAST_SHARE)
    return float(((now - before) * np.log(now / before)).sum())
