"""Concept drift on a stream of right and wrong answers."""

import numpy as np

from ops_core.drift.stream import Errors, turn

STRETCH = 50


def stream(seed: int, *parts: tuple[float, int]) -> Errors:
    """Errors in stretches of 50 rows: so many rows at each rate."""
    random = np.random.default_rng(seed)
    errors = np.concatenate([random.binomial(STRETCH, rate, rows // STRETCH) for rate, rows in parts])
    return Errors(errors.astype(float), np.full(len(errors), float(STRETCH)))


def first_alarm(whole: Errors, start: int) -> int:
    """Rows after `start` until it rings; a million if it never does."""
    for end in range(start // STRETCH + 1, len(whole.rows) + 1):
        if turn(Errors(whole.errors[:end], whole.rows[:end]), 500, 10_000).rings():
            return end * STRETCH - start
    return 1_000_000


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
