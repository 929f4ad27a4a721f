"""Regression: the numbers against scikit-learn, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from ops_core.checks.concept import ConceptDrift
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.regression import MeanAbsoluteError, PredictionBias, RootMeanSquaredError, RSquared
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Profile, Scope
from tests.profiles.made import NOW, NUMBERS, SCOPE, patient, rows

LAYOUT = replace(NUMBERS, usual_error=1.645)
KINDS = (MeanAbsoluteError, RootMeanSquaredError, RSquared, PredictionBias)


def window(
    n: int = 2000, seed: int = 0, *, noise: float = 1.0, shift: float = 0.0, worst: str = ""
) -> Profile:
    """Labels around 50, predicted with noise; in one segment with three times as much."""
    random, batch = np.random.default_rng(seed), rows(n, seed)
    label = random.normal(50, 5, n)
    spread = np.where(batch.splits["segment"] == worst, 3 * noise, noise)
    batch = replace(batch, label=label, prediction=label + shift + random.normal(0, 1, n) * spread)
    return profile_rows(LAYOUT, batch, SCOPE, "1")


REFERENCE = window(5000, seed=9)


def judged(kind: type[Any], profile: Profile, reference: Profile = REFERENCE) -> Finding:
    """The one finding."""
    findings: list[Finding] = kind().judge(profile, reference)
    return findings[0]


@patient
@given(seed=st.integers(0, 10**6), n=st.integers(3, 300))
def test_the_numbers_are_scikit_learns(seed: int, n: int) -> None:
    """To twelve digits."""
    random, batch = np.random.default_rng(seed), rows(n)
    label, prediction = random.normal(50, 5, n), random.normal(50, 5, n)
    profile = profile_rows(NUMBERS, replace(batch, label=label, prediction=prediction), Scope("tumour"))
    told = [kind().measure(profile).value for kind in KINDS[:3]]
    expected = [each(label, prediction) for each in (mean_absolute_error, root_mean_squared_error, r2_score)]
    assert told == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_as_usual_is_fine(kind: type[Any]) -> None:
    """On other rows."""
    assert judged(kind, window(seed=1)).verdict is Verdict.OK


@pytest.mark.parametrize(("noise", "verdict"), [(1.16, Verdict.WARNING), (1.5, Verdict.CRITICAL)])
def test_larger_errors_are_told_by_how_much(noise: float, verdict: Verdict) -> None:
    """Ten and twenty per cent, beyond chance."""
    finding = judged(MeanAbsoluteError, window(20_000, noise=noise))
    assert finding.verdict is verdict and finding.interval and finding.unit == ""
    assert (
        finding.explanation.startswith(f"MAE {finding.value:.2f} against 0.79")
        and "n = 20,000" in finding.explanation
    )


def test_a_shift_is_told_with_its_direction() -> None:
    """In units of the reference's RMSE; the other way round as well."""
    finding = judged(PredictionBias, window(shift=0.4))
    assert finding.verdict is Verdict.CRITICAL and "too high on average" in finding.explanation
    assert finding.detail["mean_error"] == pytest.approx(0.4, abs=0.1)
    assert "too low on average" in judged(PredictionBias, window(shift=-0.4)).explanation


def test_the_worst_segment_is_named() -> None:
    """When one is surely worse than the whole."""
    finding = judged(RootMeanSquaredError, window(worst="B"))
    assert "; worst segment B: " in finding.explanation
    assert {each["segment"] for each in finding.detail["segments"]} == {"A", "B", "C", "D"}
    assert "worst segment" not in judged(RootMeanSquaredError, window(noise=2.0)).explanation


@pytest.mark.parametrize("kind", KINDS)
def test_labels_that_are_no_numbers_are_no_data(kind: type[Any]) -> None:
    """Nor are infinite ones."""
    batch = rows(200, label=np.full(200, np.inf))
    finding = judged(kind, profile_rows(NUMBERS, batch, SCOPE, "1"))
    assert finding.verdict is Verdict.NO_DATA and "cannot be told" in finding.explanation


def test_labels_that_are_all_alike_have_no_r_squared() -> None:
    """There is no variance to predict."""
    profile = profile_rows(NUMBERS, rows(200, label=np.full(200, 3.0)), SCOPE, "1")
    assert "all labels are the same" in judged(RSquared, profile).explanation


def later(noise: float) -> Profile:
    """A day whose last eighth has another noise."""
    batch, random = rows(4000), np.random.default_rng(3)
    label = random.normal(50, 5, 4000)
    spread = np.where(np.arange(4000) < 3500, 1.0, noise)
    batch = replace(batch, label=label, prediction=label + random.normal(0, 1, 4000) * spread)
    return profile_rows(LAYOUT, batch, SCOPE, "1")


def test_errors_that_grew_are_found_with_their_moment() -> None:
    """By the check of errors over time, which the others then name."""
    profile = later(2.0)
    drift, off = judged(ConceptDrift, profile), judged(RootMeanSquaredError, profile)
    assert drift.verdict is Verdict.CRITICAL and drift.since is not None and "errors" in drift.explanation
    assert abs((NOW - drift.since).total_seconds() / 3600 - 3) < 0.3
    assert off.since == drift.since and "errors are larger since" in off.explanation


def test_errors_as_usual_never_drift() -> None:
    """On fifty days without a change."""
    found = [judged(ConceptDrift, window(3000, seed)) for seed in range(100, 150)]
    assert {each.verdict for each in found} == {Verdict.OK} and found[0].n == 3000


def test_a_heavy_tail_is_no_drift() -> None:
    """Errors are told from the reference's own, whatever their shape."""

    def wild(n: int, seed: int) -> Profile:
        random, batch = np.random.default_rng(seed), rows(n, seed)
        label = random.normal(50, 5, n)
        batch = replace(batch, label=label, prediction=label + random.standard_cauchy(n))
        return profile_rows(replace(NUMBERS, usual_error=6.3), batch, SCOPE, "1")

    usual = wild(5000, 9)
    assert {judged(ConceptDrift, wild(2000, seed), usual).verdict for seed in range(50)} == {Verdict.OK}


def test_nine_tenths_of_the_references_errors_are_usual() -> None:
    """Measured on its rows, whatever else stands there."""
    batch = rows(
        1000, label=np.zeros(1000), prediction=np.arange(1000.0) * np.where(np.arange(1000) % 2, 1, -1)
    )
    assert Layout.of([batch], 1, "regression").usual_error == pytest.approx(900, abs=1)
    assert Layout.of([replace(batch, label=None)], 1, "regression").usual_error is None
