"""The catalogue, README's table, and what a team's runbooks ask for are the same list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ops_core.checks.catalogue import BY_NAME

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
FAMILIES = "performance|drift|quality|fairness|llm|service|infrastructure|feature_store|backup|pipeline|cost"
ASKED_FOR = {
    "performance": "accuracy precision recall f1 auc false_positive_rate log_loss calibration segments "
    "mae rmse r2 bias",
    "drift": "data prediction",
    "quality": "null_rate range schema duplicates freshness volume correlations class_balance source "
    "reference_age validity",
    "fairness": "demographic_parity equal_opportunity equalised_odds disparate_impact metric_gap",
    "llm": "relevance hallucination_rate quality retrieval_hit_rate refusal_rate tokens cost latency_p95",
    "service": "health availability latency_p95 latency_p99 error_rate throughput",
    "infrastructure": "cpu memory disk gpu",
    "feature_store": "health staleness",
    "backup": "age",
    "pipeline": "health",
    "cost": "budget spike",
}
"""What runbooks for models in production look at, by family."""


@pytest.mark.parametrize("family", ASKED_FOR)
def test_whatever_runbooks_look_at_is_in_the_catalogue(family: str) -> None:
    """No check of theirs is missing."""
    missing = [name for name in ASKED_FOR[family].split() if f"{family}.{name}" not in BY_NAME]
    assert missing == []


def test_the_readmes_table_names_only_what_there_is() -> None:
    """A check that is gone leaves no row behind."""
    section = README.partition("## Checks")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    named = {name for line in rows for name in re.findall(rf"`((?:{FAMILIES})\.\w+)`", line.split("|")[1])}
    assert named == set(BY_NAME)
