"""What the data-quality checks say."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from ops_core.checks.finding import Verdict
from ops_core.checks.quality import Freshness, NullRate, Source, Volume
from ops_core.checks.wording import words
from ops_core.profiles.batch import Problem
from ops_core.profiles.profile import microseconds
from tests.profiles.made import DAY, NOW, SCOPE, profile, reference, rows, with_missing


def test_nulls_of_one_feature_are_a_warning_that_names_it() -> None:
    """12 % nulls in one feature of many."""
    batch = rows(1000)
    features = {**batch.features, "radius": with_missing(batch.features["radius"], 0.12)}
    finding = NullRate().judge(profile(replace(batch, features=features)), reference())[0]
    assert finding.verdict is Verdict.WARNING and finding.explanation.startswith("radius misses 1")


def test_nulls_are_told_since_the_day_on_which_they_began() -> None:
    """Of three days, the last two."""
    batch = rows(3000, at=np.linspace(microseconds(NOW - 3 * DAY) + 1, microseconds(NOW), 3000).astype(int))
    gone = batch.at >= microseconds((NOW - DAY).replace(hour=0))
    features = {**batch.features, "radius": np.where(gone & (np.arange(3000) % 3 == 0), np.nan, 10.0)}
    finding = NullRate().judge(
        profile(replace(batch, features=features), replace(SCOPE, start=NOW - 3 * DAY)), reference()
    )[0]
    assert finding.since == (NOW - DAY).replace(hour=0) and finding.explanation.endswith(
        "; since 19 November"
    )


def test_nulls_that_were_there_all_the_time_have_no_beginning() -> None:
    """It may lie before the window."""
    batch = rows(3000)
    features = {**batch.features, "radius": with_missing(batch.features["radius"], 0.3)}
    assert NullRate().judge(profile(replace(batch, features=features)), reference())[0].since is None


def test_a_few_nulls_in_few_rows_are_no_evidence() -> None:
    """Two of twenty are above 5 %, and may be chance."""
    batch = rows(20)
    features = {**batch.features, "radius": np.array([np.nan, np.nan, *range(18)])}
    finding = NullRate().judge(profile(replace(batch, features=features)), reference())[0]
    assert finding.verdict is Verdict.NO_EVIDENCE


def test_missing_predictions_count_as_nulls() -> None:
    """The model's own answers are looked at too."""
    finding = NullRate().judge(
        profile(rows(500, prediction=with_missing(rows(500).prediction, 0.3))), reference()
    )[0]
    assert finding.detail["feature"] == "prediction" and finding.verdict is Verdict.WARNING


def test_what_the_reference_never_had_is_not_missed() -> None:
    """A chat bot has no predictions, and no limit above 100 % is told of them."""
    chat = rows(500, prediction=np.full(500, np.nan))
    usual = rows(4000, seed=99, prediction=np.full(4000, np.nan))
    finding = NullRate().judge(profile(chat), profile(usual))[0]
    assert finding.verdict is Verdict.OK and finding.value == 0 and finding.detail["feature"] != "prediction"


def test_a_feature_that_no_row_has_is_not_the_one_told_of() -> None:
    """Its rows are none, and `quality.schema` tells of it."""
    served = {name: column for name, column in rows(500).features.items() if name != "radius"}
    finding = NullRate().judge(profile(rows(500, features=served)), reference())[0]
    assert finding.verdict is Verdict.OK and finding.n == 500


def test_predictions_that_stopped_ring_since_the_last() -> None:
    """The newest row is too old."""
    made = profile(rows(100), replace(SCOPE, end=NOW + timedelta(hours=5)))
    finding = Freshness().judge(made, reference())[0]
    assert (finding.verdict, finding.since) == (Verdict.CRITICAL, made.last_at)


@pytest.mark.parametrize(("n", "verdict"), [(29, Verdict.NO_DATA), (30, Verdict.OK)])
def test_volume_needs_some_rows(n: int, verdict: Verdict) -> None:
    """Thirty by default."""
    assert Volume().judge(profile(rows(n)), reference())[0].verdict is verdict


def test_a_lasting_problem_is_a_warning_that_is_told() -> None:
    """A broken file is named."""
    broken = replace(profile(rows(10)), problems=(Problem("p/7.parquet", "cannot be read"),))
    finding = Source().judge(broken, reference())[0]
    assert finding.verdict is Verdict.WARNING and "p/7.parquet: cannot be read" in finding.explanation


def test_a_passing_problem_is_told_but_fine() -> None:
    """A file that is still being written will be whole next time."""
    passing = replace(
        profile(rows(10)), problems=(Problem("p/7.parquet", "cannot be read yet", passing=True),)
    )
    finding = Source().judge(passing, reference())[0]
    assert finding.verdict is Verdict.OK and "p/7.parquet" in finding.explanation


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "under 1 s"), (40, "40 s"), (720, "12 min"), (12600, "3.5 h"), (259200, "3 days")],
)
def test_spans_are_said_as_people_do(seconds: float, said: str) -> None:
    """One unit, three figures at most."""
    assert words(timedelta(seconds=seconds)) == said
