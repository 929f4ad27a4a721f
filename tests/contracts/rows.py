"""Random rows of a model, with all that makes rows awkward, written to every kind of place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WINDOW = timedelta(days=3)
DELAY = timedelta(hours=6)
Column = list[Any]


@dataclass(frozen=True)
class Rows:
    """Columns of plain values: predictions, labels that came later, and the reference with its own."""

    predictions: Mapping[str, Column]
    labels: Mapping[str, Column]
    reference: Mapping[str, Column]


def rows(seed: int, n: int = 400, *, regression: bool = False, nan: bool = True) -> Rows:
    """Rows from a seed; `nan` for databases that know NaN."""
    random = np.random.default_rng(seed)
    served = _answers(random, n, regression=regression)
    served |= _features(random, n, nan=nan, strange=True)
    reference = _answers(random, 3 * n, regression=regression) | _features(
        random, 3 * n, nan=False, strange=False
    )
    truth = _truth(random, reference["prediction"], regression=regression)
    labels = _labels(random, served, regression=regression)
    return Rows(served, labels, {**reference, "label": truth})


def _answers(random: np.random.Generator, n: int, *, regression: bool) -> dict[str, Column]:
    offsets = random.integers(0, int((WINDOW + timedelta(hours=12)).total_seconds() * 1e6), n)
    at = [NOW - timedelta(microseconds=int(offset)) for offset in offsets]
    at[:2] = [NOW, NOW - WINDOW]  # the borders: the end is inside, the start is not
    scores = np.round(random.beta(0.7, 0.7, n), 3)
    said = [float(value) for value in random.normal(50, 9, n)] if regression else _classes(scores)
    keys = [f"r{number}" for number in range(n)]
    keys[3:6] = keys[:3]
    return {
        "request_id": keys,
        "at": at,
        "model_version": _with(random, [str(each) for each in random.integers(1, 4, n)], 0.05, None),
        "score": _with(random, [float(each) for each in scores], 0.1, None),
        "prediction": _with(random, said, 0.05, None),
    }


def _classes(scores: Any) -> Column:
    return [int(score > 0.5) for score in scores]


def _features(random: np.random.Generator, n: int, *, nan: bool, strange: bool) -> dict[str, Column]:
    radius = [float(value) for value in random.normal(10, 2, n)]
    places = ["north", "south", "o'hare; --", 'é\\n"%:x', "a,b"] + (
        ["new", "new\\er", "%s"] if strange else []
    )
    awkward = [*([float("nan")] if nan else []), float("inf"), -float("inf"), 1e30]
    missing = [float("nan")] if nan else [None]
    return {
        "radius": _with(random, _with(random, radius, 0.05, *(awkward if strange else [])), 0.1, None),
        "count": _with(random, [int(each) for each in random.poisson(2, n)], 0.1, None),
        "steady": [float(each) for each in random.normal(1e6, 1, n)],
        "place": _worded(_with(random, [str(each) for each in random.choice(places, n)], 0.1, None)),
        "sex": _with(random, [str(each) for each in random.choice(["f", "m", "x"], n)], 0.05, None),
        "torn": _with(random, [float(each) for each in random.normal(0, 1, n)], 0.05, *missing),
        "pump": [str(each) for each in random.choice(["A", "B"] + (["C"] if strange else []), n)],
    }


def _truth(random: np.random.Generator, said: Column, *, regression: bool) -> Column:
    if regression:
        return [
            float(random.normal(50, 9)) if each is None else each + float(random.normal(0, 3))
            for each in said
        ]
    return [
        int(random.random() < 0.5) if each is None else each ^ int(random.random() < 0.2) for each in said
    ]


def _labels(
    random: np.random.Generator, served: Mapping[str, Column], *, regression: bool
) -> dict[str, Column]:
    """Of most rows, some twice with the newer one right, some null, some of a class never seen."""
    chosen = [int(at) for at in random.permutation(len(served["at"]))[: int(len(served["at"]) * 0.8)]]
    chosen += chosen[:40]
    truth = _truth(random, [served["prediction"][at] for at in chosen], regression=regression)
    truth = _with(random, truth, 0.05, None, *([] if regression else [7]))
    return {
        "request_id": [served["request_id"][at] for at in chosen] + ["nobody", None],
        "at": [served["at"][at] + timedelta(seconds=60 + place) for place, at in enumerate(chosen)]
        + [NOW, NOW],
        "label": [*truth, truth[0], truth[0]],
    }


def _with(random: np.random.Generator, values: Column, share: float, *others: Any) -> Column:
    """The values, some of which are others."""
    return [
        others[int(random.integers(len(others)))] if others and random.random() < share else value
        for value in values
    ]


def _worded(values: Column) -> Column:
    """The values, their nulls written in many ways."""
    words = (None, "NA", "", "None")
    return [words[at % len(words)] if each is None else each for at, each in enumerate(values)]
