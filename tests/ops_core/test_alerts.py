"""Findings become alerts, and alerts are acknowledged, silenced and resolved."""

from datetime import datetime, timedelta

import pytest

from ops_core.alerts.alert import AlertState
from ops_core.alerts.group import AlertGroup, active, findings, get_group
from ops_core.checks.finding import Finding, Verdict
from ops_core.errors import Conflict, Forbidden, Invalid, NotFound
from ops_core.remediation import ledger
from ops_core.severity import Severity
from ops_core.store.outbox import Artefact
from tests.ops_core.stand_ins import BAD, GOOD, HOUR, MINUTE, MODEL, NOW, finding
from tests.ops_core.world import ANN, BOB, VIC, House

UNSEEN = [finding(Verdict.NO_DATA), finding(Verdict.NO_DATA, check="drift.data")]
UNSURE = [finding(Verdict.NO_EVIDENCE), finding(check="drift.data")]
HALF_SEEN = [finding(Verdict.NO_DATA), finding(check="drift.data")]


def state(house: House, number: int = 1) -> AlertState:
    """Where an alert stands."""
    alert: AlertGroup = house.read(get_group, number)
    return alert.state


def test_an_alarming_finding_opens_an_alert(house: House) -> None:
    """With the worst finding first, its version, and since when."""
    alert = house.fire()
    assert (alert.title, alert.severity, alert.version) == ("tumour: F1 is critical", Severity.P1, "2")
    assert (alert.since, alert.fired_at) == (NOW - 20 * MINUTE, NOW)
    assert house.said("alerts") == ["post alert:1"]


def test_a_warning_is_medium(house: House) -> None:
    """Seed 004, "Severity Levels"."""
    alert = house.alerts.receive(MODEL, [finding(Verdict.WARNING)])
    assert alert and alert.severity is Severity.P2


def test_one_model_has_one_alert(house: House) -> None:
    """Many findings in many runs are one card; the same again says nothing."""
    for _ in range(3):
        house.alerts.receive(MODEL, [*BAD, finding(Verdict.WARNING, check="drift.prediction")])
    assert len(house.rows(AlertGroup)) == 1 and house.said("alerts") == ["post alert:1"]


def test_f1_leads_what_is_equally_bad(house: House) -> None:
    """What the model does comes before what it is fed."""
    checks = ("drift.data", "performance.accuracy", "performance.f1")
    alert = house.alerts.receive(MODEL, [finding(Verdict.CRITICAL, check=name) for name in checks])
    assert alert and [one.check for one in house.read(findings, alert)] == [
        "performance.f1",
        "performance.accuracy",
        "drift.data",
    ]


def test_another_digit_is_no_change_but_another_verdict_is(house: House) -> None:
    """The card is edited for the second only."""
    house.alerts.receive(MODEL, [finding(Verdict.WARNING)])
    house.alerts.receive(MODEL, [finding(Verdict.WARNING, value=0.64)])
    assert house.said("alerts") == ["post alert:1"]
    house.alerts.receive(MODEL, [finding(Verdict.CRITICAL)])
    assert house.said("alerts") == ["post alert:1", "edit alert:1"]


def test_an_alert_is_as_bad_as_what_fires_now(house: House) -> None:
    """A worse finding raises its severity, a milder one lowers it."""
    told = []
    for verdict in (Verdict.WARNING, Verdict.CRITICAL, Verdict.WARNING):
        house.alerts.receive(MODEL, [finding(verdict)])
        told.append(house.read(get_group, 1).severity)
    assert told == [Severity.P2, Severity.P1, Severity.P2]


def test_two_quiet_runs_resolve(house: House) -> None:
    """The first alone does not."""
    house.fire()
    house.alerts.receive(MODEL, GOOD)
    assert state(house) is AlertState.FIRING
    house.alerts.receive(MODEL, GOOD)
    assert state(house) is AlertState.RESOLVED and house.read(active) == []


def test_quiet_runs_must_follow_each_other(house: House) -> None:
    """An alarm between them starts the count again."""
    for said in (BAD, GOOD, BAD, GOOD):
        house.alerts.receive(MODEL, said)
    assert state(house) is AlertState.FIRING


@pytest.mark.parametrize("said", [UNSEEN, UNSURE, HALF_SEEN, []])
def test_not_knowing_neither_raises_nor_resolves(house: House, said: list[Finding]) -> None:
    """A model whose data stopped coming is not well again."""
    assert house.alerts.receive(MODEL, said) is None
    house.fire()
    for _ in range(5):
        house.alerts.receive(MODEL, said)
    assert state(house) is AlertState.FIRING


def test_what_never_fired_does_not_hold_an_alert_open(house: House) -> None:
    """It is over when what it rang for is good again, though something else cannot be told."""
    house.fire()
    for _ in range(2):
        house.alerts.receive(MODEL, [finding(), finding(Verdict.NO_EVIDENCE, check="performance.recall")])
    assert state(house) is AlertState.RESOLVED


