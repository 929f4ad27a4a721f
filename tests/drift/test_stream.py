"""Concept drift on a stream of right and wrong answers."""

import math
from itertools import product

import numpy as np
import pytest
from scipy.special import betaln

from ops_core.drift.running import RATIOS, ROWS_A_FALSE_ALARM
from ops_core.drift.stream import Errors, evidence, turn

STRETCH = 50


def stream(seed: int, *parts: tuple[float, int]) -> Errors:
    """Errors in stretches of 50 rows: so many rows at each rate."""
    random = np.random.default_rng(seed)
    errors = np.concatenate([random.binomial(STRETCH, rate, rows // STRETCH) for rate, rows in parts])
    return Errors(errors.astype(float), np.full(len(errors), float(STRETCH)))


def first_alarm(whole: Errors, start: int) -> int:
    """Rows after `start` until it rings; a million if it never does."""
    rings = evidence(whole, 500, 10_000)[start // STRETCH :] >= math.log(ROWS_A_FALSE_ALARM)
    return (int(rings.argmax()) + 1) * STRETCH if rings.any() else 1_000_000


def test_a_steady_rate_never_rings() -> None:
    """Ten streams of 10,000 rows, looked at after every stretch."""
    assert all(first_alarm(stream(seed, (0.05, 10_000)), 0) == 1_000_000 for seed in range(10))


def test_more_errors_ring_soon() -> None:
    """Median rows until 5 % have become 8 % or 15 %."""
    slight = [first_alarm(stream(seed, (0.05, 5000), (0.08, 4000)), 5000) for seed in range(21)]
    grave = [first_alarm(stream(seed, (0.05, 5000), (0.15, 1000)), 5000) for seed in range(21)]
    assert np.median(slight) <= 1000 and np.median(grave) <= 200


def test_the_start_of_the_change_is_found() -> None:
    """Within a few stretches, with the rates before and after."""
    found = turn(stream(3, (0.05, 5000), (0.2, 1000)), 500, 10_000)
    assert abs(found.start - 100) <= 3 and found.rings()
    assert 0.04 < found.before < 0.06 and 0.15 < found.after < 0.25


def test_a_small_reference_makes_it_doubtful() -> None:
    """Two errors in twenty rows of reference, then 15 %: that may be what is normal."""
    errors = stream(1, (0.15, 1000))
    assert turn(errors, 500, 10_000).rings() and not turn(errors, 2, 20).rings()


def test_fewer_errors_are_no_alarm() -> None:
    """The model got better."""
    assert not turn(stream(2, (0.05, 5000), (0.005, 5000)), 500, 10_000).rings()


def test_no_rows_are_no_change() -> None:
    """Neither stretches without rows nor no stretches at all."""
    nothing = np.zeros(0)
    assert not turn(Errors(nothing, nothing), 5, 100).rings()
    assert not turn(Errors(np.zeros(3), np.zeros(3)), 5, 100).rings()


def test_it_tells_after_each_stretch_what_it_told_then() -> None:
    """Looking back at a stream gives what was seen on the way."""
    whole = stream(4, (0.05, 1000), (0.12, 500))
    told = [
        turn(Errors(whole.errors[:end], whole.rows[:end]), 500, 10_000).log_evidence
        for end in range(1, len(whole.rows) + 1)
    ]
    assert evidence(whole, 500, 10_000) == pytest.approx(told, abs=1e-9)


def test_the_evidence_is_the_sum_over_starts_of_bayes_factors() -> None:
    """Written down as the docstring says it, start by start."""
    whole = Errors(np.array([2.0, 0.0, 9.0, 11.0]), np.array([40.0, 0.0, 60.0, 50.0]))
    a, b = 30.5, 570.5
    summed = 0.0
    for start in range(4):
        errors, right = whole.errors[start:].sum(), (whole.rows - whole.errors)[start:].sum()
        before, fine = whole.errors[:start].sum(), (whole.rows - whole.errors)[:start].sum()
        alike = betaln(a + before + errors, b + fine + right) - betaln(a + before, b + fine)
        for ratio, weight in RATIOS:
            rate = ratio * a / (a + b)
            changed = errors * math.log(rate) + right * math.log(1 - rate)
            summed += whole.rows[start] * weight * math.exp(changed - alike)
    assert turn(whole, 30, 600).log_evidence == pytest.approx(math.log(summed))


def test_without_a_change_the_sum_is_the_number_of_rows_on_average() -> None:
    """Exactly, over all streams of three stretches at every rate: so alarms are as rare as is promised."""
    a, b, rows = 4.5, 16.5, 5
    mean = 0.0
    for errors in product(range(rows + 1), repeat=3):
        seen = sum(errors)
        alike = math.exp(betaln(a + seen, b + 3 * rows - seen) - betaln(a, b))
        chance = alike * math.prod(math.comb(rows, each) for each in errors)
        mean += chance * math.exp(
            turn(Errors(np.array(errors) * 1.0, np.full(3, rows * 1.0)), 4, 20).log_evidence
        )
    assert mean == pytest.approx(3 * rows)
