"""Features that are tested side by side say what each of them would say by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ops_core.drift.assessment import assess
from ops_core.drift.samples import Sample, Usual
from ops_core.drift.stacks import stacked
from ops_core.drift.windows import WEEK

CELLS = 16


def feature(seed: int, days: int, usual_days: int, *, is_ordered: bool = True, shift: float = 0.0) -> Sample:
    """A feature of some days, with nulls; `shift` moves its last week."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(CELLS, 5.0))
    later = shares * np.exp(shift * np.linspace(-1, 1, CELLS))
    counts = rng.multinomial(1000, shares, size=days).astype(float)
    counts[-WEEK:] = rng.multinomial(1000, later / later.sum(), size=min(WEEK, days))
    daily = rng.multinomial(300, shares, size=usual_days).astype(float)
    missing, usual_missing = rng.binomial(1000, 0.02, days), rng.binomial(300, 0.02, usual_days)
    usual = Usual(
        counts=daily.sum(axis=0),
        missing=np.asarray(float(usual_missing.sum())),
        daily=daily,
        daily_missing=usual_missing.astype(float),
        weekdays=np.arange(usual_days) % WEEK,
        singletons=np.asarray(2.0),
    )
    return Sample(counts, missing.astype(float), np.arange(days) % WEEK, usual, is_ordered, f"f{seed}")


def alone(sample: Sample) -> Sample:
    """The same in a simulation of one world, whose features stay by themselves."""
    usual = sample.usual
    names = ("counts", "missing", "daily", "daily_missing", "singletons")
    apart = {name: getattr(usual, name)[np.newaxis] for name in names}
    counts, missing = sample.counts[np.newaxis], sample.missing[np.newaxis]
    return replace(sample, counts=counts, missing=missing, usual=replace(usual, **apart))


@pytest.mark.parametrize(("days", "usual_days"), [(1, 14), (9, 28), (71, 28)])
def test_side_by_side_or_alone_is_the_same(days: int, usual_days: int) -> None:
    """Numbers, categories and their pooled variance of days, one of them drifted."""
    samples = [
        *(feature(seed, days, usual_days, shift=0.4 * (seed == 1)) for seed in range(4)),
        *(feature(seed, days, usual_days, is_ordered=False) for seed in range(4, 6)),
    ]
    assert len(stacked(samples)) == 3
    apart = [alone(each) for each in samples]
    assert len(stacked(apart)) == len(samples)
    for together, by_itself in zip(assess(samples), assess(apart), strict=True):
        assert [each.kind for each in together] == [each.kind for each in by_itself]
        for one, other in zip(together, by_itself, strict=True):
            np.testing.assert_allclose(one.p_value, other.p_value[0], rtol=1e-9, atol=1e-300)
            np.testing.assert_allclose(one.effect, other.effect[0], rtol=1e-9, atol=1e-12)


def test_other_cells_or_days_stand_by_themselves() -> None:
    """Features are stacked only where their arrays have one shape."""
    first, fewer_days = feature(0, 9, 28), feature(1, 9, 14)
    assert [len(each.members) for each in stacked([first, fewer_days, feature(2, 9, 28)])] == [2, 1]