def test_after_the_resolution_the_next_alarm_is_a_new_alert(house: House) -> None:
    """With a card of its own."""
    for said in (BAD, GOOD, GOOD, BAD):
        house.alerts.receive(MODEL, said)
    assert [alert.state for alert in house.rows(AlertGroup)] == [AlertState.RESOLVED, AlertState.FIRING]
    assert house.said("alerts") == ["post alert:1", "edit alert:1", "post alert:2"]


def test_two_people_acknowledge(house: House) -> None:
    """The second hears who was first."""
    house.fire()
    assert house.alerts.acknowledge(1, BOB).acknowledged_by == BOB
    with pytest.raises(Conflict, match=f"was acknowledged by <@{BOB}> already"):
        house.alerts.acknowledge(1, ANN)


def test_what_is_over_needs_no_acknowledgement(house: House) -> None:
    """The button of an old card."""
    for said in (BAD, GOOD, GOOD):
        house.alerts.receive(MODEL, said)
    with pytest.raises(Conflict, match="resolved already"):
        house.alerts.acknowledge(1, BOB)


def test_an_acknowledged_alert_stays_so_while_it_fires(house: House) -> None:
    """New findings do not take the name away."""
    house.fire()
    house.alerts.acknowledge(1, BOB)
    house.alerts.receive(MODEL, [*BAD, finding(Verdict.WARNING, check="drift.prediction")])
    assert state(house) is AlertState.ACKNOWLEDGED


def test_a_viewer_touches_no_alert(house: House) -> None:
    """Neither button."""
    house.fire()
    with pytest.raises(Forbidden):
        house.alerts.acknowledge(1, VIC)
    with pytest.raises(Forbidden):
        house.alerts.silence(1, NOW + HOUR, VIC)


def test_an_alert_that_is_not_there_is_said(house: House) -> None:
    """With where to look."""
    with pytest.raises(NotFound, match="no alert A-5"):
        house.alerts.acknowledge(5, BOB)


@pytest.mark.parametrize("until", [NOW, NOW - HOUR, NOW + timedelta(days=31)])
def test_a_silence_ends_between_now_and_a_month(house: House, until: datetime) -> None:
    """The refusal names the field of the form."""
    house.fire()
    with pytest.raises(Invalid) as refusal:
        house.alerts.silence(1, until, BOB)
    assert refusal.value.field == "until"


def test_a_silence_hushes_the_next_alert_and_its_end_tells(house: House) -> None:
    """What fires during it is told by the first run after it, once."""
    house.fire()
    house.alerts.silence(1, NOW + HOUR, BOB, "retraining")
    for said in (GOOD, GOOD, BAD, BAD):
        house.alerts.receive(MODEL, said)
    assert "post alert:2" not in house.said("alerts")
    house.clock.advance(HOUR)
    house.fire()
    house.fire()
    assert house.said("alerts").count("post alert:2") == 1


def test_a_card_that_was_silenced_speaks_up_when_the_silence_is_over(house: House) -> None:
    """The one card is edited, so that it does not say "silenced" for ever."""
    house.fire()
    house.alerts.silence(1, NOW + HOUR, BOB)
    house.fire()
    assert house.said("alerts") == ["post alert:1", "edit alert:1", "post alert_note"]
    house.clock.advance(HOUR)
    house.fire()
    house.fire()
    assert house.said("alerts").count("post alert:1") == 1
    assert len([one for one in house.said("alerts") if one.startswith("edit")]) == 2


def test_a_silenced_alert_that_gets_well_says_nothing_of_itself(house: House) -> None:
    """It was never told."""
    house.fire()
    house.alerts.silence(1, NOW + HOUR, BOB)
    for said in (GOOD, GOOD, BAD, GOOD, GOOD):
        house.alerts.receive(MODEL, said)
    assert not [one for one in house.said() if "alert:2" in one]


def test_a_version_that_broke_a_limit_critically_is_remembered(house: House) -> None:
    """Whether it opened the alert or made it worse."""
    house.alerts.receive(MODEL, [finding(Verdict.WARNING, version="2")])
    assert house.read(ledger.alarmed_versions, MODEL) == {}
    house.alerts.receive(MODEL, [finding(Verdict.CRITICAL, version="2")])
    house.alerts.receive(MODEL, [finding(Verdict.CRITICAL, version="1")])
    assert set(house.read(ledger.alarmed_versions, MODEL)) == {"1", "2"}


def test_the_chart_is_kept_for_the_card(house: House) -> None:
    """As it was when the alert opened."""
    alert = house.alerts.receive(MODEL, BAD, b"png")
    assert alert and alert.chart_id
    with house.store.read() as session:
        picture = session.get(Artefact, alert.chart_id)
    assert picture and picture.content == b"png"
