"""Thresholds as the seeds write them, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ops_core.checks.catalogue import BY_NAME, build, with_limits
from ops_core.checks.threshold import Threshold, parse
from ops_core.checks.thresholds import specs_of
from ops_core.checks.watch import CheckSpec
from ops_core.errors import Invalid

PLAYBOOK = """
drift_thresholds:
  accuracy: 0.85
  drift: 0.10
"""
OPERATIONS = """
### Alert Configuration
1. Critical Alerts (Immediate Action)
   - F1 score < 0.70
   - False positive rate > 1%
   - System failures
   - Data pipeline issues

2. Warning Alerts (24h Response)
   - F1 score < 0.75
   - Data drift detected
   - Resource usage > 80%
   - Mild performance drops
"""
RUNBOOK = """
### Automated Alerts

**Performance Degradation:**
- F1 score drop > 10%: WARNING
- F1 score drop > 20%: CRITICAL
- Precision drop > 15%: WARNING
- Recall drop > 15%: WARNING

**Data Quality:**
- Feature null rate > 5%: WARNING
- Feature drift detected: WARNING
- Feature store unavailable: CRITICAL

**Infrastructure:**
- Model server down: CRITICAL
- Inference latency > 2s: WARNING
- Error rate > 1%: WARNING
"""
TRIGGERS = """
**Retraining triggers**:
- **Scheduled**: Every N days/weeks (e.g., weekly for fast-changing data)
- **Drift-based**: When drift exceeds threshold (PSI >0.2, accuracy drop >5%)
- **Performance-based**: When accuracy falls below SLO
- **Data-based**: When new data volume exceeds threshold (e.g., +10k new samples)
"""
QUALITY = """
Monitor:
- Accuracy (≥ 80%)
- AUC-ROC (≥ 0.85)
- Missing values (< 5%)
- Feature distributions
- Data drift (< 10%)
- Feature correlations
- Input validation
"""
SLO = """
| Metric | SLO Target | Measurement | Alert Threshold |
|--------|------------|-------------|-----------------|
| **Availability** | â‰¥99.9% | Uptime monitoring | <99.5% |
| **Latency (P95)** | <2s | APM traces | >3s |
| **Error Rate** | <0.1% | Logs, metrics | >0.5% |
| **Throughput** | Handle peak +50% | Load metrics | >80% capacity |
| **Response Quality** | ≥4/5 | User ratings | <3.5/5 |
| **Retrieval Accuracy** (RAG) | ≥85% | Hit rate in vector DB | <80% |
| **Latency** | <2s (P95) | APM | >3s |
| **Precision/Recall** | ≥85% | Confusion matrix | <80% |
| **Fairness** | No significant bias | Demographic parity | Bias detected |
"""
FLAGS = """
python scripts/check_model_metrics.py \\
  --last-24h \\
  --metrics "accuracy,auc,f1" \\
  --thresholds "0.80,0.85,0.75"
