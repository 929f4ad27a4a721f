"""Playbooks: those that we ship, and what a wrong one is told."""

from typing import Any

import pytest
import yaml

from ops_core.errors import Invalid
from ops_core.incidents.incident import Phase
from ops_core.incidents.kinds import IncidentType
from ops_core.incidents.playbook import StepKind, parse
from tests.ops_core.world import PLAYBOOKS, RUNNABLE_BY_KIND, all_playbooks

every_type = pytest.mark.parametrize("kind", IncidentType)


@every_type
def test_every_type_has_a_playbook_in_a_file_of_its_name(kind: IncidentType) -> None:
    """It parses, so it names only what can be run."""
    plan = parse(yaml.safe_load((PLAYBOOKS / f"{kind}.yaml").read_text()), f"{kind}.yaml", RUNNABLE_BY_KIND)
    assert plan.type is kind and plan.title


@every_type
def test_a_playbook_is_short_enough_for_an_emergency(kind: IncidentType) -> None:
    """Five to eight steps of one line, none said twice."""
    titles = [step.title for step in all_playbooks()[kind].steps]
    assert 5 <= len(titles) <= 8 and len(set(titles)) == len(titles)
    assert all(title[0].isupper() and len(title) <= 100 and "\n" not in title for title in titles)


@every_type
def test_a_playbook_diagnoses_and_resolves(kind: IncidentType) -> None:
    """Neither is left out."""
    assert {step.phase for step in all_playbooks()[kind].steps} >= {Phase.DIAGNOSE, Phase.RESOLVE}


def test_no_playbook_lacks_a_type() -> None:
    """A file that nothing finds is a mistake in its name."""
    assert {file.stem for file in PLAYBOOKS.glob("*")} == {kind.value for kind in IncidentType}


def test_a_degradation_is_looked_at_before_anything_is_moved() -> None:
    """Four diagnostics, something for people, then the rollback."""
    steps = all_playbooks()[IncidentType.PERFORMANCE_DEGRADATION].steps
    looks = ["live_metrics", "drift_by_feature", "versions_and_moves", "serving_health"]
    assert [step.run for step in steps[:4]] == looks
    kinds = [step.kind for step in steps]
    assert StepKind.MANUAL in kinds[4 : kinds.index(StepKind.ACTION)]


STEP = {"phase": "diagnose", "manual": "Look"}
WRONG: dict[str, tuple[Any, str]] = {
    "nothing": (None, "a playbook has type, title and steps"),
    "a list": ([STEP], "a playbook has type, title and steps"),
    "no title": ({"type": "security", "steps": [STEP]}, "title"),
    "no type": ({"title": "x", "type": None, "steps": [STEP]}, "is not an incident type"),
    "unknown type": ({"title": "x", "type": "alien", "steps": [STEP]}, "is not an incident type"),
    "no phase": ({"title": "x", "type": "security", "steps": [{"manual": "Look"}]}, "step 1: .*phase"),
    "unknown phase": ({"title": "x", "type": "security", "steps": [STEP | {"phase": "panic"}]}, "step 1"),
    "no kind": (
        {"title": "x", "type": "security", "steps": [STEP, {"phase": "diagnose"}]},
        "step 2: .*one of",
    ),
    "a bare line": ({"title": "x", "type": "security", "steps": ["do manual things"]}, "step 1: .*one of"),
    "unknown diagnostic": (
        {"title": "x", "type": "security", "steps": [{"phase": "diagnose", "diagnostic": "guess"}]},
        "step 1: no diagnostic “guess”; there are: data_quality",
    ),
    "unknown action": (
        {"title": "x", "type": "security", "steps": [{"phase": "resolve", "action": "pray"}]},
        "no action “pray”; there are: rollback",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_playbook_is_told_where_and_what(name: str) -> None:
    """The file, the step, and the choices."""
    text, said = WRONG[name]
    with pytest.raises(Invalid, match=said) as refusal:
        parse(text, "mine.yaml", RUNNABLE_BY_KIND)
    assert "mine.yaml" in refusal.value.message
