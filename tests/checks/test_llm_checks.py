"""Answers of language models: the seed's targets, with their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.llm import (
    AnswerTime,
    Hallucinations,
    Quality,
    Refusals,
    Relevance,
    RequestCost,
    RetrievalHits,
    Tokens,
)
from ops_core.profiles.batch import Column
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.profile import Profile
from tests.profiles.made import ANSWERS, MEASURED, SCOPE, answered, reference_for, rows

OK, NO_EVIDENCE, WARNING, CRITICAL = Verdict.OK, Verdict.NO_EVIDENCE, Verdict.WARNING, Verdict.CRITICAL


def window(**measures: Column) -> Profile:
    """Rows whose answers are fine, but for these measures."""
    batch = answered(rows(1000, error=0.0))
    named: Mapping[str, Column] = {MEASURED[name]: values for name, values in measures.items()}
    return profile_rows(ANSWERS, replace(batch, features={**batch.features, **named}), SCOPE, "1")


def judged(kind: type[Any], profile: Profile) -> Finding:
    """The one finding."""
    findings: list[Finding] = kind().judge(profile, reference_for(kind))
    return findings[0]


def share(ratio: float, n: int = 1000) -> Column:
    """Exactly so many ones among zeros."""
    return np.where(np.arange(n) < round(ratio * n), 1.0, 0.0)


@pytest.mark.parametrize(
    ("kind", "measure", "values", "verdict"),
    [
        (Relevance, "relevance", share(0.82), OK),
        (Relevance, "relevance", share(0.78), NO_EVIDENCE),
        (Relevance, "relevance", share(0.755), WARNING),
        (Relevance, "relevance", share(0.68), CRITICAL),
        (Hallucinations, "hallucinated", share(0.08), WARNING),
        (Hallucinations, "hallucinated", share(0.12), CRITICAL),
        (RetrievalHits, "retrieved", share(0.81), WARNING),
        (RetrievalHits, "retrieved", share(0.75), CRITICAL),
        (Quality, "rating", 3.4 + share(0.5), WARNING),
        (Quality, "rating", 2.5 + share(0.5), CRITICAL),
        (Refusals, "refused", share(0.10), WARNING),
        (Tokens, "tokens", 158.0 + share(0.5), WARNING),
        (Tokens, "tokens", 200.0 + share(0.5), CRITICAL),
        (RequestCost, "cost", 0.02 + share(0.5) / 100, CRITICAL),
    ],
)
def test_the_targets_are_the_seeds(kind: type[Any], measure: str, values: Column, verdict: Verdict) -> None:
    """Warning below the target, critical beyond the alert, both beyond chance."""
    assert judged(kind, window(**{measure: values})).verdict is verdict


def test_a_rate_is_told_with_its_evidence() -> None:
    """As every other rate; labels have no part in it."""
    finding = judged(Hallucinations, window(hallucinated=share(0.12)))
    assert finding.explanation == (
        "Hallucination rate 0.12 against 0.02 on the reference (limit 0.08), n = 1,000, 95 % 0.10–0.14"
    )
    assert finding.p_value is not None and finding.p_value < 1e-4


def test_only_what_somebody_looked_at_counts() -> None:
    """Human evaluation is a sample; the rest is empty."""
    looked = np.full(1000, np.nan)
    looked[:50] = 1.0
    finding = judged(Relevance, window(relevance=looked))
    assert (finding.verdict, finding.n, finding.value) == (OK, 50, 1.0)


@pytest.mark.parametrize(("slow", "verdict"), [(0.03, OK), (0.06, NO_EVIDENCE), (0.09, WARNING)])
def test_a_slow_twentieth_is_beyond_the_limit_when_surely_more_are(slow: float, verdict: Verdict) -> None:
    """The exact binomial test of the share above 2 s."""
    finding = judged(AnswerTime, window(latency=1.0 + 1.5 * share(slow)))
    assert finding.verdict is verdict and finding.unit == "seconds"


def test_the_percentile_is_close_to_the_exact_one() -> None:
    """Within its interval, which is made of order statistics."""
    times = np.random.default_rng(3).lognormal(0.3, 0.6, 1000)
    finding = judged(AnswerTime, window(latency=times))
    assert finding.value == pytest.approx(np.quantile(times, 0.95), rel=0.1)
    assert finding.interval and finding.interval[0] < np.quantile(times, 0.95) < finding.interval[1]


@pytest.mark.parametrize("kind", [Relevance, Quality, AnswerTime])
def test_a_measure_without_values_is_no_data(kind: type[Any]) -> None:
    """All null, text, or infinite."""
    empty: Column = np.full(1000, np.nan)
    for values in (empty, np.full(1000, np.inf), np.array(["x"] * 1000, dtype=object)):
        finding = judged(kind, window(**{kind.of: values}))
        assert finding.verdict is Verdict.NO_DATA and "has no value" in finding.explanation
