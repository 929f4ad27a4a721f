"""Made-up rows of a model, from a seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from hypothesis import settings

from ops_core.checks.catalogue import needs_of
from ops_core.checks.llm import AnswerTime
from ops_core.profiles.batch import Batch, Column
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.measures import MEASURES
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


@cache
def reference() -> Profile:
    """The profile of REFERENCE, made once: nobody changes a profile."""
    return profile(REFERENCE, Scope("tumour"))


MEASURED = {measure: f"answer_{measure}" for measure in MEASURES}
EDGES = {MEASURED[measure]: edges for measure, edges in AnswerTime().extra_edges.items()}


def answered(batch: Batch) -> Batch:
    """The rows with what was measured of each answer: the worse, the more answers are wrong."""
    wrong = np.zeros(len(batch)) if batch.label is None else (batch.prediction != batch.label).astype(float)
    rough = wrong * (batch.at % 2)
    measured = {
        "relevance": 1 - wrong,
        "hallucinated": rough,
        "rating": 4.5 - 3 * wrong + batch.at % 3 / 10,
        "retrieved": 1 - rough,
        "refused": rough,
        "tokens": 100 + batch.at % 50 + 300 * wrong,
        "cost": 0.01 + 0.02 * wrong,
        "latency": 0.5 + batch.at % 100 / 200 + 4 * rough,
    }
    named = {MEASURED[measure]: values for measure, values in measured.items()}
    return replace(batch, features={**batch.features, **named})


ANSWERS = Layout.of([answered(REFERENCE)], 1, extra_edges=EDGES, measures=MEASURED)
NUMBERS = Layout.of([REFERENCE], 1, "regression")


def layout_for(kind: type[Any]) -> Layout:
    """Of REFERENCE, as a check of this kind needs it: as classes, as numbers, or with measures."""
    needs = needs_of(kind)
    return NUMBERS if "regression" in needs else ANSWERS if set(needs) & set(MEASURES) else LAYOUT


def profile_for(kind: type[Any], batch: Batch, scope: Scope = SCOPE, version: str | None = "1") -> Profile:
    """The profile of rows as a check of this kind needs it; every row has a key of its own."""
    layout = layout_for(kind)
    block = (answered(batch) if layout is ANSWERS else batch).block()
    return profile_rows(layout, replace(block, keys=batch.at.astype(np.uint64)), scope, version)


_USUAL: dict[int, Profile] = {}


def reference_for(kind: type[Any]) -> Profile:
    """The same of REFERENCE, made once a layout."""
    layout = id(layout_for(kind))
    if layout not in _USUAL:
        _USUAL[layout] = profile_for(kind, REFERENCE, Scope("tumour"))
    return _USUAL[layout]
