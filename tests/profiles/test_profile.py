"""Profiles merge exactly, survive being stored, and count what is missing."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ops_core.profiles.batch import Batch
from ops_core.profiles.cells import Numeric
from ops_core.profiles.columns import Numbers
from ops_core.profiles.fill import fill, profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile, Scope, moment
from ops_core.profiles.tally import MOST_UNSEEN
from tests.profiles.made import LAYOUT, NOW, REFERENCE, SCOPE, joined, patient, profile, rows, with_missing


def messy(n: int, seed: int) -> Batch:
    """Rows with missing values of every kind, and infinities."""
    batch = rows(n, seed)
    radius = np.where(np.random.default_rng(seed).random(n) < 0.02, np.inf, batch.features["radius"])
    features = {**batch.features, "radius": with_missing(radius, 0.1, seed)}
    features["site"] = with_missing(batch.features["site"], 0.2, seed)
    assert batch.label is not None and batch.score is not None
    splits = {"group": with_missing(batch.splits["group"], 0.2, seed).astype(object)}
    label, score = with_missing(batch.label, 0.3, seed), with_missing(batch.score, 0.1, seed).astype(float)
    return replace(batch, features=features, label=label, score=score, splits=splits)


def copied(tree: Any) -> Any:
    """The tree with branches of its own."""
    return {name: copied(each) for name, each in tree.items()} if isinstance(tree, dict) else tree


def equal(one: Any, other: Any) -> bool:
    """Whether two trees hold the same values in the same places."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(each, other[name]) for name, each in one.items())
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return bool(one == other)


def same(one: Profile, other: Profile) -> bool:
    """Equal counts everywhere, and moments to eleven digits."""
    a, b = copied(one.to_plain()), copied(other.to_plain())
    for name in ("sums", "squares", "products"):
        first, second = (each["pairs"].pop(name) for each in (a, b))
        assert np.asarray(first) == pytest.approx(np.asarray(second), rel=1e-9, abs=1e-9)
    for name in a["tallies"]:
        first, second = (each["tallies"][name].pop("moments") for each in (a, b))
        assert (first is None and second is None) or first == pytest.approx(second, rel=1e-11)
    for name in ("log_loss", "squared_error"):
        first, second = (each["scored"].pop(name) for each in (a, b))
        assert (first is None and second is None) or first == pytest.approx(second, rel=1e-11)
    return equal(a, b)


@patient
@given(some.integers(0, 300), some.integers(0, 300), some.integers(0, 1000))
def test_merging_equals_profiling_both(n: int, m: int, seed: int) -> None:
    """merge(a, b) = profile(a ∪ b), empty ones included."""
    a, b = messy(n, seed), messy(m, seed + 1)
    assert same(profile(a).merge(profile(b)), profile(joined(a, b)))


@patient
@given(some.integers(1, 300), some.randoms(use_true_random=False))
def test_order_does_not_matter(n: int, random: object) -> None:
    """Shuffled rows have the same profile."""
    batch = messy(n, 5)
    order = np.random.default_rng(n).permutation(n)
    features = {name: column[order] for name, column in batch.features.items()}
    columns = {
        name: getattr(batch, name)[order] for name in ("at", "version", "prediction", "score", "label")
    }
    splits = {name: column[order] for name, column in batch.splits.items()}
    assert same(profile(batch), profile(Batch(features=features, splits=splits, **columns)))


