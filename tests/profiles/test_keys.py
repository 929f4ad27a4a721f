"""Rows whose key came before are counted in bounded memory, the same in any order and in any parts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from ops_core.profiles.keys import MOST_KEYS, Keys
from tests.profiles.made import patient


def hashes(n: int, distinct: int, seed: int) -> np.ndarray:
    """Hashes of n rows that have at most so many keys."""
    random = np.random.default_rng(seed)
    return random.integers(0, 2**64, distinct, dtype=np.uint64)[random.integers(0, distinct, n)]


@patient
@given(some.integers(0, 40_000), some.integers(0, 40_000), some.integers(1, 40_000), some.integers(0, 99))
def test_merging_equals_counting_both(n: int, m: int, distinct: int, seed: int) -> None:
    """merge(a, b) = of(a ∪ b), exact or not."""
    both = hashes(n + m, distinct, seed)
    merged, whole = Keys.of(both[:n]).merge(Keys.of(both[n:])), Keys.of(both)
    assert merged.level == whole.level
    assert merged.hashes.tolist() == whole.hashes.tolist() and merged.rows.tolist() == whole.rows.tolist()


def test_few_keys_are_counted_exactly() -> None:
    """Three rows of one key are two repeats."""
    keys = Keys.of(np.array([7, 7, 7, 9], dtype=np.uint64))
    assert (keys.repeated, keys.is_exact) == (2, True)


def test_many_keys_are_estimated() -> None:
    """Half of 200,000 rows repeat; the estimate is within a few percent, from a bounded number of keys."""
    once = np.random.default_rng(0).integers(0, 2**64, 100_000, dtype=np.uint64)
    keys = Keys.of(np.concatenate([once, once]))
    assert len(keys.hashes) <= MOST_KEYS and not keys.is_exact
    assert 90_000 < keys.repeated < 110_000
