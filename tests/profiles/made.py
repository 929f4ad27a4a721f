"""Made-up rows of a model, from a seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import settings

from ops_core.profiles.batch import Batch, Column
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile, Scope, microseconds

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
# Example tests share two cores with all the others, so their time says nothing.
patient = settings(deadline=None)
SCOPE = Scope("tumour", NOW - DAY, NOW, NOW)


def rows(
    n: int = 2000, seed: int = 0, *, error: float = 0.05, shift: float = 0.0, version: str = "1", **other: Any
) -> Batch:
    """Rows of the day before NOW: two numbers, a text, a score, and answers that are wrong with `error`."""
    random = np.random.default_rng(seed)
    label = random.integers(0, 2, n).astype(float)
    prediction = np.where(random.random(n) < error, 1 - label, label)
    radius, spikes = random.normal(10 + shift, 2, n), np.where(random.random(n) < 0.4, 0.0, random.random(n))
    batch = Batch(
        at=np.sort(random.integers(microseconds(NOW - DAY) + 1, microseconds(NOW), n)),
        version=np.full(n, version, dtype=object),
        prediction=prediction,
        features={
            "radius": radius,
            "spikes": spikes,
            "site": random.choice(["a", "b", "c"], n).astype(object),
        },
        score=np.clip(prediction * 0.9 + random.random(n) * 0.1, 0, 1),
        label=label,
        splits={
            "group": np.where(np.arange(n) % 3 == 0, "young", "old").astype(object),
            "segment": np.array(["A", "B", "C", "D"], dtype=object)[np.arange(n) % 4],
        },
    )
    return replace(batch, **other)


def with_missing(column: Column, ratio: float, seed: int = 0) -> Column:
    """The column with about `ratio` of its values missing."""
    changed = column.copy()
    gone = np.random.default_rng(seed).random(len(column)) < ratio
    changed[gone] = None if column.dtype == object else np.nan
    return changed


def joined(*batches: Batch) -> Batch:
    """All rows of batches that have the same columns."""
    first = batches[0]
    names = ("at", "version", "prediction", "score", "label")
    stacked = {name: np.concatenate([getattr(batch, name) for batch in batches]) for name in names}
    features = {name: np.concatenate([batch.features[name] for batch in batches]) for name in first.features}
    splits = {name: np.concatenate([batch.splits[name] for batch in batches]) for name in first.splits}
    return Batch(**stacked, features=features, splits=splits)


REFERENCE = rows(4000, seed=99)
LAYOUT = Layout.of([REFERENCE], positive=1)


def profile(batch: Batch, scope: Scope = SCOPE, version: str | None = "1") -> Profile:
    """The profile of rows on the layout of REFERENCE."""
    return profile_rows(LAYOUT, batch, scope, version)


def reference() -> Profile:
    """The profile of REFERENCE."""
    return profile(REFERENCE, Scope("tumour"))
