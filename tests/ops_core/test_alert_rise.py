"""What a group's severity follows from, and what it does to those who were called or have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ops_core.alerts.card import alert_card
from ops_core.alerts.group import AlertGroup, get_group
from ops_core.alerts.heard import Heard
from ops_core.alerts.matcher import parse
from ops_core.alerts.rules import Inhibition, Route, Rules
from ops_core.checks.finding import Verdict
from ops_core.errors import Conflict
from ops_core.oncall import escalation
from ops_core.severity import Severity
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow, Priority
from tests.ops_core.duty import ANN, BOB, CAM, HOUR, DutyHouse
from tests.ops_core.stand_ins import MINUTE, MODEL, NOW
from tests.ops_core.test_pipeline import DOWN, DRIFT

LONG = 3 * HOUR
CALLED, LADDER = ["cam", "lead", "manager"], ["cam 10", "cam 20", "vp 120"]
"""At P0: who is called at once, and who later."""


@pytest.fixture
def duty(database: Database) -> DutyHouse:
    """A house in which Cam is on call."""
    return DutyHouse(database)


def slow(severity: Severity, instance: str = "a", *, name: str = "Slow", over: bool = False) -> Heard:
    """What a monitor says of one instance of a service."""
    labels = {"alertname": name, "service": "ranker", "instance": instance}
    return Heard("prometheus", labels, {}, NOW, NOW if over else None, severity)


def severity(duty: DutyHouse) -> Severity:
    """Of the first group."""
    group: AlertGroup = duty.read(get_group, 1)
    return group.severity


def notes(duty: DutyHouse) -> list[str]:
    """What was said in threads, in order."""
    return [row.context["note"]["text"] for row in duty.rows(OutboxRow) if row.template == "page_note"]


def test_what_others_of_its_group_say_takes_no_page_back(duty: DutyHouse) -> None:
    """A P0 goes on paging when milder ones of its group end or are merely repeated."""
    duty.intake.take([slow(Severity.P0)])
    duty.intake.take([slow(Severity.P2, "b"), slow(Severity.P2, "c")])
    duty.intake.take([slow(Severity.P2, "b", over=True), slow(Severity.P2, "c")])
    assert severity(duty) is Severity.P0
    assert duty.run(LONG) == LADDER


def test_the_end_of_what_was_grave_ends_the_pages_and_says_so(duty: DutyHouse) -> None:
    """The milder alert that is left pages nobody, and the thread tells why."""
    duty.intake.take([slow(Severity.P0), slow(Severity.P2, "b")])
    duty.intake.take([slow(Severity.P0, over=True)])
    assert severity(duty) is Severity.P2
    assert duty.run(LONG) == []
    assert notes(duty)[1:] == ["Nobody is paged any more: it is P2 now"]


def test_a_group_keeps_its_severity_when_all_of_it_ends(duty: DutyHouse) -> None:
    """So that the card tells how bad it was."""
    duty.intake.take([slow(Severity.P0), slow(Severity.P2, "b")])
    duty.intake.take([slow(Severity.P0, over=True), slow(Severity.P2, "b", over=True)])
    assert severity(duty) is Severity.P0


def test_what_nobody_is_told_of_makes_no_group_worse(duty: DutyHouse) -> None:
    """A silenced P0 counts when its silence ends, and is paged then."""
    duty.silences.make([parse("instance=b")], NOW + HOUR, ANN)
    duty.intake.take([slow(Severity.P2), slow(Severity.P0, "b")])
    assert severity(duty) is Severity.P2 and duty.paged() == []
    assert duty.run(HOUR) == ["cam 60", "lead 60", "manager 60"] and severity(duty) is Severity.P0


def test_a_silence_by_labels_ends_the_pages(duty: DutyHouse) -> None:
    """While it holds nobody is called; afterwards it begins anew."""
    duty.intake.take([slow(Severity.P0)])
    duty.silences.make([parse("alertname=Slow")], NOW + 2 * HOUR, ANN)
    assert notes(duty)[1:] == ["Nobody is paged any more: it is hushed: silenced"]
    assert duty.run(2 * HOUR) == ["cam 120", "lead 120", "manager 120"]


def test_an_inhibited_alert_pages_nobody_more(duty: DutyHouse) -> None:
    """The node that is down is what people are called for."""
    rule = Inhibition((parse("alertname=NodeDown"),), (parse("alertname=Slow"),), ("instance",))
    duty.intake.rules = duty.groups.rules = Rules(inhibitions=(rule,))
    duty.intake.take([slow(Severity.P0)])
    duty.intake.take([slow(Severity.P0, name="NodeDown")])
    duty.pass_time()
    duty.alerts.acknowledge(2, CAM)
    assert duty.run(LONG) == ["vp 120"]


@pytest.mark.parametrize("digested", [False, True])
def test_a_rise_takes_the_acknowledgement_back(duty: DutyHouse, digested: bool) -> None:
    """Whoever has a warning does not have the outage that joins it: it pages, and its thread says why."""
    if digested:
        duty.intake.take([slow(Severity.P3, name=f"n{number}") for number in range(20)])
    duty.intake.take([slow(Severity.P2)])
    number = duty.rows(AlertGroup)[-1].number
    duty.alerts.acknowledge(number, BOB)
    duty.intake.take([slow(Severity.P0, "b")])
    group: AlertGroup = duty.read(get_group, number)
    assert (group.state, group.acknowledged_by) == ("firing", None)
    assert duty.paged() == CALLED and duty.run(LONG) == LADDER


def test_the_thread_names_whoever_had_it(duty: DutyHouse) -> None:
    """So that they hear of it first."""
    duty.intake.take([slow(Severity.P2)])
    duty.alerts.acknowledge(1, BOB)
    duty.intake.take([slow(Severity.P0, "b")])
    row = next(row for row in duty.rows(OutboxRow) if row.template == "page_note")
    assert row.thread_of == "alert:1" and row.context["note"]["who"] == [BOB]
    assert row.context["note"]["text"] == "Alert A-1 needs somebody anew: it is P0 now"


def test_something_else_that_is_grave_takes_it_back_too(duty: DutyHouse) -> None:
    """As bad as what somebody has, but not the same: the pages of before end and others begin."""
    duty.alerts.receive(MODEL, [DRIFT])
    duty.alerts.acknowledge(1, BOB)
    duty.clock.advance(MINUTE)
    duty.alerts.receive(MODEL, [DRIFT, DOWN])
    assert duty.paged() == ["cam", "lead"] * 2
    ended = [one.ended_because for one in duty.rows(escalation.Escalation)]
    assert ended == ["service.health fires too", ""]


def test_more_of_the_same_is_left_to_whoever_has_it(duty: DutyHouse) -> None:
    """Another instance, or something mild, calls nobody."""
    duty.intake.take([slow(Severity.P1)])
    duty.alerts.acknowledge(1, BOB)
    duty.clock.advance(MINUTE)
    duty.intake.take([slow(Severity.P1, "b"), slow(Severity.P3, "c")])
    assert duty.read(get_group, 1).acknowledged_by == BOB and duty.run(LONG) == ["manager 59", "vp 119"]


def resolved(duty: DutyHouse, later: timedelta = MINUTE) -> None:
    """A drift warning whose incident is resolved, though it drifts on."""
    alert = duty.alerts.receive(MODEL, [replace(DRIFT, verdict=Verdict.WARNING)])
    assert alert
    one = duty.declare(alert_group_id=alert.number)
    with pytest.raises(Conflict, match="INC-1 was already declared"):
        duty.declare(alert_group_id=alert.number)
    duty.incidents.take_command(one.number, BOB)
    duty.incidents.resolve(one.number, BOB)
    duty.clock.advance(later)


def test_a_resolved_incident_frees_its_alert_for_what_comes(duty: DutyHouse) -> None:
    """What joins it afterwards pages, and its card offers an incident anew."""
    resolved(duty)
    assert duty.paged() == []
    duty.alerts.receive(MODEL, [DRIFT, DOWN])
    assert duty.paged() == ["cam", "lead"] and duty.read(get_group, 1).incident_id is None
    assert duty.run(LONG) == ["cam 10", "cam 20", "manager 60", "vp 120"]


def test_what_still_fires_after_its_incident_can_be_declared_again(duty: DutyHouse) -> None:
    """By somebody who thinks that it was resolved too early; nobody is called by itself."""
    resolved(duty)
    assert duty.run(LONG) == []
    again = duty.declare(severity=Severity.P1, alert_group_id=1)
    assert duty.read(get_group, 1).incident_id == again.number == 2


def test_a_warning_outlives_the_critical_rule_of_its_name(duty: DutyHouse) -> None:
    """Two rules of one name are two alerts on one card: the page ends with the graver, the card does not."""
    told = {word: slow(sev)._replace(labels={**slow(sev).labels, "severity": word}) for word, sev in RULES}
    duty.intake.take([told["warning"]])
    duty.clock.advance(MINUTE)
    duty.intake.take([told["warning"], told["critical"]])
    assert severity(duty) is Severity.P0 and duty.paged() == CALLED
    duty.intake.take([told["warning"], told["critical"]._replace(ends_at=duty.clock.now())])
    (group,) = duty.rows(AlertGroup)
    assert (group.severity, group.state) == (Severity.P2, "firing") and duty.run(LONG) == []


def test_a_rise_is_routed_again(duty: DutyHouse) -> None:
    """A further room gets the card, the first keeps it; edits of what is grave go first."""
    grave = Route((parse("severity=P0"),), "#ml-grave", (ANN,), go_on=True)
    duty.intake.rules = duty.groups.rules = Rules(routes=(grave, Route((), "#ml-all")))
    duty.intake.take([slow(Severity.P2)])
    duty.intake.take([slow(Severity.P0, "b")])
    group: AlertGroup = duty.read(get_group, 1)
    assert group.rooms == ["#ml-all", "#ml-grave"] and group.people == [ANN]
    posts = {row.room: row.priority for row in duty.rows(OutboxRow) if row.verb == "post" and row.subject}
    assert posts["#ml-grave"] == Priority.PAGE
    edits = [row for row in duty.rows(OutboxRow) if row.verb == "edit" and row.room == "#ml-all"]
    assert edits and {row.priority for row in edits} == {Priority.PAGE}


def test_a_line_of_a_digest_that_gets_grave_has_a_card(duty: DutyHouse) -> None:
    """Without waiting for the end of the storm."""
    duty.intake.take([slow(Severity.P3, name=f"n{number}") for number in range(20)])
    card = f"alert:{duty.rows(AlertGroup)[-1].number}"
    duty.intake.take([slow(Severity.P0, "b", name="n19")])
    assert f"post {card}" in duty.said("alerts")


def flap(duty: DutyHouse, times: int, every: timedelta) -> None:
    """A P0 that comes and goes, each time under a new start."""
    for _ in range(times):
        fires = slow(Severity.P0)._replace(starts_at=duty.clock.now())
        duty.intake.take([fires])
        duty.pass_time(MINUTE)
        duty.intake.take([fires._replace(ends_at=duty.clock.now())])
        duty.pass_time(every)


def test_what_comes_and_goes_is_paged_once(duty: DutyHouse) -> None:
    """However often, whether its card is a new one or the earlier; the threads say so."""
    flap(duty, 8, MINUTE)
    assert duty.paged() == [*CALLED, "cam"]  # nobody has it, so the first step repeats itself
    assert any(note.startswith("It comes and goes: Cam, Lee, Max had been paged") for note in notes(duty))
    card = duty.read(alert_card, duty.rows(AlertGroup)[-1], duty.clock.now())
    assert card["flapping"] and card["returns"] >= 3


def test_what_comes_back_later_is_paged_anew(duty: DutyHouse) -> None:
    """Half an hour later it is another fault; so is something worse at once."""
    flap(duty, 2, 30 * MINUTE)
    assert duty.paged() == CALLED * 2


def test_whoever_has_what_flaps_is_not_asked_again(duty: DutyHouse) -> None:
    """An acknowledgement holds for the page when it goes on."""
    duty.intake.take([slow(Severity.P1)])
    duty.alerts.acknowledge(1, CAM)
    duty.intake.take([slow(Severity.P1, over=True)])
    duty.pass_time(MINUTE)
    duty.intake.take([slow(Severity.P1)._replace(starts_at=duty.clock.now())])
    assert duty.run(LONG) == ["manager 59", "vp 119"]


RULES = (("warning", Severity.P2), ("critical", Severity.P0))
