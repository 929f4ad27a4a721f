"""A regression's errors are those that scikit-learn would compute."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

from ops_core.profiles.batch import Batch
from ops_core.profiles.fill import fill, profile_rows
from ops_core.profiles.layout import Layout
from tests.profiles.made import NOW, SCOPE, rows


def priced(n: int, seed: int = 0) -> Batch:
    """Rows with a price that was predicted."""
    random = np.random.default_rng(seed)
    label = random.lognormal(5, 1, n)
    return replace(rows(n, seed), label=label, prediction=label + random.normal(3, 10, n), score=None)


LAYOUT = Layout.of([priced(500, 1)], positive=1, task="regression")


def test_the_errors_are_the_usual_ones() -> None:
    """MAE, RMSE, bias and R² follow from the moments."""
    batch = priced(2000)
    assert batch.label is not None
    found = fill(LAYOUT, [batch], SCOPE)["1"].residuals
    assert found.absolute.mean == pytest.approx(mean_absolute_error(batch.label, batch.prediction), rel=1e-12)
    assert found.squared.mean == pytest.approx(mean_squared_error(batch.label, batch.prediction), rel=1e-12)
    unexplained = found.squared.mean * found.squared.n / found.label.squares
    assert 1 - unexplained == pytest.approx(r2_score(batch.label, batch.prediction), rel=1e-12)
    assert found.error.mean == pytest.approx((batch.prediction.astype(float) - batch.label).mean(), rel=1e-12)


def test_segments_have_their_own() -> None:
    """Together they are the whole, those that the reference does not know included."""
    batch = priced(1000)
    strange = np.where(np.arange(1000) < 50, "Z", batch.splits["segment"]).astype(object)
    found = profile_rows(LAYOUT, replace(batch, splits={"segment": strange}), SCOPE).residuals
    assert (
        found.segments.keys() == {"A", "B", "C", "D", "another"} and found.segments["another"].error.n == 50
    )
    assert sum(each.error.n for each in found.segments.values()) == found.error.n == 1000


def test_labels_that_are_not_due_do_not_count() -> None:
    """The same rule as for classes; and no label is called unknown."""
    scope = replace(SCOPE, labels_due_at=NOW - timedelta(hours=12))
    made = fill(LAYOUT, [priced(1000)], scope)["1"]
    assert made.residuals.error.n == 1000 - made.n_pending_labels < 700 and not made.problems
