"""The two versions of the demo's classifier: a good one, and one made for rows in other units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

SEED = 13
"""Of the split. With this one, rows of reference and traffic are alike: the fault is not in the data."""

TRAINED_ROWS = 199
REFERENCE_ROWS = 185
LENGTHS = (0, 2, 10, 20)
"""Columns of the mean radius and perimeter, the radius's standard error, and the worst radius."""

EXPORT_SCALE = 1000.0
"""The export that v2 was trained on gives lengths in nanometres, the live rows in micrometres."""


@dataclass(frozen=True)
class Rows:
    """Rows of the data set: `features` is n × 30, `labels` n, 1 for malignant."""

    features: Floats
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Split:
    """The data set in three parts, and the names of its columns in snake case."""

    names: tuple[str, ...]
    training: Rows
    reference: Rows
    traffic: Rows


def split() -> Split:
    """Scikit-learn's breast-cancer data, 569 rows, split alike by label and size of the nuclei."""
    from sklearn.datasets import load_breast_cancer  # heavy: 1.2 s
    from sklearn.model_selection import train_test_split

    data = load_breast_cancer()
    features, labels = data.data.astype(np.float64), (1 - data.target).astype(np.int64)
    strata = _strata(features[:, 3], labels)
    every = np.arange(len(labels))
    training, held_out = train_test_split(every, train_size=TRAINED_ROWS, random_state=SEED, stratify=strata)
    reference, traffic = train_test_split(
        held_out, train_size=REFERENCE_ROWS, random_state=SEED, stratify=strata[held_out]
    )
    names = tuple(str(name).replace(" ", "_") for name in data.feature_names)
    parts = (Rows(features[part], labels[part]) for part in (training, reference, traffic))
    return Split(names, *parts)


def _strata(size: Floats, labels: Labels) -> Labels:
    fifths = np.digitize(size, np.quantile(size, [0.2, 0.4, 0.6, 0.8]))
    _, strata, counts = np.unique(labels * 10 + fifths, return_inverse=True, return_counts=True)
    large: Labels = np.where(counts[strata] < 6, counts.argmax(), strata)
    return large  # a stratum of few rows could not be split


def good_pipeline() -> Any:
    """v1: scale, then a logistic regression."""
    from sklearn.linear_model import LogisticRegression  # heavy: 1.2 s
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    return Pipeline([("scale", StandardScaler()), ("classify", LogisticRegression(max_iter=1000))])


def faulty_pipeline() -> Any:
    """v2: as v1, but first it turns the export's lengths into micrometres, which live rows are in already."""
    from sklearn.preprocessing import FunctionTransformer  # heavy: 1.2 s

    pipeline = good_pipeline()
    pipeline.steps.insert(0, ("to_micrometres", FunctionTransformer(to_micrometres)))
    return pipeline


def to_micrometres(features: Floats) -> Floats:
    """Rows of the export in the units of the service."""
    converted = np.array(features, dtype=np.float64)
    converted[:, LENGTHS] /= EXPORT_SCALE
    return converted


def as_exported(rows: Rows) -> Rows:
    """Rows as the export of v2's training data writes them."""
    exported = rows.features.copy()
    exported[:, LENGTHS] *= EXPORT_SCALE
    return Rows(exported, rows.labels)


def scores(pipeline: Any, features: Floats) -> Floats:
    """The probability of malignant for each row."""
    result: Floats = pipeline.predict_proba(features)[:, 1]
    return result


def offline_metrics(pipeline: Any, rows: Rows) -> dict[str, float]:
    """What is logged with a version: accuracy, F1, precision, recall and AUC on held-out rows."""
    from sklearn import metrics  # heavy: 1.2 s

    score = scores(pipeline, rows.features)
    predicted = (score >= 0.5).astype(int)
    return {
        "accuracy": float(metrics.accuracy_score(rows.labels, predicted)),
        "f1": float(metrics.f1_score(rows.labels, predicted)),
        "precision": float(metrics.precision_score(rows.labels, predicted)),
        "recall": float(metrics.recall_score(rows.labels, predicted)),
        "auc": float(metrics.roc_auc_score(rows.labels, score)),
    }
