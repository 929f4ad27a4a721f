"""Escalation: who is paged when, by the clock, and what stops it (seed 004, "Escalation Path")."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from ops_core.errors import Conflict, Forbidden, Invalid, NotFound
from ops_core.incidents.kinds import IncidentType
from ops_core.incidents.timeline import Milestone, milestones
from ops_core.oncall import escalation
from ops_core.oncall.person import People
from ops_core.oncall.policy import Policy, PolicyStep
from ops_core.oncall.reach import Act, key_of
from ops_core.severity import Severity
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow
from tests.ops_core.duty import ANN, BOB, CAM, HOUR, LEE, VIC, DutyHouse
from tests.ops_core.stand_ins import GOOD, MINUTE, MODEL

LONG = 3 * HOUR


@pytest.fixture
def duty(database: Database) -> DutyHouse:
    """A house in which Cam is on call."""
    return DutyHouse(database)


def test_an_alert_that_nobody_takes_goes_up_to_the_vp(duty: DutyHouse) -> None:
    """On call at once and twice more, the lead at once at P1, manager at one hour, VP at two."""
    duty.fire()
    assert duty.paged() == ["cam", "lead"]
    assert duty.run(LONG) == ["cam 10", "cam 20", "manager 60", "vp 120"]


@pytest.mark.parametrize(
    ("severity", "paged", "later"),
    [
        (Severity.P0, ["cam", "lead", "manager"], ["vp 120"]),
        (Severity.P1, ["cam", "lead"], ["manager 60", "vp 120"]),
        (Severity.P2, [], []),
    ],
)
def test_a_declared_incident_skips_ahead(
    duty: DutyHouse, severity: Severity, paged: list[str], later: list[str]
) -> None:
    """The lead is there at once at P1, the manager too at P0; at P2 nobody is paged."""
    duty.declare(severity=severity)
    assert duty.paged() == paged
    assert [one for one in duty.run(LONG) if not one.startswith("cam")] == later


def test_taking_command_stops_what_waits_for_an_answer_only(duty: DutyHouse) -> None:
    """The manager still hears of an incident that is not resolved after an hour."""
    one = duty.declare(severity=Severity.P1)
    duty.pass_time(5 * MINUTE)
    duty.incidents.take_command(one.number, BOB)
    assert duty.run(LONG) == ["manager 55", "vp 115"]


@pytest.mark.parametrize(
    ("act", "later"),
    [
        (lambda duty, number: duty.incidents.say_contained(number, "traffic is off", BOB), ["manager 60"]),
        (lambda duty, number: duty.incidents.resolve(number, BOB), []),
        (lambda duty, number: duty.incidents.set_severity(number, Severity.P2, BOB), []),
    ],
    ids=["contained", "resolved", "lowered"],
)
def test_what_people_do_stops_steps(
    duty: DutyHouse, act: Callable[[DutyHouse, int], object], later: list[str]
) -> None:
    """Contained, the VP need not know; resolved, or no longer grave, nobody need."""
    act(duty, duty.declare(severity=Severity.P1).number)
    assert duty.run(LONG) == later


def test_worse_than_thought_pages_whom_that_skips_to(duty: DutyHouse) -> None:
    """From P2 it begins, from P1 to P0 the manager is called at once; nobody is called twice for it."""
    one = duty.declare(severity=Severity.P2)
    duty.incidents.set_severity(one.number, Severity.P1, BOB)
    assert duty.paged() == ["cam", "lead"]
    duty.incidents.set_severity(one.number, Severity.P0, BOB)
    assert duty.paged() == ["cam", "lead", "manager"]
    assert duty.run(LONG) == ["cam 10", "cam 20", "vp 120"]


def test_an_acknowledged_alert_that_goes_on_goes_up(duty: DutyHouse) -> None:
    """Nobody is asked for an answer again; what is not resolved is the manager's after an hour."""
    alert = duty.fire()
    duty.alerts.acknowledge(alert.number, CAM)
    assert duty.run(70 * MINUTE) == ["manager 60"]
    for _ in range(2):
        duty.alerts.receive(MODEL, GOOD)
    assert duty.run(LONG) == []


