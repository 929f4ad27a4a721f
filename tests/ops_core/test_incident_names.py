"""Laws of the names that we give to channels."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_core.incidents.incident import Incident, slug
from ops_core.incidents.kinds import IncidentType
from ops_core.severity import Severity

SLACKS_RULE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


@given(st.text(max_size=140), st.integers(1, 10**9))
def test_a_channel_name_is_valid_whatever_the_title(title: str, number: int) -> None:
    """Slack wants at most 80 of lower-case letters, digits, hyphens and underscores."""
    one = Incident(
        id=number,
        title=title,
        type=IncidentType.SECURITY,
        severity=Severity.P0,
        opened_by="U0ANN",
        opened_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert SLACKS_RULE.fullmatch(one.channel_name) and one.channel_name.startswith(f"inc-{number}-")


@given(st.text())
def test_a_slug_is_words_joined_by_hyphens(title: str) -> None:
    """Never empty, never a hyphen at either end, and its own slug."""
    found = slug(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found) and len(found) <= 40 and slug(found) == found


def test_accents_keep_their_letters() -> None:
    """A title in French stays readable."""
    assert slug("Précision dégradée – modèle №2!") == "precision-degradee-modele-no2"


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("performance.f1", IncidentType.PERFORMANCE_DEGRADATION),
        ("drift.data", IncidentType.PERFORMANCE_DEGRADATION),
        ("drift.prediction", IncidentType.PREDICTION_ERROR),
        ("fairness.disparate_impact", IncidentType.BIAS_FAIRNESS),
        ("llm.hallucination_rate", IncidentType.HALLUCINATION_SPIKE),
        ("cost.spike", IncidentType.COST_SPIKE),
        ("service.health", IncidentType.INFRASTRUCTURE),
        ("SomebodyElsesAlert", IncidentType.PERFORMANCE_DEGRADATION),
    ],
)
def test_the_leading_check_suggests_the_incident_s_type(check: str, kind: IncidentType) -> None:
    """So that its playbook is the one that fits."""
    assert IncidentType.of_check(check) is kind
