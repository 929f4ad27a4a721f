"""Thresholds in the settings and in files, as far as the checks that they reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.check_specs import check_specs
from bot.settings import load
from bot.wiring.signals import signal_plans
from ops_core.checks.service import ErrorRate
from ops_core.checks.signal_catalogue import build_read
from ops_core.errors import Invalid

MODEL = "models: {churn: {predictions: p/, reference: r.parquet%s}}\n"


def options(folder: Path, text: str, more: str = "") -> dict[str, dict[str, object]]:
    """The options of the model's checks."""
    (folder / "tocsin.yml").write_text(MODEL % more + text)
    settings = load(folder / "tocsin.yml", {})
    return {each.check: dict(each.options) for each in check_specs(settings, "churn", folder)}


def test_the_seeds_fragment_stands_in_the_settings(tmp_path: Path) -> None:
    """As it is, at the top."""
    found = options(tmp_path, "drift_thresholds:\n  accuracy: 0.85\n  drift: 0.10\n")
    assert found["performance.accuracy"]["warning_limit"] == 0.85
    assert found["drift.data"] == {"warning_limit": 0.10} and found["quality.null_rate"] == {}


def test_a_models_own_limit_wins_over_that_of_all(tmp_path: Path) -> None:
    """And an option of a check over both."""
    checks = "[{check: performance.auc, warning_limit: 0.9}, {check: performance.f1}]"
    more = f", thresholds: [F1 < 0.6], checks: {checks}"
    found = options(tmp_path, "thresholds:\n- F1 score < 0.75\n- AUC-ROC (≥ 0.85)\n", more)
    assert found["performance.f1"]["warning_limit"] == 0.6
    assert found["performance.auc"]["warning_limit"] == 0.9 and "drift.data" not in found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("limits.md", "## Alerts\n- Error rate > 1%: WARNING\n- F1 score drop > 10%: WARNING\n"),
        ("limits.yml", "- Error rate > 1%: WARNING\n- F1 score drop > 10%: WARNING\n"),
    ],
)
def test_a_file_is_read(tmp_path: Path, name: str, text: str) -> None:
    """The runbook itself, or a list of YAML; each line reaches the check that it is about."""
    (tmp_path / name).write_text(text)
    more = ", queries: {service.error_rate: e}"
    found = options(tmp_path, f"thresholds: {name}\nprometheus: {{url: 'http://p'}}\n", more)
    assert found["performance.f1"] == {"warning_change_ratio": 0.10} and "service.error_rate" not in found
    plan = signal_plans(load(tmp_path / "tocsin.yml", {}), tmp_path)["churn"]
    (check,) = build_read(plan.checks, ["service.error_rate"], plan.limits)
    assert check == ErrorRate(warning_limit=0.01, critical_limit=None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("thresholds: nowhere.yml", "thresholds: .*nowhere.yml cannot be read"),
        ("thresholds: [Mood > 3]", r"thresholds\[1\]: nothing here is called 'Mood'"),
        ("thresholds: {f1: [}", "is not YAML"),
        ("thresholds: 3", "thresholds"),
    ],
)
def test_wrong_thresholds_are_refused_with_their_place(tmp_path: Path, text: str, said: str) -> None:
    """At start."""
    with pytest.raises(Invalid, match=said):
        options(tmp_path, text)


def test_a_wrong_line_of_a_file_is_named(tmp_path: Path) -> None:
    """File and line."""
    (tmp_path / "limits.md").write_text("- F1 < 0.7\n- be nice\n")
    with pytest.raises(Invalid, match=r"limits\.md, line 2: 'be nice' is no threshold"):
        options(tmp_path, "thresholds: limits.md")