@pytest.mark.parametrize("end", ["silence", "well"])
def test_a_silenced_or_healthy_model_pages_nobody(duty: DutyHouse, end: str) -> None:
    """And whoever was paged hears that it is over."""
    alert = duty.fire()
    if end == "silence":
        duty.alerts.silence(alert.number, duty.clock.now() + HOUR, CAM)
    for _ in range(2):
        duty.alerts.receive(MODEL, GOOD)
    assert duty.run(LONG) == [] and "cam pagerduty resolve" in duty.notices()


def test_an_incident_takes_over_the_pages_of_its_alert(duty: DutyHouse) -> None:
    """The one who was paged about the alert is not paged again; time counts from the alert."""
    alert = duty.fire()
    duty.pass_time(9 * MINUTE)
    one = duty.declare(severity=Severity.P1, alert_group_id=alert.number)
    assert duty.paged() == ["cam", "lead"]
    assert duty.run(LONG) == ["cam 1", "cam 11", "manager 51", "vp 111"]
    assert "paged Max (not resolved after 60 min)" in duty.told(one)


@pytest.mark.parametrize("kind", [IncidentType.DATA_LEAK, IncidentType.COMPLIANCE])
def test_the_compliance_officer_is_called_for_leaks(duty: DutyHouse, kind: IncidentType) -> None:
    """At every severity; the rest of the ladder is not."""
    duty.declare(severity=Severity.P3, type=kind)
    assert duty.paged() == ["compliance"] and duty.notices() == ["compliance email trigger"]


def test_whoever_declares_is_not_paged(duty: DutyHouse) -> None:
    """Cam, who is on call, knows already."""
    duty.pass_time(72 * HOUR)  # Ann's week
    duty.declare(severity=Severity.P1)
    assert duty.paged() == ["lead"]


def test_each_way_is_a_row_and_slack_is_a_message(duty: DutyHouse) -> None:
    """A direct message, a mail and PagerDuty; the text message says only that it begins."""
    one = duty.declare(severity=Severity.P1)
    assert duty.said(f"@{CAM}") == ["post page:1"]
    assert duty.notices() == ["cam email trigger", "cam pagerduty trigger", "lead sms trigger"]
    duty.incidents.take_command(one.number, BOB)
    assert duty.notices()[3:] == ["cam email acknowledge", "cam pagerduty acknowledge"]
    assert duty.said(f"@{CAM}")[1:] == ["edit page:1"]


def test_the_timeline_and_the_card_tell_it(duty: DutyHouse) -> None:
    """Who was paged, why, and who is next; those who come later are invited and named."""
    one = duty.declare(severity=Severity.P1)
    duty.run(60 * MINUTE)
    told = duty.told(one)
    assert (
        "paged Cam, Lee (at once, because it is P1)" in told
        and "paged Cam (not acknowledged, call 2)" in told
    )
    assert "paged Max (not resolved after 60 min)" in told
    rows = [row for row in duty.rows(OutboxRow) if row.template == "page_note"]
    assert rows[-1].context["note"]["who"] == ["U0MAX"] and rows[-1].thread_of == one.card
    invited = [row.context["people"] for row in duty.rows(OutboxRow) if row.verb == "invite"]
    assert invited == [[CAM, ANN], [LEE], ["U0MAX"]]


def test_steps_that_fell_due_while_down_are_merged_and_said(duty: DutyHouse) -> None:
    """An hour without a process: one event for all of them, with how late it is."""
    one = duty.declare(severity=Severity.P1)
    duty.clock.advance(65 * MINUTE)
    duty.pass_time()
    assert duty.paged() == ["cam", "lead", "cam", "manager"]
    why = "(not resolved after 60 min), 55 min late because Tocsin was not running"
    assert f"paged Cam, Max {why}" in duty.told(one)


def test_acknowledging_the_page_is_the_response(duty: DutyHouse) -> None:
    """To an incident one joins; to an alert it is the alert's own acknowledgement."""
    one = duty.declare(severity=Severity.P1)
    duty.pages.acknowledge(1, CAM)
    assert Milestone.ACKNOWLEDGED in duty.read(milestones, one.number)
    assert (
        "incident.response_due" not in duty.deadlines(one) and duty.told(one)[-1] == "acknowledged the page"
    )
    with pytest.raises(Conflict, match="acknowledged by <@U0CAM> already"):
        duty.pages.acknowledge(1, BOB)
    alert = duty.fire()
    duty.pages.acknowledge(2, CAM)
    assert duty.read(escalation.get, 2).acknowledged_by == CAM
    with pytest.raises(Conflict, match="already"):
        duty.alerts.acknowledge(alert.number, BOB)


