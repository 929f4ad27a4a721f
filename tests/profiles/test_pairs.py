"""Correlations from cross-products are those of numpy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association, crosstab

from ops_core.profiles.batch import Batch
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.pairs import CLIP, LONGEST_CATEGORY, MOST_MARKS, ROWS_AT_ONCE, Pairs
from ops_core.profiles.profile import Profile, Scope
from tests.profiles.made import LAYOUT, patient, profile, rows, with_missing

WORDS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=40, max_size=200)


def test_the_correlation_is_pearsons() -> None:
    """Of two features that go together, rows that lack one left out."""
    batch = rows(3000, 1)
    spikes = 0.1 * batch.features["radius"].astype(float) + np.random.default_rng(2).normal(0, 0.2, 3000)
    spikes = with_missing(spikes, 0.2).astype(float)
    made = profile(replace(batch, features={**batch.features, "spikes": spikes}))
    told = ~np.isnan(spikes)
    kept = [
        np.clip((column[told] - scale.mean) / scale.deviation, -CLIP, CLIP)
        for column, scale in (
            (batch.features["radius"].astype(float), LAYOUT.scales["radius"]),
            (spikes, LAYOUT.scales["spikes"]),
        )
    ]
    assert made.pairs.names == ("radius", "spikes", "site=b", "site=a", "site=c")
    assert made.pairs.correlation()[0, 1] == pytest.approx(np.corrcoef(kept[0], kept[1])[0, 1], abs=1e-12)
    assert made.pairs.n[:2, :2].tolist() == [[3000, told.sum()], [told.sum(), told.sum()]]


def test_without_rows_or_spread_there_is_no_correlation() -> None:
    """NaN is the answer, not 0."""
    constant = replace(rows(50), features={**rows(50).features, "radius": np.full(50, 10.0)})
    assert np.isnan(profile(rows(0)).pairs.correlation()).all()
    assert np.isnan(profile(constant).pairs.correlation()[0]).all()


def test_a_feature_that_turned_into_text_has_no_pairs() -> None:
    """The other pairs are kept."""
    batch = rows(100)
    made = profile(replace(batch, features={**batch.features, "radius": np.full(100, "x", dtype=object)}))
    assert made.pairs.n[:2, :2].tolist() == [[0, 0], [0, 100]]


def texts(n: int, columns: dict[str, Any]) -> Batch:
    """Rows whose features are these."""
    return rows(n, features={name: np.asarray(each, dtype=object) for name, each in columns.items()})


def whole(batch: Batch, layout: Layout) -> Profile:
    """Of all rows."""
    return profile_rows(layout, batch, Scope("tumour"), "1")


@given(WORDS)
@patient
def test_categories_go_together_as_their_marks_do(pairs: list[tuple[str, str]]) -> None:
    """The correlation is that of columns of ones and noughts, whatever there is."""
    one, other = (np.array(each, dtype=object) for each in zip(*pairs, strict=True))
    batch = texts(len(pairs), {"one": one, "other": other})
    layout = Layout.of([batch], positive=1)
    told = whole(batch, layout).pairs
    for at, (name, scale) in enumerate(layout.scales.items()):
        for by, second in enumerate(layout.scales.values()):
            marks = [
                np.asarray(batch.features[each.feature] == each.category, float) for each in (scale, second)
            ]
            expected = np.corrcoef(marks[0], marks[1])[0, 1]
            assert told.correlation()[at, by] == pytest.approx(expected, abs=1e-9), name


def test_of_two_categories_each_it_is_cramers_v() -> None:
    """As scipy has it."""
    random = np.random.default_rng(3)
    one = random.choice(["a", "b"], 500)
    other = np.where(random.random(500) < 0.7, one, random.choice(["a", "b"], 500))
    batch = texts(500, {"one": one, "other": other})
    told = whole(batch, Layout.of([batch], positive=1)).pairs
    table = crosstab(one, other).count
    assert len(told.names) == 2
    assert abs(told.correlation()[0, 1]) == pytest.approx(association(table, "cramer"), abs=1e-12)


@given(WORDS, WORDS)
@patient
def test_the_tables_of_two_parts_are_the_table_of_both(
    first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    """They can be merged, as all that is counted."""
    one, other = (
        texts(len(pairs), {"one": [each for each, _ in pairs], "other": [each for _, each in pairs]})
        for pairs in (first, second)
    )
    columns = {name: [*one.features[name], *other.features[name]] for name in ("one", "other")}
    both = texts(len(first) + len(second), columns)
    layout = Layout.of([both], positive=1)
    merged = whole(one, layout).pairs.merge(whole(other, layout).pairs)
    at_once = whole(both, layout).pairs
    for name in ("n", "sums", "squares", "products"):
        assert getattr(merged, name) == pytest.approx(getattr(at_once, name), abs=1e-9)


def test_a_large_block_is_counted_a_part_at_a_time() -> None:
    """With the same sums, rows that lack something among them."""
    n = ROWS_AT_ONCE + 1000
    made = rows(n, 5)
    batch = replace(made, features={**made.features, "spikes": with_missing(made.features["spikes"], 0.3)})
    whole_, block = profile(batch).pairs, batch.block()
    parts = [Pairs.of(block.rows(slice(at, at + 700)), LAYOUT.scales) for at in range(0, n, 700)]
    for name in ("n", "sums", "squares", "products"):
        told = sum(getattr(each, name) for each in parts)
        assert getattr(whole_, name) == pytest.approx(told, rel=1e-9, abs=1e-6)


def test_only_common_categories_are_marked() -> None:
    """Names, keys and long texts are not; a text of two words needs one mark; a million are bounded."""
    random = np.random.default_rng(1)
    columns = {
        "key": [f"k{at}" for at in range(2000)],
        "rare": ["x"] * 1950 + ["y"] * 50,
        "two": random.choice(["yes", "no"], 2000),
        "long": ["z" * (LONGEST_CATEGORY + 1)] * 1000 + ["z"] * 1000,
        "gone": [None] * 2000,
    }
    batch = texts(2000, columns)
    names = list(Layout.of([batch], positive=1).scales)
    assert len(names) == 2 and names[0].startswith("two=") and names[1] == "long=z"
    many = {f"f{at}": random.choice(list("abcdefgh"), 2000) for at in range(20)}
    layout = Layout.of([texts(2000, many)], positive=1)
    assert len(layout.scales) == MOST_MARKS
    assert {scale.feature for scale in layout.scales.values()} == set(many)


def test_a_mark_gives_way_to_a_feature_of_its_name() -> None:
    """As of columns that were made of categories before."""
    batch = texts(400, {"plan": ["free", "paid"] * 200, "plan=free": ["a", "b"] * 200})
    layout = Layout.of([batch], positive=1)
    assert "plan=free" not in layout.scales and Layout.from_json(layout.to_json()) == layout
