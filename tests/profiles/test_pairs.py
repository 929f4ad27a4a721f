"""Correlations from cross-products are those of numpy."""

from dataclasses import replace

import numpy as np
import pytest

from ops_core.profiles.pairs import CLIP
from tests.profiles.made import LAYOUT, profile, rows, with_missing


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
    assert made.pairs.names == ("radius", "spikes")
    assert made.pairs.correlation()[0, 1] == pytest.approx(np.corrcoef(kept[0], kept[1])[0, 1], abs=1e-12)
    assert made.pairs.n.tolist() == [[3000, told.sum()], [told.sum(), told.sum()]]


def test_without_rows_or_spread_there_is_no_correlation() -> None:
    """NaN is the answer, not 0."""
    constant = replace(rows(50), features={**rows(50).features, "radius": np.full(50, 10.0)})
    assert np.isnan(profile(rows(0)).pairs.correlation()).all()
    assert np.isnan(profile(constant).pairs.correlation()[0]).all()


def test_a_feature_that_turned_into_text_has_no_pairs() -> None:
    """The other pairs are kept."""
    batch = rows(100)
    made = profile(replace(batch, features={**batch.features, "radius": np.full(100, "x", dtype=object)}))
    assert made.pairs.n.tolist() == [[0, 0], [0, 100]]