def test_pagerduty_acknowledges_here(duty: DutyHouse) -> None:
    """By our key, once, in the name of the one who did it; keys of others are none of ours."""
    one = duty.declare(severity=Severity.P1)
    assert duty.pages.heard(key_of(1, "cam"), Act.ACKNOWLEDGE, "cam@x.test")
    assert duty.pages.heard(key_of(1, "cam"), Act.RESOLVE, "cam@x.test")
    assert not duty.pages.heard("PXYZ", Act.ACKNOWLEDGE, "x") and not duty.pages.heard(
        "tocsin-99-x", Act.RESOLVE, ""
    )
    assert duty.read(escalation.get, 1).acknowledged_by == CAM
    assert duty.told(one).count("acknowledged the page") == 1


def test_a_page_by_hand(duty: DutyHouse) -> None:
    """A person, a schedule, a policy or whoever is on call; it ends when it is acknowledged."""
    for target, person in (
        ("lead", "lead"),
        (LEE, "lead"),
        ("ml", "cam"),
        ("on_call", "cam"),
        ("default", "cam"),
    ):
        one = duty.pages.page(target, "the vendor is down", ANN)
        assert duty.paged()[-1] == person
        duty.pages.acknowledge(one.number, LEE)
    assert duty.run(LONG) == []
    with pytest.raises(Conflict, match="P-1 is over"):
        duty.pages.acknowledge(1, LEE)


@pytest.mark.parametrize(
    ("target", "why", "by", "error"),
    [
        ("nobody", "x", ANN, NotFound),
        ("lead", " ", ANN, Invalid),
        ("lead", "x", VIC, Forbidden),
    ],
)
def test_a_page_that_cannot_be(
    duty: DutyHouse, target: str, why: str, by: str, error: type[Exception]
) -> None:
    """Nobody of that name, no reason, or no right to."""
    with pytest.raises(error):
        duty.pages.page(target, why, by)
    assert duty.paged() == []


def test_whoever_is_gone_is_said_to_be_gone(database: Database) -> None:
    """A step that pages nobody says so instead of nothing."""
    policies = (Policy("default", (PolicyStep(("on_call", "gone")),)),)
    duty = DutyHouse(database, policies, People({}))
    one = duty.declare(severity=Severity.P1)
    said = duty.told(one)[-1]
    assert (
        "“gone” is neither a person nor a schedule any more" in said and "names cam, who is not under" in said
    )


def test_a_late_step_says_nothing_of_a_short_delay(duty: DutyHouse) -> None:
    """A tick or a retry is not worth a word."""
    one = duty.declare(severity=Severity.P1)
    duty.clock.advance(10 * MINUTE + timedelta(seconds=40))
    duty.pass_time()
    assert duty.told(one)[-1] == "paged Cam (not acknowledged, call 2)"


def test_who_may_not_acknowledge_does_not_make_others_ask_again(duty: DutyHouse) -> None:
    """PagerDuty's word is taken, and changes nothing."""
    duty.fire()
    assert duty.pages.heard(key_of(1, "cam"), Act.ACKNOWLEDGE, VIC)
    assert duty.read(escalation.get, 1).acknowledged_by is None


@pytest.mark.parametrize(
    ("severity", "paged"), [(Severity.P1, ["cam", "lead"]), (Severity.P2, ["cam", "lead", "cam", "lead"])]
)
def test_what_comes_back_belongs_to_its_open_incident(
    duty: DutyHouse, severity: Severity, paged: list[str]
) -> None:
    """Whoever works on it is not paged again, unless it is taken for milder than it is now."""
    duty.fire()
    one = duty.declare(severity=severity, alert_group_id=1)
    for _ in range(2):
        duty.alerts.receive(MODEL, GOOD)
    duty.pass_time(20 * MINUTE)
    before = len(duty.paged())
    again = duty.fire()
    assert (again.number, again.incident_id) == (2, one.number if severity is Severity.P1 else None)
    assert duty.paged()[:2] + duty.paged()[before:] == paged
    told = "alert A-2 fires: tumour: F1 is critical" in duty.told(one)
    assert told is (severity is Severity.P1)
