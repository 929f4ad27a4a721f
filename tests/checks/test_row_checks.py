"""Rows that come twice, features that go together, segments that fall, and an old reference."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from ops_core.checks.correlations import Correlations
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.rows import Duplicates, NewData, ReferenceAge
from ops_core.checks.segments import SegmentDrop
from ops_core.profiles.days import Days
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.history import History
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile
from tests.profiles.made import LAYOUT, NOW, SCOPE, profile, reference, rows


def keyed(keys: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> Finding:
    """What is said of rows with these keys."""
    block = replace(rows(len(keys)).block(), keys=keys)
    return Duplicates().judge(profile_rows(LAYOUT, block, SCOPE, "1"), reference())[0]


def test_rows_that_came_twice_are_counted() -> None:
    """Beyond one in a hundred, and beyond chance."""
    spread = np.arange(1, 1001, dtype=np.uint64) * np.uint64(2**53)
    assert keyed(spread).verdict is Verdict.OK
    finding = keyed(np.concatenate([spread, spread[:50]]))
    assert finding.verdict is Verdict.WARNING and finding.value == pytest.approx(50 / 1050)
    assert finding.explanation.startswith(
        "4.8 % of the rows have a key that came before (limit 1.0 %), n = 1,050"
    )


def test_of_very_many_keys_a_sample_is_looked_at() -> None:
    """And said to be one."""
    keys = np.random.default_rng(1).integers(0, 2**63, 30_000).astype(np.uint64) * np.uint64(2)
    finding = keyed(np.concatenate([keys, keys[:3000]]))
    assert finding.verdict is Verdict.WARNING and " in a sample of the 33,000 rows" in finding.explanation
    assert finding.value == pytest.approx(1 / 11, abs=0.02)


def test_rows_without_keys_are_no_data() -> None:
    """Nothing can be said."""
    assert Duplicates().judge(profile(rows(100)), reference())[0].verdict is Verdict.NO_DATA


def together(n: int, correlation: float, seed: int) -> Profile:
    """Two features with a correlation."""
    random, batch = np.random.default_rng(seed), rows(n, seed)
    one = random.normal(0, 1, n)
    other = correlation * one + np.sqrt(1 - correlation**2) * random.normal(0, 1, n)
    batch = replace(batch, features={"one": one, "other": other})
    return profile_rows(Layout.of([batch], 1) if seed == 9 else PAIRED, batch, SCOPE, "1")


NORMAL = together(4000, 0.6, 9)
PAIRED = NORMAL.layout


@pytest.mark.parametrize(
    ("n", "now", "verdict"),
    [
        (2000, 0.6, Verdict.OK),
        (2000, 0.1, Verdict.WARNING),
        (2000, -0.6, Verdict.WARNING),
        (12, -0.2, Verdict.NO_EVIDENCE),
    ],
)
def test_a_correlation_that_moved_is_told(n: int, now: float, verdict: Verdict) -> None:
    """Though each feature by itself looks as ever."""
    finding = Correlations().judge(together(n, now, 1), NORMAL)[0]
    assert finding.verdict is verdict
    assert (
        finding.explanation.startswith("The correlation of one and other is ")
        and "most of 1 pair, n" in finding.explanation
    )


def test_a_segment_that_fell_is_found_in_a_good_whole() -> None:
    """A quarter of the rows is wrong more often; the whole keeps its limits."""
    batch = rows(4000)
    wrong = (batch.splits["segment"] == "C") & (np.arange(4000) % 3 == 0)
    label = batch.label if batch.label is not None else batch.prediction
    finding = SegmentDrop().judge(
        profile(replace(batch, prediction=np.where(wrong, 1 - label, batch.prediction))), reference()
    )[0]
    assert finding.verdict is Verdict.CRITICAL and finding.detail["segment"] == "C"
    assert (
        finding.explanation.startswith("Accuracy in segment C 0.6")
        and "the most fallen of 4" in finding.explanation
    )


def test_an_old_reference_is_told() -> None:
    """A reference without times cannot be too old."""
    old = replace(reference(), last_at=NOW - timedelta(days=100))
    finding = ReferenceAge().judge(profile(rows(100)), old)[0]
    assert finding.verdict is Verdict.WARNING
    assert finding.explanation == "The newest row of the reference is 100 days old (limit 92 days), n = 4,000"
    assert ReferenceAge().judge(profile(rows(100)), replace(old, last_at=None))[0].verdict is Verdict.OK


def test_new_data_is_counted_since_the_reference() -> None:
    """Of closed days and what the window adds, each day once; only a team's own limit warns."""
    window, usual = profile(rows(500)), replace(reference(), last_at=NOW - timedelta(days=10))
    yesterday, today = window.days.days.tolist()
    closed = np.array([yesterday - 20, yesterday - 5, yesterday])
    history = History(Days(closed, np.array([7000, 300, 900]), {}, {}), np.zeros((3, 4), dtype=np.int64))
    finding = NewData(warning_limit=1200).judge(replace(window, history=history), usual)[0]
    assert finding.n == 1200 + int(window.days.n[window.days.days == today][0])
    assert finding.verdict is Verdict.WARNING and "retraining" in finding.explanation
    assert NewData().judge(replace(window, history=history), usual)[0].verdict is Verdict.OK
