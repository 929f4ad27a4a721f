"""Pages of runbooks as they stand: thresholds among prose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.doctor.pages import pages
from bot.doctor.patient import Patient
from bot.settings import load
from bot.threshold_page import Page, is_page, page
from bot.thresholds import pages_of
from ops_core.checks.catalogue import BY_NAME, build
from ops_core.checks.thresholds import specs_of
from ops_core.errors import Invalid
from tests.bot.test_threshold_settings import MODEL, options

POLICY = """# Responsible AI

We look at drift every day, and talk about what accuracy < 0.9 means for customers.

- **Mitigation:**
  - Reviewing features for fairness.
- **Example Drift Threshold Configuration:**
  ```yaml
  drift_thresholds:
    accuracy: 0.85
    drift: 0.10
  ```
- **Example Fairness Metric:**
  ```json
  {"metric": "equal_opportunity", "threshold": 0.90}
  ```

## Retraining
```yaml
retraining_pipeline:
  steps:
    - prepare_data: "Clean and validate new data."
```
"""
OPERATIONS = """# Operations

## Monitoring
### Daily Checks
1. Model Performance
   - Prediction accuracy

### Alert Configuration
1. Critical Alerts (Immediate Action)
   - F1 score < 0.70
   - System failures

2. Warning Alerts (24h Response)
   - F1 score < 0.75
   - Data drift detected

## Incidents
| Severity | Answer within |
|---|---|
| P0 | <15 min |

1. **Investigate** (<30 min): Root cause analysis
- Detect -> Notify -> Diagnose
- Check data quality
"""
SCRIPTS = """#### Daily
```bash
# Check key metrics
python scripts/check_model_metrics.py \\
  --metrics "accuracy,f1" \\
  --thresholds "0.80,0.75"
```
"""


def told(text: str) -> list[tuple[str, str, float, str]]:
    """The thresholds of a page, each of which can be built."""
    found = page(text, "runbook.md").thresholds
    assert all(build(each) for each in specs_of(found, BY_NAME))
    return [(each.checks[0], each.meaning, each.value, each.verdict.value) for each in found]


def test_the_yaml_of_a_page_is_read_and_its_prose_is_not() -> None:
    """The block of thresholds alone: neither other blocks nor what is said around them."""
    assert told(POLICY) == [
        ("performance.accuracy", "limit", 0.85, "warning"),
        ("drift.data", "limit", 0.10, "warning"),
    ]
    assert page(POLICY, "runbook.md").thresholds[0].where == (
        "runbook.md, block in line 9.drift_thresholds.accuracy"
    )


def test_lists_and_headings_of_a_page_are_read() -> None:
    """How grave they are stands above them; names elsewhere are no thresholds."""
    assert told(OPERATIONS) == [
        ("performance.f1", "limit", 0.70, "critical"),
        ("service.health", "state", 0.0, "critical"),
        ("performance.f1", "limit", 0.75, "warning"),
        ("drift.data", "state", 0.0, "warning"),
    ]


def test_the_flags_of_a_script_are_read() -> None:
    """From its block."""
    assert [each[:3] for each in told(SCRIPTS)] == [
        ("performance.accuracy", "limit", 0.80),
        ("performance.f1", "limit", 0.75),
    ]


def test_it_is_said_what_was_read_and_what_was_not() -> None:
    """By line: what compares something and is no threshold, for whoever meant it as one."""
    assert page(OPERATIONS, "runbook.md").told() == (
        "runbook.md: 4 thresholds read, of lines 10–11, 14–15; passed over, though they compare something: "
        "lines 20, 22, the first “| P0 | <15 min |”"
    )
    assert page(SCRIPTS, "runbook.md").told() == "runbook.md: 2 thresholds read, of line 3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "# Page\n- F1 score < 0.7\n- Mood drop > 3%: WARNING\n",
            "page, line 3: nothing here is called 'Mood'",
        ),
        ("# Page\nMood > 3: CRITICAL\n", "page, line 2: nothing here is called 'Mood'"),
        ("```yaml\ndrift_thresholds: {mood: 1}\n```", "page, block in line 2.drift_thresholds.mood: nothing"),
        ("```yaml\nalerts: [be nice]\n```", "page, block in line 2.alerts"),
        ("# Page\nWe are careful.\n", "page: there is no threshold on this page"),
        ("```\n--metrics f1,auc --thresholds 0.8\n```", "one threshold for each metric"),
    ],
)
def test_what_is_surely_meant_is_never_passed_over(text: str, said: str) -> None:
    """It is refused with its place, as in a list of thresholds."""
    with pytest.raises(Invalid) as refusal:
        page(text, "page")
    assert said in refusal.value.message


def test_thresholds_alone_are_no_page() -> None:
    """A list of which one line is wrong is refused for that line."""
    assert not is_page("- F1 < 0.7\n- be nice\n") and is_page(POLICY) and is_page(SCRIPTS)


@given(st.text(alphabet="#`-|<>5%: \nabcyamlF1 WARNING", max_size=200))
def test_any_page_is_read_or_refused(text: str) -> None:
    """Never another error, and every line that is told of is there."""
    try:
        found = page(text, "page")
    except Invalid as refused:
        found = Page("page")
        assert refused.message.startswith("page")  # noqa: PT017  # what is refused is said, whatever it is
    lines = len(text.splitlines())
    assert all(1 <= number <= lines + 1 for number in [*found.read, *(at for at, _ in found.unread)])


@pytest.mark.parametrize("inline", [False, True])
def test_a_page_may_stand_in_the_settings_or_in_a_file(tmp_path: Path, inline: bool) -> None:
    """It reaches the checks, and the doctor tells what was read of it, once for all models."""
    (tmp_path / "policy.md").write_text(POLICY)
    body = "|\n" + "\n".join(f"  {line}" for line in POLICY.splitlines()) if inline else "policy.md"
    found = options(tmp_path, f"thresholds: {body}\n")
    assert found["performance.accuracy"]["warning_limit"] == 0.85
    settings = load(tmp_path / "tocsin.yml", {})
    (only,) = pages_of(settings, tmp_path)
    assert only.read == [9]
    answer = pages(Patient(settings, tmp_path))
    assert answer.found.endswith("2 thresholds read, of line 9")


def test_a_list_in_a_file_is_told_as_read(tmp_path: Path) -> None:
    """There is nothing in it that was not."""
    (tmp_path / "limits.md").write_text("- F1 < 0.7\n")
    (tmp_path / "tocsin.yml").write_text(MODEL % "" + "thresholds: limits.md\n")
    patient = Patient(load(tmp_path / "tocsin.yml", {}), tmp_path)
    assert pages(patient).found == "every line was read"
