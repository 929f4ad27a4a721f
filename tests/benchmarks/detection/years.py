"""Years of daily checks on made-up features: who rings on which day, the product's engine and the peers'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from scipy.special import chdtrc, kolmogorov

from ops_core.checks.drift import DataDrift
from ops_core.drift.assessment import assess
from ops_core.drift.budget import Budget
from ops_core.drift.samples import Sample
from ops_core.drift.shape import part_starts
from ops_core.drift.watching import LOOK_SHARE
from ops_core.profiles.columns import Bools, Floats
from tests.benchmarks.detection.made_features import Change, World, Year, samples

N_USUAL = 10_000
# Models simulated at once: more need more memory, not less time.
AT_ONCE = 4
PROCESSES = 2
TOCSIN, PSI, TESTS, BONFERRONI = "Tocsin", "PSI > 0.1", "KS/χ² p < .05", "KS/χ² Bonferroni"
LEAST_SHARE = 1e-4
ALIKE = World()


@dataclass(frozen=True)
class Circumstances:
    """Rows a day, days, how days differ, and what changes if anything."""

    n: int
    days: int
    world: World = ALIKE
    change: Change | None = None


def simulated(
    several: Sequence[Circumstances], models: int, seed: int
) -> Iterator[list[Mapping[str, Bools]]]:
    """For each of the circumstances what rang, by chunk of models; each has a random source of its own."""
    chunks = -(-models // AT_ONCE)
    seeds = iter(np.random.SeedSequence(seed).spawn(chunks * len(several)))
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting = [[pool.submit(rung, each, next(seeds)) for _ in range(chunks)] for each in several]
        for futures in waiting:
            yield [future.result() for future in futures]


def rung(of: Circumstances, seed: np.random.SeedSequence) -> dict[str, Bools]:
    """Which features ring on which days (models × features × days), by who looks."""
    year = Year(np.random.default_rng(seed), AT_ONCE, N_USUAL, of.n, of.days, of.world, of.change)
    drawn = samples(year)
    return {TOCSIN: _ours(drawn), **_theirs(drawn)}


def _ours(drawn: Sequence[Sample]) -> Bools:
    """As `watch` judges closed days at the check's own defaults."""
    check = DataDrift()
    budget = Budget(check.alarms_a_year * (1 - LOOK_SHARE), len(drawn), check.least_effect or 0.0)
    told = zip(drawn, assess(drawn), strict=True)
    passes = [budget.rings(tests, ordered=sample.is_ordered).max(axis=-1) for sample, tests in told]
    return np.stack(passes, axis=1) >= 1


def _theirs(drawn: Sequence[Sample]) -> dict[str, Bools]:
    """The usual rules on each day by itself, from the same counts."""
    psi = np.stack([_psi(sample) for sample in drawn], axis=1)
    p_value = np.stack([_p_value(sample) for sample in drawn], axis=1)
    return {PSI: psi > 0.1, TESTS: p_value < 0.05, BONFERRONI: p_value < 0.05 / len(drawn)}


def _psi(sample: Sample) -> Floats:
    """Over ten parts of about equal weight in the reference, or all categories: models × days."""
    usual = sample.usual.counts[..., None, :]
    if sample.is_ordered:
        starts = part_starts(sample.usual.counts, parts=10)
        window, usual = (np.add.reduceat(each, starts, axis=-1) for each in (sample.counts, usual))
    else:
        window = sample.counts
    now, before = (_shares(each) for each in (window, usual))
    total: Floats = ((now - before) * np.log(now / before)).sum(axis=-1)
    return total


def _shares(counts: Floats) -> Floats:
    shares: Floats = np.maximum(counts / counts.sum(axis=-1, keepdims=True), LEAST_SHARE)
    return shares


def _p_value(sample: Sample) -> Floats:
    """Kolmogorov–Smirnov at the edges of the cells (a little less than on rows), or χ²: models × days."""
    usual = sample.usual.counts[..., None, :]
    n, m = sample.known, usual.sum(axis=-1)
    if sample.is_ordered:
        apart = sample.counts.cumsum(axis=-1) / n[..., None] - usual.cumsum(axis=-1) / m[..., None]
        return np.asarray(kolmogorov(np.abs(apart).max(axis=-1) * np.sqrt(n * m / (n + m))))
    pooled = sample.counts + usual
    expected = pooled * (n / (n + m))[..., None]
    some = pooled > 0
    apart = np.where(some, (sample.counts - expected) ** 2 / np.where(some, expected, 1.0), 0.0)
    statistic = apart.sum(axis=-1) * (n + m) / m
    return np.asarray(chdtrc(np.maximum(some.sum(axis=-1) - 1, 1), statistic))
