"""Counts by day are the counts of each day's rows, whichever way they were made."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from ops_core.profiles.batch import Batch
from ops_core.profiles.days import DAY
from ops_core.profiles.fill import fill, profile_rows
from ops_core.profiles.profile import Scope, microseconds
from tests.profiles.made import LAYOUT, NOW, rows, with_missing

SCOPE = Scope("tumour")


def over(days: int, n: int) -> Batch:
    """Rows of several days, some values missing, in no order."""
    batch, random = rows(n, 3), np.random.default_rng(4)
    at = microseconds(NOW - timedelta(days=days)) + random.integers(0, days * DAY, n)
    features = {name: with_missing(column, 0.1) for name, column in batch.features.items()}
    return replace(batch, at=at, features=features)


@pytest.mark.parametrize("n", [300, 9000], ids=["placed row by row", "counted day by day"])
def test_each_day_has_its_counts(n: int) -> None:
    """They equal a profile of that day alone."""
    batch = over(6, n)
    whole = fill(LAYOUT, [batch], SCOPE)["1"].days
    for at, day in enumerate(whole.days.tolist()):
        alone = profile_rows(LAYOUT, batch.rows(batch.at // DAY == day), SCOPE, "1").days
        assert alone.n.tolist() == [whole.n[at]]
        for name, counts in whole.counts.items():
            assert alone.counts[name][0].tolist() == counts[at].tolist()
            assert alone.missing[name].tolist() == [whole.missing[name][at]]


def test_numbers_have_about_twenty_cells_a_day() -> None:
    """Few enough to be kept for a year."""
    days = fill(LAYOUT, [over(3, 300)], SCOPE)["1"].days
    assert days.counts["radius"].shape[1] == 20 and days.counts["site"].shape[1] == 4
    assert days.counts["spikes"].shape[1] + 20 > 20
