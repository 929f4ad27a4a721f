"""What the drift checks find, and what they leave alone."""

from dataclasses import replace

import numpy as np
import pytest

from ops_core.checks.drift import DataDrift, PredictionDrift
from ops_core.checks.finding import Verdict
from ops_core.profiles.batch import Batch
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from ops_core.profiles.profile import Scope
from tests.profiles.made import SCOPE, profile, reference, rows, with_missing


def test_the_feature_that_moved_leads_the_ranking() -> None:
    """A shift by half a standard deviation in one feature of three."""
    finding = DataDrift().judge(profile(rows(2000, shift=1.0)), reference())[0]
    assert finding.verdict is Verdict.CRITICAL
    assert finding.detail["drifted"] == ["radius"] and finding.explanation.startswith(
        "radius has drifted: PSI 0.2"
    )


def test_a_new_category_is_found() -> None:
    """A value that the reference never had."""
    batch = rows(500)
    site = np.where(np.arange(500) % 4 == 0, "new", batch.features["site"].astype(str)).astype(object)
    moved = replace(batch, features={**batch.features, "site": site})
    assert DataDrift().judge(profile(moved), reference())[0].detail["drifted"] == ["site"]


@pytest.mark.parametrize("name", ["radius", "site"])
def test_a_feature_that_is_missing_in_all_rows_has_drifted(name: str) -> None:
    """There is no value left to compare, which is the greatest change of all."""
    batch = rows(500)
    gone = with_missing(batch.features[name], 1.0)
    found = DataDrift().judge(profile(replace(batch, features={**batch.features, name: gone})), reference())[
        0
    ]
    assert found.verdict is Verdict.CRITICAL and found.detail["drifted"] == [name] and found.n == 500
    assert (
        f"{name} has drifted: more values are missing (100.0 % against 0.0 % on the reference)"
        in found.explanation
    )


def test_answers_that_changed_are_found() -> None:
    """The model says yes to nearly everything."""
    changed = rows(300, prediction=np.ones(300), score=np.full(300, 0.9))
    assert PredictionDrift().judge(profile(changed), reference())[0].verdict is Verdict.CRITICAL


@pytest.mark.parametrize("n", [40, 150, 1000])
def test_windows_without_drift_do_not_alarm(n: int) -> None:
    """Two hundred windows of one distribution, small ones too, where the usual PSI cries wolf."""
    usual, check = reference(), DataDrift()
    assert not any(check.judge(profile(rows(n, seed)), usual)[0].verdict.is_alarming for seed in range(200))


def test_the_finding_holds_what_a_chart_needs() -> None:
    """Shares of both sides over the same parts, adding up to one."""
    finding = DataDrift().judge(profile(rows(500, shift=1.0)), reference())[0]
    first = finding.detail["features"][0]
    assert (
        sum(first["window"]) == pytest.approx(1, abs=1e-3) and len(first["window"]) == len(first["edges"]) + 1
    )


def users(n: int, seed: int, frequent: float) -> Batch:
    """Rows of twelve thousand users alike, but for one who takes a share of all."""
    random = np.random.default_rng(seed)
    names = np.char.add("user ", random.integers(0, 12_000, n).astype(str))
    batch = rows(n, seed)
    user = np.where(random.random(n) < frequent, "crawler", names).astype(object)
    return replace(batch, features={**batch.features, "user": user})


@pytest.mark.parametrize(("frequent", "verdict"), [(0.2, Verdict.OK), (0.4, Verdict.WARNING)])
def test_of_very_many_categories_only_the_frequent_can_drift(frequent: float, verdict: Verdict) -> None:
    """Which of the others are told apart is a matter of luck, and they are seldom so lucky again."""
    usual, made = users(60_000, 1, 0.2), users(60_000, 2, frequent)
    layout = Layout.of([usual], positive=1)
    window, reference = profile_rows(layout, made, SCOPE, "1"), profile_rows(layout, usual, Scope("tumour"))
    finding = DataDrift().judge(window, reference)[0]
    assert finding.verdict.is_alarming == verdict.is_alarming and "real but" not in finding.explanation
    assert finding.detail["drifted"] == (["user"] if verdict.is_alarming else [])


def test_a_large_reference_shows_less_than_can_be_written() -> None:
    """The least shift that shows is not said to be none."""
    usual, made = rows(400_000, 1), rows(400_000, 2)
    layout = Layout.of([usual], positive=1)
    window, reference = profile_rows(layout, made, SCOPE, "1"), profile_rows(layout, usual, Scope("tumour"))
    explanation = DataDrift().judge(window, reference)[0].explanation
    assert "shifts show from less than 0.01σ" in explanation
