"""What a finding rests on, told to whoever asks."""

from __future__ import annotations

from typing import Any

import pytest

from ops_core.checks.drift import DataDrift
from ops_core.checks.fairness import DemographicParity
from ops_core.checks.finding import Finding
from ops_core.checks.performance import F1
from ops_core.errors import Invalid, NotFound, OpsError, Unavailable
from ops_core.evidence import facts, parts
from ops_core.explanations import Explanations
from ops_core.store.outbox import OutboxRow
from tests.ops_core.stand_ins import BAD, MODEL
from tests.ops_core.world import ANN, House
from tests.profiles.made import profile, reference, rows

BATCH = rows(900, error=0.4, shift=2.0)


def asked(house: House, named: str, png: bytes | None = b"png") -> dict[str, Any]:
    """What is said when somebody asks."""
    Explanations(house.store, lambda _beside, _finding: ("Asked.", png)).post(named, "C0OPS", ANN)
    row = house.rows(OutboxRow)[-1]
    assert row.template == "finding_explained" and row.room == "C0OPS"
    context: dict[str, Any] = row.context
    return context


@pytest.fixture
def looked(house: House) -> House:
    """A house whose model was looked at."""
    house.judge.says = list(BAD)
    house.checkups.run(MODEL)
    return house


@pytest.mark.parametrize("named", ["performance.f1", "f1", f"f1 {MODEL}", "A-1", "1"])
def test_a_finding_is_found_by_check_or_alert(looked: House, named: str) -> None:
    """With or without its family and its model."""
    told = asked(looked, named)
    assert told["finding"]["check"] == "performance.f1"
    assert told["picture"] is not None and told["finding"]["asks"]


def test_an_explanation_without_a_chart_is_still_one(looked: House) -> None:
    """There may be nothing to draw, or the drawing may fail."""
    assert asked(looked, "f1", None)["picture"] is None

    def broken(_beside: object, _finding: Finding) -> tuple[str, bytes | None]:
        raise Unavailable("The worker died.")

    Explanations(looked.store, broken).post("f1", "C0OPS", ANN)
    assert looked.rows(OutboxRow)[-1].context["picture"] is None


@pytest.mark.parametrize(
    ("named", "error", "hint"),
    [
        ("", Invalid, "/ops explain <check>"),
        ("a b c", Invalid, "/ops explain <check>"),
        ("performance.f2", NotFound, "performance.f1"),
        ("qqqq", NotFound, "/ops checks"),
        ("f1 nose", NotFound, "/ops checks"),
        ("A-99", NotFound, "/ops alerts"),
    ],
)
def test_what_cannot_be_explained_is_answered_with_what_can(
    looked: House, named: str, error: type[OpsError], hint: str
) -> None:
    """The nearest name, or where names are listed."""
    with pytest.raises(error) as raised:
        asked(looked, named)
    assert hint in raised.value.hint


def test_facts_leave_out_what_is_unknown() -> None:
    """Every figure that is stated is one of the finding's."""
    finding = F1().judge(profile(BATCH), reference())[0]
    told = dict(facts(finding))
    assert told["n"] == "900" and float(told["value"]) == pytest.approx(finding.value, rel=1e-3)
    assert "missing labels" not in told


@pytest.mark.parametrize(
    ("check", "heading", "named"),
    [
        (F1(), "segment", {"A", "B", "C", "D"}),
        (DataDrift(), "feature", {"radius", "spikes", "site"}),
        (DemographicParity(), "group", {"young", "old"}),
    ],
)
def test_parts_are_told_by_name(check: Any, heading: str, named: set[str]) -> None:
    """Segments of a metric, features of a drift, groups of a gap."""
    told = parts(check.judge(profile(BATCH), reference())[0])
    assert told[0][0] == heading and len({len(row) for row in told}) == 1
    assert named <= {row[0] for row in told[1:]}