"""
DEMANDED = {"even_if_reference_fails": True}


def read(content: Any) -> dict[str, dict[str, Any]]:
    """Options by check; each of them can be built."""
    specs = specs_of(parse(content, "thresholds"), BY_NAME)
    assert all(build(each) for each in specs)
    return {each.check: dict(each.options) for each in specs}


def test_the_playbooks_yaml_loads_as_it_stands() -> None:
    """An accuracy floor and a PSI limit; the default for critical is milder, and gives way."""
    assert read(yaml.safe_load(PLAYBOOK)) == {
        "performance.accuracy": {"warning_limit": 0.85, **DEMANDED},
        "drift.data": {"warning_limit": 0.10},
        "drift.prediction": {"warning_limit": 0.10},
    }


def test_the_operations_guide_loads_as_it_stands() -> None:
    """Headings say how grave; what has no number names its check."""
    found = read(OPERATIONS)
    assert found["performance.f1"] == {"critical_limit": 0.70, "warning_limit": 0.75, **DEMANDED}
    assert found["performance.false_positive_rate"] == {"critical_limit": 0.01, **DEMANDED}
    assert found["infrastructure.disk"] == {"warning_limit": 0.80}
    assert {"service.health", "pipeline.health", "drift.data", "performance.accuracy"} <= set(found)


@pytest.mark.parametrize("as_yaml", [False, True])
def test_the_incident_runbook_loads_as_text_and_as_yaml(as_yaml: bool) -> None:
    """A list of YAML is the same lines, each a name with a severity."""
    lines = "\n".join(line for line in RUNBOOK.splitlines() if line.startswith("-"))
    found = read(yaml.safe_load(lines) if as_yaml else RUNBOOK)
    assert found["performance.f1"] == {"warning_change_ratio": 0.10, "critical_change_ratio": 0.20}
    assert found["performance.recall"] == {"warning_change_ratio": 0.15}
    assert found["quality.null_rate"] == {"warning_limit": 0.05}
    assert found["service.latency_p95"] == {"warning_limit": 2.0}
    assert found["service.error_rate"] == {"warning_limit": 0.01, "critical_limit": None}
    assert found["feature_store.health"] == found["service.health"] == {}


def test_the_quality_list_loads_as_it_stands() -> None:
    """Targets in brackets; what is only named is only named."""
    found = read(QUALITY)
    assert found["performance.accuracy"] == {"warning_limit": 0.80, **DEMANDED}
    assert found["performance.auc"] == {"warning_limit": 0.85, **DEMANDED}
    assert found["drift.data"] == {"warning_limit": 0.10} and found["quality.correlations"] == {}


def test_the_tables_load_as_they_stand() -> None:
    """The target is a warning, the alert critical."""
    found = read(SLO)
    assert found["service.availability"] == {"warning_limit": 0.999, "critical_limit": 0.995}
    assert found["service.latency_p95"] == {"warning_limit": 2.0, "critical_limit": 3.0}
    assert found["service.throughput"] == {"warning_limit": 0.80}
    assert found["llm.quality"] == {"warning_limit": 4.0, "critical_limit": 3.5, **DEMANDED}
    assert found["llm.retrieval_hit_rate"]["critical_limit"] == 0.80
    assert (
        found["performance.recall"]["critical_limit"] == 0.80 and found["fairness.demographic_parity"] == {}
    )


@pytest.mark.parametrize("content", [FLAGS, {"metrics": "accuracy,auc,f1", "thresholds": [0.80, 0.85, 0.75]}])
def test_flags_of_scripts_load_as_they_stand(content: Any) -> None:
    """As many thresholds as metrics."""
    found = read(content)
    assert {name: options["warning_limit"] for name, options in found.items()} == {
        "performance.accuracy": 0.80,
        "performance.auc": 0.85,
        "performance.f1": 0.75,
    }


DECISIONS = """**Decision criteria**:
- **Variance <10%**: On track, no action needed âœ…
- **Variance 10-20%**: Investigate optimization opportunities âš ï¸
- **Variance >20%**: Immediate action required, escalate to management ðŸš¨
"""
RETRAINING = "- **Drift-based**: When drift exceeds threshold (PSI >0.2, accuracy drop >5%)"


def test_rows_of_decisions_load_as_they_stand() -> None:
    """What is on track is no limit; where one shall investigate is a warning, where at once is critical."""
    assert read(DECISIONS) == {"cost.budget": {"warning_limit": 0.10, "critical_limit": 0.20}}


def test_the_line_on_retraining_loads_as_it_stands() -> None:
    """Its brackets say what it means."""
    found = read(RETRAINING)
    assert found["performance.accuracy"] == {"warning_change_ratio": 0.05}
    assert found["drift.data"]["warning_limit"] == 0.2


def test_only_a_share_is_refused_for_being_more_than_one() -> None:
    """A log loss may be."""
    assert read("Log loss > 1.5: WARNING")["performance.log_loss"]["warning_limit"] == 1.5


def test_limits_by_severity() -> None:
    """A mapping of a mapping, and later lines win."""
    found = read([{"f1": {"warning": 0.8, "critical": 0.7}}, "F1 < 0.6: CRITICAL"])
    assert found["performance.f1"] == {"warning_limit": 0.8, "critical_limit": 0.6, **DEMANDED}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- F1 score drop > 10%: WARNING\n- Mood < 3", r"thresholds, line 2: nothing here is called 'Mood'"),
        ("- be careful", r"line 1: 'be careful' is no threshold"),
        ({"drift_thresholds": {"mood": 0.1}}, r"thresholds\.drift_thresholds\.mood: nothing here is called"),
        (["Accuracy < 85"], r"thresholds\[1\]: 85 is no share"),
        (["Feature null rate > 5%: CRITICAL"], r"quality\.null_rate has no critical limit"),
        ({"metrics": "f1,auc", "thresholds": "0.8"}, "one threshold for each metric"),
        ({"f1": None}, r"thresholds\.f1: 'f1: None' is no threshold"),
        ([3], r"thresholds\[1\]: '3' is no threshold"),
        (7, "'7' is no threshold"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(content: Any, said: str) -> None:
    """Never left out quietly."""
    with pytest.raises(Invalid, match=said):
        specs_of(parse(content, "thresholds"), BY_NAME)


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


@given(_PLAIN)
def test_anything_is_thresholds_or_a_clear_refusal(content: Any) -> None:
    """Never another error."""
    try:
        specs = specs_of(parse(content, "thresholds"), BY_NAME)
    except Invalid as refused:
        specs = ()
        assert refused.message.startswith("thresholds")  # noqa: PT017  # what is refused is said, whatever it is
    assert isinstance(specs, tuple)


def test_limits_join_the_checks_that_are_named_or_all() -> None:
    """What a check says itself wins; what makes no sense for a model is left out."""
    limits = parse(["F1 < 0.8", "MAE > 3"], "thresholds")
    own = [CheckSpec("performance.f1", {"warning_limit": 0.9})]
    (named,) = with_limits(own, limits, {"classification"})
    assert named.options["warning_limit"] == 0.9
    found = {each.check: each.options for each in with_limits([], limits, {"classification"})}
    assert found["performance.f1"]["warning_limit"] == 0.8
    assert "performance.mae" not in found and "drift.data" in found
    assert with_limits(own, [], {"classification"}) == tuple(own)


def test_thresholds_survive_the_way_to_another_process() -> None:
    """As JSON."""
    told = parse(RUNBOOK, "thresholds")
    assert [Threshold.from_json(json.loads(json.dumps(each.to_json()))) for each in told] == told


def test_when_to_retrain_stands_as_it_is() -> None:
    """Seed 001's list: a schedule is no limit, a limit that stands elsewhere needs none here."""
    told = [(each.checks[0], each.meaning, each.value) for each in parse(TRIGGERS, "seed")]
    assert told == [
        ("drift.data", "limit", 0.2),
        ("performance.accuracy", "change", 0.05),
        ("performance.accuracy", "state", 0.0),
        ("quality.new_data", "limit", 10_000.0),
    ]
