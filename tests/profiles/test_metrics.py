"""Rates of a confusion agree with scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn import metrics

from ops_core.profiles.performance import METRICS, Confusion
from tests.profiles.made import LAYOUT, patient, profile, rows

THEIRS = {
    "accuracy": metrics.accuracy_score,
    "f1": metrics.f1_score,
    "precision": metrics.precision_score,
    "recall": metrics.recall_score,
    "false_positive_rate": lambda label, prediction: 1 - metrics.recall_score(label, prediction, pos_label=0),
}


@pytest.mark.parametrize("name", METRICS)
@patient
@given(seed=some.integers(0, 10_000), error=some.floats(0.01, 0.9))
def test_a_metric_equals_sklearns(name: str, seed: int, error: float) -> None:
    """The same rows give the same number to twelve digits."""
    batch = rows(300, seed, error=error)
    ours = METRICS[name].rate(Confusion.of(profile(batch).confusion, LAYOUT)).value
    assert ours == pytest.approx(THEIRS[name](batch.label, batch.prediction), abs=1e-12)


def test_a_label_of_an_unknown_class_is_left_out() -> None:
    """A class that the reference lacks is neither right nor wrong; a prediction of such a class is wrong."""
    batch, odd = rows(10), np.full(10, 7.0)
    labelled = Confusion.of(profile(rows(10, label=odd)).confusion, LAYOUT)
    predicted = Confusion.of(profile(rows(10, label=batch.label, prediction=odd)).confusion, LAYOUT)
    assert (labelled.n, predicted.n, predicted.correct) == (0, 10, 0)
