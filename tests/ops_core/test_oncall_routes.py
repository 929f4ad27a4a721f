"""Policies that routes ask for: by which alerts they start, and what goes on with them."""

from __future__ import annotations

import pytest

from ops_core.alerts.heard import Heard
from ops_core.alerts.matcher import parse
from ops_core.alerts.rules import Route, Rules
from ops_core.incidents.kinds import IncidentType
from ops_core.oncall.policy import RUNBOOK, Policy, PolicyStep
from ops_core.severity import Severity
from ops_core.store.database import Database
from tests.ops_core.duty import DutyHouse
from tests.ops_core.stand_ins import MINUTE
from tests.ops_core.test_oncall_pages import LONG

RISK = Policy(
    "risk",
    (PolicyStep(("vp",)), PolicyStep(("manager",), 30 * MINUTE)),
    frozenset({Severity.P1, Severity.P2}),
    by_route=True,
)


def routed(database: Database, severity: Severity) -> DutyHouse:
    """A house with a policy that a route names, and an alert that the route takes."""
    duty = DutyHouse(database, (*RUNBOOK, RISK))
    route = Route((parse("team=risk"),), policy="risk")
    duty.intake.rules = duty.groups.rules = Rules(routes=(route,))
    labels = {"alertname": "Slow", "team": "risk"}
    duty.intake.take([Heard("prometheus", labels, {}, duty.clock.now(), severity=severity)])
    return duty


def test_a_routed_policy_starts_by_its_route_alone(database: Database) -> None:
    """Instead of the others; what no route takes starts the others."""
    duty = routed(database, Severity.P2)
    assert duty.paged() == ["vp"]
    duty.fire()
    assert duty.paged() == ["vp", "cam", "lead"]


def test_a_routed_policy_holds_at_its_severities(database: Database) -> None:
    """At others the general ones do, so that nothing grave is left to nobody."""
    duty = routed(database, Severity.P0)
    assert duty.paged() == ["cam", "lead", "manager"] and duty.run(LONG) == ["cam 10", "cam 20", "vp 120"]


@pytest.mark.parametrize("severity", [Severity.P1, Severity.P2])
def test_an_incident_goes_on_with_its_alert_s_policy(database: Database, severity: Severity) -> None:
    """Where it stands: nobody is called again; a leak calls the compliance officer as well."""
    duty = routed(database, Severity.P2)
    duty.pass_time(10 * MINUTE)
    duty.declare(severity=severity, alert_group_id=1, type=IncidentType.DATA_LEAK)
    assert duty.paged() == ["vp", "compliance"] and duty.run(LONG) == ["manager 20"]


def test_a_policy_that_is_gone_leaves_its_alerts_to_the_others(database: Database) -> None:
    """Rather than to nobody."""
    duty = routed(database, Severity.P2)
    duty.pages.policies = RUNBOOK
    duty.intake.take(
        [
            Heard(
                "prometheus",
                {"alertname": "Slow", "team": "risk", "i": "b"},
                {},
                duty.clock.now(),
                severity=Severity.P1,
            )
        ]
    )
    assert duty.paged() == ["vp", "cam", "lead"]
