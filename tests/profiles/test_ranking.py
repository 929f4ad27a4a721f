"""What is told of scores from their cells agrees with scikit-learn, and the intervals hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn import metrics

from ops_core.profiles.batch import Batch
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile
from ops_core.profiles.ranking import Auc, Calibration, Mean
from ops_core.profiles.rates import p_beyond
from tests.profiles.made import SCOPE, patient, rows


def scored(n: int, seed: int, decimals: int | None = None) -> Batch:
    """Rows whose scores are calibrated: the label comes as often as the score says."""
    random = np.random.default_rng(seed)
    score = random.beta(0.6, 0.6, n)
    score = score if decimals is None else score.round(decimals)
    label = (random.random(n) < score).astype(float)
    return rows(n, seed, score=score, label=label, prediction=(score > 0.5).astype(float))


LAYOUT = Layout.of([scored(20_000, 999)], positive=1)


def on_itself(batch: Batch) -> Profile:
    """The profile of rows on the cells of other rows of the same kind."""
    return profile_rows(LAYOUT, batch, SCOPE)


@patient
@given(seed=some.integers(0, 500))
def test_auc_is_sklearns_within_its_bound(seed: int) -> None:
    """Exact scores on a thousand cells: never farther off than what is stated, and that is little."""
    batch = scored(2000, seed)
    ours, theirs = Auc.of(on_itself(batch)), metrics.roc_auc_score(batch.label, batch.score)
    assert ours.value is not None and abs(ours.value - theirs) <= ours.bound + 1e-12 and ours.bound < 1e-3


@patient
@given(seed=some.integers(0, 500), n=some.integers(30, 1000))
def test_auc_equals_sklearns_where_each_score_has_a_cell(seed: int, n: int) -> None:
    """Up to a thousand rows of a reference are all kept apart, and real ties count half in both."""
    batch = scored(n, seed, decimals=3)
    ours = Auc.of(profile_rows(Layout.of([batch], positive=1), batch, SCOPE)).value
    assert ours == pytest.approx(metrics.roc_auc_score(batch.label, batch.score), abs=1e-12)


@patient
@given(seed=some.integers(0, 500))
def test_log_loss_and_brier_score_are_sklearns(seed: int) -> None:
    """Twelve digits, certain scores that were wrong included."""
    batch = scored(500, seed)
    assert batch.score is not None
    certain = replace(batch, score=np.where(np.arange(500) % 50 == 0, 0.0, batch.score))
    told = on_itself(certain).scored
    theirs = metrics.log_loss(certain.label, certain.score, labels=[0, 1])
    assert told.log_loss.mean == pytest.approx(theirs, rel=1e-12)
    brier = metrics.brier_score_loss(certain.label, certain.score)
    assert told.squared_error.mean == pytest.approx(brier, rel=1e-12)


def test_the_calibration_error_is_the_formulas() -> None:
    """The usual sum over the same ten parts, from the rows themselves."""
    batch = scored(3000, 5)
    assert batch.score is not None and batch.label is not None
    edges = [LAYOUT.score.edges[at] for at in LAYOUT.score.coarse]
    part = np.searchsorted(edges, batch.score, side="right")
    gaps = [(part == k).mean() * abs((batch.score - batch.label)[part == k].mean()) for k in np.unique(part)]
    assert Calibration.of(on_itself(batch)).raw == pytest.approx(sum(gaps), abs=1e-9)


def test_a_calibrated_score_has_little_error_left() -> None:
    """Sampling alone adds 0.03 at 1,000 rows; most of that is taken off again."""
    told = [Calibration.of(on_itself(scored(1000, seed))) for seed in range(40)]
    assert np.mean([each.value for each in told]) < 0.5 * np.mean([each.raw for each in told])


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """95 % of 400 windows of 200 rows, three standard errors allowed."""
    truth = on_itself(scored(200_000, 7))
    auc, loss = Auc.of(truth).value or 0, Mean(truth.scored.log_loss).value or 0
    windows = [on_itself(scored(200, seed)) for seed in range(400)]
    of_auc, of_loss = (
        np.mean([low <= true <= high for low, high in ends])
        for true, ends in (
            (auc, [Auc.of(window).interval() for window in windows]),
            (loss, [Mean(window.scored.log_loss).interval() for window in windows]),
        )
    )
    assert of_auc >= 0.917 and of_loss >= 0.917


def test_a_perfect_ranking_of_few_rows_is_not_certain() -> None:
    """Ten against ten without a mistake may still be an AUC of 0.85."""
    low, high = Auc(100.0, 0, 10, 10).interval()
    assert low < 0.85 and high == 1.0


def test_evidence_against_an_auc_is_the_intervals() -> None:
    """p is 0.025 for a limit at the end of the 95 % interval."""
    auc = Auc(800.0, 0, 20, 50)
    assert p_beyond(auc, auc.interval()[1], "lower") == pytest.approx(0.025, abs=1e-6)


def test_scores_that_are_no_probabilities_are_set_apart() -> None:
    """They have a rank, but neither log loss nor calibration."""
    batch = scored(300, 1)
    assert batch.score is not None
    told = on_itself(replace(batch, score=batch.score * 9 + 2))
    assert told.scored.outside == 300 and Mean(told.scored.log_loss).value is None
    assert (Auc.of(told).value or 0) > 0.4
