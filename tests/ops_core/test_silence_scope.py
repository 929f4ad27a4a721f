"""A silence from a card hushes that card's alerts, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ops_core.alerts.alert import Alert, Reason
from ops_core.alerts.heard import Heard
from ops_core.alerts.rules import Rules
from ops_core.checks.finding import Verdict
from ops_core.severity import Severity
from tests.ops_core.stand_ins import HOUR, MODEL, NOW, finding
from tests.ops_core.test_intake import heard
from tests.ops_core.world import BOB, House

DRIFT = finding(Verdict.WARNING, check="drift.data")
DOWN = finding(Verdict.CRITICAL, check="service.health")


def reasons(house: House) -> list[Reason]:
    """Of each alert, in the order in which they came."""
    return [alert.reason for alert in house.rows(Alert)]


def foreign(source: str = "prometheus", **labels: str) -> Heard:
    """An alert with these labels and no others."""
    return Heard(source, labels, {}, NOW, severity=Severity.P1)


def test_a_model_s_card_hushes_the_checks_that_fire_now(house: House) -> None:
    """The outage that comes later rings, and so does a monitor's alert of the same model."""
    house.alerts.receive(MODEL, [DRIFT])
    house.alerts.silence(1, NOW + HOUR, BOB)
    house.intake.take([foreign(alertname="ModelServerDown", model=MODEL)])
    house.alerts.receive(MODEL, [DRIFT, DOWN])
    house.pass_time()
    assert reasons(house)[1:] == [Reason.TOLD, Reason.TOLD]


def test_a_card_of_several_checks_hushes_each(house: House) -> None:
    """A dot in their names is a dot."""
    house.alerts.receive(MODEL, [DRIFT, replace(DRIFT, check="quality.range")])
    scope = f'model="{MODEL}" source="tocsin" alertname=~"drift\\\\.data|quality\\\\.range" severity=~"P2|P3"'
    assert sorted(house.alerts.scope(1).split()) == sorted(scope.split())
    house.alerts.silence(1, NOW + HOUR, BOB)
    assert reasons(house) == [Reason.SILENCED, Reason.SILENCED]


def test_more_checks_than_a_pattern_holds_are_hushed_by_family(house: House) -> None:
    """Another family rings."""
    house.alerts.receive(MODEL, [replace(DRIFT, check=f"drift.{'x' * 20}{number}") for number in range(30)])
    house.alerts.silence(1, NOW + HOUR, BOB)
    house.alerts.receive(MODEL, [finding(Verdict.CRITICAL), DRIFT], judged=lambda _check: False)
    told = {alert.name for alert in house.rows(Alert) if alert.reason is Reason.TOLD}
    assert told == {"performance.f1"} and len(reasons(house)) == 32


@pytest.mark.parametrize(
    "other",
    [
        foreign(alertname="HighErr", service="payments"),
        foreign("grafana", alertname="HighErr"),
        foreign(alertname="HighErr", model="churn"),
        foreign(service="payments"),
    ],
)
def test_a_foreign_card_hushes_neither_another_service_nor_another_source(house: House, other: Heard) -> None:
    """A label that the card lacks must be missing."""
    house.intake.take([foreign(alertname="HighErr", instance="a")])
    house.alerts.silence(1, NOW + HOUR, BOB)
    house.intake.take([other, foreign(alertname="HighErr", instance="b")])
    assert reasons(house) == [Reason.SILENCED, Reason.TOLD, Reason.SILENCED]


def test_an_alert_without_a_name_hushes_its_like_alone(house: House) -> None:
    """Not every unnamed alert of every source."""
    house.intake.take([foreign(instance="a")])
    house.alerts.silence(1, NOW + HOUR, BOB)
    house.intake.take([foreign("other", instance="b"), foreign(service="ranker")])
    assert reasons(house) == [Reason.SILENCED, Reason.TOLD, Reason.TOLD]


def test_what_the_settings_know_of_a_model_is_not_taken_for_missing(house: House) -> None:
    """Nor a severity, which every alert has."""
    rules = Rules(group_by=("alertname", "model", "team", "severity"), known={"churn": {"team": "risk"}})
    house.intake.rules = house.groups.rules = rules
    house.intake.take([heard(labels={"model": "churn"})])
    house.alerts.silence(1, NOW + HOUR, BOB)
    assert reasons(house) == [Reason.SILENCED]


@pytest.mark.parametrize("ours", [True, False])
def test_what_is_worse_than_what_was_silenced_rings(house: House, ours: bool) -> None:
    """A silence from a card holds up to the severity that the card had; the same, and milder, is hushed."""
    warned, worse = (foreign(alertname="Slow"), foreign(alertname="Slow")._replace(severity=Severity.P0))
    if ours:
        house.alerts.receive(MODEL, [DRIFT])
    else:
        house.intake.take([warned])
    house.alerts.silence(1, NOW + HOUR, BOB)
    assert reasons(house) == [Reason.SILENCED]
    if ours:
        house.alerts.receive(MODEL, [replace(DRIFT, verdict=Verdict.CRITICAL)])
    else:
        house.intake.take([worse])
    assert reasons(house) == [Reason.TOLD]


def test_a_silence_of_the_worst_hushes_all_of_its_card(house: House) -> None:
    """There is nothing worse than P0."""
    house.intake.take([foreign(alertname="Slow")._replace(severity=Severity.P0)])
    house.alerts.silence(1, NOW + HOUR, BOB)
    assert reasons(house) == [Reason.SILENCED] and "severity" not in house.alerts.scope(1)
