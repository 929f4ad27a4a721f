"""The demo's models: the fault of v2 is real, is not in the data, and does not show offline."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bot.demo import models
from bot.demo.models import Floats, Split

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def good(parts: Split) -> Any:
    """v1, trained."""
    return models.good_pipeline().fit(parts.training.features, parts.training.labels)


@pytest.fixture(scope="module")
def faulty(parts: Split) -> Any:
    """v2, trained on the export."""
    exported = models.as_exported(parts.training)
    return models.faulty_pipeline().fit(exported.features, exported.labels)


def test_the_good_version_holds_what_it_promises(parts: Split, good: Any) -> None:
    """Live, v1 is as good as offline."""
    offline = models.offline_metrics(good, parts.reference)["f1"]
    live = models.offline_metrics(good, parts.traffic)["f1"]
    assert offline > 0.95
    assert abs(offline - live) < 0.02


def test_the_faulty_version_looks_no_worse_offline(parts: Split, good: Any, faulty: Any) -> None:
    """So nobody had a reason to hold it back."""
    ours = models.offline_metrics(good, parts.reference)
    theirs = models.offline_metrics(faulty, models.as_exported(parts.reference))
    assert theirs["auc"] >= ours["auc"]
    assert theirs["f1"] >= ours["f1"]


def test_the_faulty_version_fails_on_live_rows(parts: Split, faulty: Any) -> None:
    """It misses six of ten malignant cases, and its F1 falls by far more than the fifth that is critical."""
    live = models.offline_metrics(faulty, parts.traffic)
    assert live["f1"] < 0.6
    assert live["recall"] < 0.45


def test_the_parts_share_no_row(parts: Split) -> None:
    """The validation is honest: 569 rows, each in one part."""
    rows = np.concatenate([parts.training.features, parts.reference.features, parts.traffic.features])
    assert len(np.unique(rows, axis=0)) == 569


def test_the_inputs_do_not_drift(parts: Split) -> None:
    """A check of drift over five bins stays below 0.1 for every feature: the fault is the pipeline's."""
    pairs = zip(parts.reference.features.T, parts.traffic.features.T, strict=True)
    assert max(stability(before, now) for before, now in pairs) < 0.1


def stability(before: Floats, now: Floats) -> float:
    """The population stability index over fifths of `before`."""
    edges = np.quantile(before, [0.2, 0.4, 0.6, 0.8])
    was, is_now = (
        np.bincount(np.searchsorted(edges, side), minlength=5) / len(side) for side in (before, now)
    )
    return float(((was - is_now) * np.log(was / is_now)).sum())
