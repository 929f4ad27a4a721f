"""What the features of one model say today: the clearest evidence of each, by closed days and at one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from scipy.special import ndtri

from ops_core.drift.assessment import assess
from ops_core.drift.budget import DAYS_A_YEAR, LOOKS_A_DAY, QUIET_DAYS, Budget, open_since, weights_of
from ops_core.drift.samples import Sample, Test
from ops_core.drift.windows import WINDOWS
from ops_core.profiles.columns import Floats

# Looking at a growing day after every row costs about c² / 2 · ln(n / n₀) looks at the threshold c ≈ 5.5:
# about 140 for a ten-thousandfold growth (Siegmund 1985); a rolling window costs c² ≈ 30 for each length.
LOOKS_AT_A_DAY = 200.0
LOOKS_A_LENGTH = 30.0
# The share of the year's false alarms that looks within the day may spend.
LOOK_SHARE = 0.1


@dataclass(frozen=True)
class Evidence:
    """The clearest number: its kind, cell (of categories), p-value, effect and how many days were merged.

    `passes` is allowed / p: at least 1 when chance is ruled out. `adjusted` is the p-value that accounts for
    all features and kinds of statistics of this one look, `needed` what it may be at most.
    """

    kind: str
    cell: int | None
    p_value: float
    effect: float
    days: int
    passes: float
    adjusted: float
    needed: float


@dataclass(frozen=True)
class Seen:
    """One feature: its evidence now, and by closed days while an episode is open on it.

    `open_days` are the closed days since the first of those whose merged rows opened the episode, `floor` is
    the least shift (or other effect) that any number of rows could prove against this reference.
    """

    name: str
    look: Evidence
    days: Evidence | None
    open_days: int | None
    floor: float


def watch(samples: Sequence[Sample], a_year: float, least_effect: float, length: timedelta) -> list[Seen]:
    """What each feature shows; the last entry of every sample is the window of `length` looked at now.

    `a_year` false alarms a year are spent over features, statistics, days and looks.
    """
    looks = max(LOOKS_AT_A_DAY, LOOKS_A_LENGTH * timedelta(days=1) / max(length, timedelta(seconds=1)))
    daily = Budget(a_year * (1 - LOOK_SHARE), len(samples), least_effect)
    now = Budget(a_year * LOOK_SHARE * LOOKS_A_DAY / looks, len(samples), 0.0, lengths=(1.0,))
    told = assess(samples)
    return [
        Seen(
            sample.name,
            _now(tests, sample, now),
            *_by_days(tests, sample, daily),
            _floor(sample, daily),
        )
        for sample, tests in zip(samples, told, strict=True)
    ]


def _now(tests: Sequence[Test], sample: Sample, budget: Budget) -> Evidence:
    found = [_evidence(test, sample, budget, slice(-1, None)) for test in tests]
    return max(found, key=lambda each: (each.passes, abs(each.effect)))


def _by_days(tests: Sequence[Test], sample: Sample, budget: Budget) -> tuple[Evidence | None, int | None]:
    """The clearest number of the last days on which an open episode rang."""
    closed = len(sample.weekdays) - 1
    rings = np.broadcast_to(budget.rings(tests, ordered=sample.is_ordered), (closed + 1, len(WINDOWS)))[:-1]
    since = open_since(rings.max(axis=-1) >= 1) if closed else np.full(1, -1)
    if since[-1] < 0:
        return None, None
    recent = slice(max(0, closed - QUIET_DAYS), closed)
    found = [_evidence(test, sample, budget, recent) for test in tests]
    opened = WINDOWS[int(rings[closed - 1 - int(since[-1])].argmax())]
    return max(found, key=lambda each: each.passes), int(since[-1]) + opened


def _evidence(test: Test, sample: Sample, budget: Budget, days: slice) -> Evidence:
    """The number with the smallest p-value, weighed, among those whose effect is at least the least one."""
    windows = slice(len(budget.lengths))
    effect = test.effect[:, days, windows]
    p_values = test.p_value[:, days, windows] / weights_of(test, budget.lengths)
    p_values = np.where(np.abs(effect) >= budget.least_effect, p_values, 1.0)
    at = np.unravel_index(int(np.argmin(p_values)), p_values.shape)
    p_value = min(1.0, float(p_values[at]))
    allowed = budget.allowed(test.kind, ordered=sample.is_ordered)
    needed = budget.a_year / (DAYS_A_YEAR * LOOKS_A_DAY)
    return Evidence(
        kind=test.kind,
        cell=test.cells[at[0]] if test.cells else None,
        p_value=p_value,
        effect=float(effect[at]),
        days=WINDOWS[int(at[2])],
        passes=allowed / max(p_value, 1e-300),
        adjusted=min(1.0, p_value * needed / allowed),
        needed=needed,
    )


def _floor(sample: Sample, budget: Budget) -> float:
    """What 1 / √n_r of the reference hides at the threshold for places (or single categories)."""
    kind = "location" if sample.is_ordered else "category"
    allowed = budget.allowed(kind, ordered=sample.is_ordered) * budget.lengths[-1]
    z = -float(ndtri(allowed / 2))
    rows: Floats = sample.usual.counts.sum(axis=-1)
    return z / float(np.sqrt(max(1.0, float(rows))))