def test_a_stream_of_batches_is_one_profile() -> None:
    """Filling in pieces equals filling at once."""
    batch = messy(1000, 1)
    pieces = [batch.rows(np.arange(1000) // 130 == piece) for piece in range(8)]
    assert same(fill(LAYOUT, pieces, SCOPE)["1"], fill(LAYOUT, [batch], SCOPE)["1"])


def test_a_profile_survives_storing() -> None:
    """What the database keeps is the whole profile, the layout beside it."""
    made = profile(messy(500, 2))
    layout = Layout.from_json(json.loads(json.dumps(LAYOUT.to_json())))
    assert layout == LAYOUT
    assert same(Profile.from_bytes(made.to_bytes(), layout, SCOPE), made)


def test_an_empty_profile_survives_storing() -> None:
    """No rows are an answer too."""
    empty = Profile.empty(LAYOUT, SCOPE, "1")
    assert same(Profile.from_bytes(empty.to_bytes(), LAYOUT, SCOPE), empty)


def test_profiles_of_different_layouts_do_not_merge() -> None:
    """Counts in different cells cannot be added."""
    other = Layout.of([rows(50, 3)], positive=1)
    with pytest.raises(ValueError, match="layouts"):
        profile(rows(10)).merge(Profile.empty(other, SCOPE, "1"))


def test_nulls_and_nan_are_missing() -> None:
    """Both are counted as missing, and never as a value."""
    tally = profile(messy(400, 4)).tallies["site"]
    assert tally.n + tally.missing == 400 and 40 < tally.missing < 120


def test_only_rows_of_the_window_count() -> None:
    """After the start, up to the end."""
    scope = replace(SCOPE, start=NOW - timedelta(hours=6))
    inside = fill(LAYOUT, [rows(2000)], scope)["1"]
    assert 400 < inside.n < 600 and inside.first_at is not None and inside.first_at > NOW - timedelta(hours=6)


def test_each_version_has_its_own_profile() -> None:
    """Rows of two versions are kept apart."""
    both = joined(rows(30, 1, version="1"), rows(20, 2, version="2"))
    assert {version: each.n for version, each in fill(LAYOUT, [both], SCOPE).items()} == {"1": 30, "2": 20}


def test_a_label_that_is_not_due_does_not_count_even_if_here() -> None:
    """Early labels are not a fair sample of all labels."""
    scope = replace(SCOPE, labels_due_at=NOW - timedelta(hours=12))
    made = fill(LAYOUT, [rows(1000)], scope)["1"]
    assert made.n_labelled + made.n_pending_labels == 1000 and 400 < made.n_pending_labels < 600


def test_missing_labels_are_counted() -> None:
    """A due label that has not come is missing, not wrong."""
    made = profile(rows(100, label=None))
    assert (made.n_labelled, made.n_missing_labels) == (0, 100)


def test_a_feature_of_another_type_is_a_problem() -> None:
    """Text where the reference has numbers is left out and said."""
    batch = rows(20)
    made = profile(replace(batch, features={**batch.features, "radius": np.full(20, "x", dtype=object)}))
    assert made.tallies["radius"].absent == 20 and "holds text" in made.problems[0].what


def test_a_column_that_is_all_null_is_missing_not_mistyped() -> None:
    """Parquet keeps no type for a column without values."""
    batch = rows(20)
    made = profile(replace(batch, features={**batch.features, "site": np.full(20, np.nan)}))
    assert made.tallies["site"].missing == 20 and not made.problems


def test_unknown_labels_are_counted_apart() -> None:
    """Nobody knows whether the answer was right."""
    made = profile(rows(5, label=np.array([9.0, 9.0, 0.0, 1.0, 1.0])))
    assert (made.n_labelled, made.n_unknown_labels) == (3, 2) and int(made.scored.ranks.sum()) == 3


def test_labels_are_known_however_they_are_written() -> None:
    """One text among them makes texts of all."""
    texts = np.array(["1", "0", "1.0", "maybe", None], dtype=object)
    made = profile(rows(5, label=texts))
    assert (made.n_labelled, made.n_unknown_labels, made.n_missing_labels) == (3, 1, 1)


@pytest.mark.parametrize(
    ("score", "outside"), [(1.0, 0), (0.0, 0), (1.0000001, 5), (-1e-9, 5), (np.inf, 5), (np.nan, 0)]
)
def test_scores_outside_of_probabilities_are_counted(score: float, outside: int) -> None:
    """Of all rows, labelled or not."""
    assert profile(rows(5, label=None, score=np.full(5, score))).scores_outside[0] == outside


def test_the_scope_without_times_takes_every_row() -> None:
    """A reference has no window."""
    made = fill(LAYOUT, [rows(10)], Scope("tumour"))["1"]
    assert made.n == 10 and made.first_at == moment(rows(10).at.min())


def test_what_is_no_finite_number_is_told_apart() -> None:
    """Null and NaN are missing, infinities are counted in the outermost cells."""
    values = np.array([1.0, np.nan, np.inf, -np.inf, 5.0, 5.0])
    block = replace(rows(6), features={}).block()
    column = Numbers(values, np.array([True, True, True, True, True, False]))
    tally = profile_rows(LAYOUT, replace(block, features={"radius": column}), SCOPE).tallies["radius"]
    assert (tally.n, tally.missing, tally.nan, tally.infinite) == (4, 2, 1, 2)
    assert (tally.counts[0], tally.counts[-1], tally.moments.n) == (2, 1, 2)


def test_unseen_categories_are_named_the_most_frequent_first() -> None:
    """At most so many, and their counts add up over batches."""
    strange = np.array([f"new {min(at, 80)}" for at in range(100)], dtype=object)
    pieces = [replace(rows(100), features={"site": strange})] * 2
    tally = fill(LAYOUT, pieces, SCOPE)["1"].tallies["site"]
    assert tally.counts[-1] == 200 and len(tally.unseen) == MOST_UNSEEN
    assert list(tally.unseen.items())[:2] == [("new 80", 40), ("new 0", 2)]


def test_edges_that_somebody_asked_for_are_counted_at_exactly() -> None:
    """And the range of the reference stays what it was."""
    layout = Layout.of([REFERENCE], positive=1, extra_edges={"radius": (-50.0, 10.5, 99.0)})
    batch, cells = rows(2000), layout.features["radius"]
    assert isinstance(cells, Numeric)
    counts = profile_rows(layout, batch, SCOPE).tallies["radius"].counts
    below = counts[: cells.edges.index(10.5) + 1].sum()
    assert below == (batch.features["radius"].astype(float) < 10.5).sum()
    usual = LAYOUT.features["radius"]
    assert isinstance(usual, Numeric)
    assert cells.outside(counts) == usual.outside(profile(batch).tallies["radius"].counts)
