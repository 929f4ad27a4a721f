"""From settings to gauges, and what is refused on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.ages import AgeGauge
from bot.adapters.query_gauges import QueryGauge
from bot.settings import Settings, load
from bot.wiring.signals import signal_plans
from ops_core.errors import Invalid

EXAMPLE = """
prometheus: {url: "http://prometheus:9090", window: 10m}
models:
  churn:
    predictions: p/
    reference: r.parquet
    queries:
      service.latency_p95: latency
      service.error_rate: {query: errors, n: requests}
    checks: [{check: service.latency_p95, warning_limit: 1.5}, {check: performance.f1}]
systems:
  platform:
    every: 1m
    queries: {infrastructure.disk: disk, backup.age: age}
    feature_store: http://feast:6566
    backups: {models: {place: backups/*.tar.gz, within: 26h}, data: /backups/data}
    heartbeats: {nightly: http://airflow/health}
    cost: {file: costs.csv, budget: {LLM API: 15000}, currency: EUR}
"""


def settings(folder: Path, text: str) -> Settings:
    """The settings of a file."""
    (folder / "tocsin.yml").write_text(text)
    return load(folder / "tocsin.yml", {})


def test_everything_that_is_set_is_read(tmp_path: Path) -> None:
    """A gauge each, in the order of the settings."""
    plans = signal_plans(settings(tmp_path, EXAMPLE), tmp_path)
    assert [gauge.signal for gauge in plans["churn"].gauges] == ["service.latency_p95", "service.error_rate"]
    assert [gauge.signal for gauge in plans["platform"].gauges] == [
        "infrastructure.disk",
        "backup.age",
        "feature_store.health",
        "backup.age",
        "backup.age",
        "pipeline.health",
        "cost",
    ]
    assert [spec.check for spec in plans["churn"].checks] == ["service.latency_p95"]


def test_a_level_is_read_over_the_window_and_an_age_now(tmp_path: Path) -> None:
    """With the unit of its check."""
    plans = signal_plans(settings(tmp_path, EXAMPLE), tmp_path)
    latency, errors = plans["churn"].gauges
    age = plans["platform"].gauges[1]
    assert isinstance(latency, QueryGauge) and isinstance(errors, QueryGauge) and isinstance(age, QueryGauge)
    assert (latency.unit, latency.window) == ("seconds", timedelta(minutes=10))
    assert (errors.unit, errors.count, age.window) == ("ratio", "requests", timedelta(0))


def test_places_are_relative_to_the_file(tmp_path: Path) -> None:
    """Addresses and absolute paths are not; an empty file is no backup."""
    plan = signal_plans(settings(tmp_path, EXAMPLE), tmp_path)["platform"]
    models, data, nightly = (gauge for gauge in plan.gauges if isinstance(gauge, AgeGauge))
    assert models.place == str(tmp_path / "backups/*.tar.gz") and models.within == timedelta(hours=26)
    assert (data.place, data.empty_counts) == ("/backups/data", False)
    assert (nightly.place, nightly.empty_counts) == ("http://airflow/health", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("queries: {service.latency: x}", "did you mean service.latency_p9"),
        ("queries: {nonsense: x}", "there are service.health"),
        ("queries: {cost.budget: x}", "no check named 'cost.budget' reads a query"),
        ("queries: {infrastructure.cpu: {n: x}}", r"infrastructure\.cpu\.query: is missing"),
        ("backups: {models: {place: x, within: 3}}", r"within: write a span"),
        ("cost: {budget: {x: 3}}", "a budget needs costs"),
        ("cost: {file: a.csv, queries: {x: y}}", "not from both"),
        ("cost: {file: a.csv, budget: {x: -1}}", "greater than 0"),
    ],
)
def test_wrong_signals_are_refused_with_their_place(tmp_path: Path, text: str, said: str) -> None:
    """At start."""
    with pytest.raises(Invalid, match=said) as refused:
        settings(tmp_path, f"systems: {{platform: {{{text}}}}}")
    assert "systems.platform" in refused.value.message


def test_queries_without_an_address_and_a_name_twice_are_refused(tmp_path: Path) -> None:
    """Before anything is read."""
    with pytest.raises(Invalid, match=r"no prometheus\.url"):
        signal_plans(settings(tmp_path, "systems: {platform: {queries: {infrastructure.cpu: x}}}"), tmp_path)
    twice = "models: {a: {predictions: p, reference: r}}\nsystems: {a: {}}"
    with pytest.raises(Invalid, match="'a' is the name of a model and of a system"):
        signal_plans(settings(tmp_path, twice), tmp_path)


def test_a_signal_has_no_cadence_of_its_own(tmp_path: Path) -> None:
    """It is read at every look, and the settings may not promise otherwise."""
    seldom = "systems: {platform: {checks: [{check: infrastructure.cpu, cadence: weekly}]}}"
    with pytest.raises(Invalid, match=r"infrastructure\.cpu is read at every look"):
        signal_plans(settings(tmp_path, seldom), tmp_path)
