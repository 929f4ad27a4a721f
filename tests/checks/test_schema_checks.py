"""What the checks of ranges, columns, types and classes say."""

from dataclasses import replace

import numpy as np
import pytest

from ops_core.checks.finding import Verdict
from ops_core.checks.schema import ClassBalance, Range, Schema
from ops_core.profiles.batch import Batch, Column
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.ranges import share_by_chance
from tests.profiles.made import LAYOUT, SCOPE, profile, reference, rows


def with_feature(batch: Batch, name: str, column: Column) -> Batch:
    """The rows with one feature replaced."""
    return replace(batch, features={**batch.features, name: column})


def test_values_outside_the_range_are_a_warning_that_names_the_feature() -> None:
    """A twentieth of the radii came in another unit."""
    batch = rows(2000)
    radius = np.where(np.arange(2000) % 20 == 0, 1e4, batch.features["radius"].astype(float))
    finding = Range().judge(profile(with_feature(batch, "radius", radius)), reference())[0]
    assert (finding.verdict, finding.value) == (Verdict.WARNING, 0.05)
    assert finding.explanation.startswith("5.0 % of the values of radius lie outside ") and finding.detail[
        "beyond"
    ] == ["radius"]


def test_infinite_values_are_told_as_such() -> None:
    """Nobody would read them out of a range."""
    radius = np.where(np.arange(500) % 10 == 0, np.inf, 10.0)
    finding = Range().judge(profile(with_feature(rows(500), "radius", radius)), reference())[0]
    assert finding.verdict is Verdict.WARNING and ", 50 of them infinite" in finding.explanation


def test_a_little_beyond_the_range_is_allowed() -> None:
    """A twentieth of the range beyond its end is no surprise; a fifth is."""
    usual = reference().tallies["radius"].moments
    far = usual.greatest - usual.least
    near, beyond = (
        Range().judge(profile(rows(500, features={"radius": np.full(500, at)})), reference())[0].verdict
        for at in (usual.greatest + far / 20, usual.greatest + far / 5)
    )
    assert (near, beyond) == (Verdict.OK, Verdict.WARNING)


@pytest.mark.parametrize("heavy", [False, True], ids=["normal", "lognormal"])
def test_a_small_reference_does_not_cry_wolf(heavy: bool) -> None:
    """A hundred references of 185 rows, as many windows of a thousand, and nothing has changed."""

    def drawn(n: int, seed: int) -> Batch:
        values = np.random.default_rng(seed).normal(size=n)
        return rows(n, seed, features={"x": np.exp(values) if heavy else values})

    alarms = 0
    for seed in range(100):
        usual = drawn(185, seed)
        layout = Layout.of([usual], positive=1)
        made, window = (profile_rows(layout, each, SCOPE) for each in (usual, drawn(1000, seed + 1000)))
        alarms += Range().judge(window, made)[0].verdict.is_alarming
    assert alarms == 0


def test_the_share_left_out_by_chance_is_wilks() -> None:
    """The textbook: 93 values cover 95 % of all with 95 % confidence."""
    assert share_by_chance(93, 0.05) == pytest.approx(0.05, abs=5e-4)


def test_a_feature_that_is_gone_is_named() -> None:
    """With how many rows lack it."""
    batch = rows(100)
    finding = Schema().judge(
        profile(replace(batch, features={"radius": batch.features["radius"]})), reference()
    )[0]
    assert finding.verdict is Verdict.WARNING and finding.value == 2
    assert "site is gone from 100 rows" in finding.explanation


def test_a_changed_type_is_told_from_a_missing_column() -> None:
    """Text where a number is expected."""
    window = profile(with_feature(rows(100), "radius", np.full(100, "x", dtype=object)))
    finding = Schema().judge(window, reference())[0]
    assert "radius holds text instead of a number in 100 rows" in finding.explanation


def test_mistyped_rows_add_up_when_profiles_merge() -> None:
    """A file with the wrong type among good ones."""
    wrong = profile(with_feature(rows(50), "radius", np.full(50, "x", dtype=object)))
    merged = wrong.merge(profile(rows(70))).tallies["radius"]
    assert (merged.absent, merged.mistyped, merged.n) == (50, 50, 70)
    assert LAYOUT.features.keys() == wrong.tallies.keys()


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.5, Verdict.OK), (0.2, Verdict.WARNING), (0.9, Verdict.WARNING)]
)
def test_positives_that_became_rare_or_common_are_told(share: float, verdict: Verdict) -> None:
    """Half of the labels are positive on the reference."""
    label = (np.random.default_rng(3).random(1000) < share).astype(float)
    finding = ClassBalance().judge(profile(rows(1000, label=label)), reference())[0]
    assert finding.verdict is verdict and "of the labels are positive against" in finding.explanation


def test_the_balance_needs_labels() -> None:
    """Without any it cannot be told."""
    finding = ClassBalance().judge(profile(rows(100, label=None)), reference())[0]
    assert finding.verdict is Verdict.NO_DATA and "no label is there" in finding.explanation
