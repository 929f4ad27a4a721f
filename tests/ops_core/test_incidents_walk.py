"""The walk of one incident, from the alert to the end, and what it leaves behind."""

from datetime import timedelta

import pytest

from ops_core.incidents import card, incident, playbook, postmortem
from ops_core.incidents.incident import Incident, Phase
from ops_core.incidents.playbook import StepKind, StepState
from ops_core.incidents.timeline import Milestone, milestones
from ops_core.severity import Severity
from ops_core.store.outbox import OutboxRow
from tests.ops_core.stand_ins import HOUR, MINUTE, NOW, SECOND
from tests.ops_core.world import ANN, BOB, CAM, WALK, House


@pytest.fixture
def one(walked: House) -> Incident:
    """The incident that went the whole way."""
    found: Incident = walked.read(incident.get, 1)
    return found


def test_the_walk_ends_closed_and_documented(walked: House, one: Incident) -> None:
    """Nothing is open or due after the last step."""
    assert (one.status, one.phase, one.commander) == ("closed", Phase.DOCUMENT, BOB)
    assert walked.deadlines(one) == {} and walked.read(incident.open_ones) == []


def test_every_milestone_has_its_own_time(walked: House) -> None:
    """Onset and detection come from the alert, containment from the proof."""
    assert walked.read(milestones, 1) == {
        Milestone.ONSET: NOW - 20 * MINUTE,
        Milestone.DETECTED: NOW,
        Milestone.ACKNOWLEDGED: NOW + 7 * MINUTE,
        Milestone.CONTAINED: NOW + 10 * MINUTE + 10 * SECOND,
        Milestone.RESOLVED: NOW + WALK,
        Milestone.CLOSED: NOW + WALK,
    }


def test_the_metrics_come_from_the_milestones(walked: House, one: Incident) -> None:
    """Detection counts from the onset, the rest from the detection (seed 004)."""
    assert walked.metrics(one) == {
        "detection": 20 * MINUTE,
        "response": 7 * MINUTE,
        "containment": 10 * MINUTE + 10 * SECOND,
        "resolution": WALK,
    }


def test_the_timeline_tells_the_story_in_order(walked: House, one: Incident) -> None:
    """Each chapter once, the first one first."""
    chapters = [
        "declared the incident at P1 from alert A-1: F1 fell",
        "took command",
        "changed the severity from P1 to P0",
        "step “Compare live metrics with the reference” done: version 2: performance.f1 is 0.65",
        "proposed to roll back tumour from version 2 to 1",
        "approved the rollback of tumour from version 2 to 1",
        "rolled back tumour from version 2 to 1",
        "verified the rollback of tumour from version 2 to 1 in 10 s",
        "contained: tumour is back on version 1, verified",
        "update: v1 serves again",
        "deadline passed: next update",
        "resolved: rolled back",
        "alert A-1 stopped firing",
        "wrote the post-mortem",
        "closed the incident",
    ]
    told = walked.told(one)
    assert [line for line in told if line in chapters] == chapters


def test_whoever_did_something_is_a_responder(walked: House) -> None:
    """In the order in which they joined; being called is not joining."""
    assert walked.read(incident.responders, 1) == [ANN, BOB]


def test_the_playbook_is_copied_at_the_declaration(walked: House, one: Incident) -> None:
    """The rollback ticks its own step."""
    assert walked.step(one, StepKind.ACTION).done_by == BOB


def test_the_post_mortem_has_all_that_was_recorded(walked: House, one: Incident) -> None:
    """Root cause, fix, rollback with its proof, findings and people."""
    values = walked.read(postmortem.values, one, walked.clock.now())
    assert values["rollback"]["verdict"] == "verified" and values["findings"][0]["check"] == "performance.f1"
    assert values["responders"] == [ANN, BOB] and len(values["timeline"]) == len(walked.told(one))
    assert set(values["milestones"]) == {milestone.value for milestone in Milestone}


def test_on_call_and_the_one_who_declares_are_invited(house: House) -> None:
    """Each once, those on call first."""
    one = house.declare()
    invited = [row.context for row in house.rows(OutboxRow) if row.verb == "invite"]
    assert invited == [{"people": [CAM, ANN]}] and one.opened_by == ANN


@pytest.mark.parametrize(
    ("severity", "minutes"),
    [(Severity.P0, 15), (Severity.P1, 60), (Severity.P2, 240), (Severity.P3, 1440)],
)
def test_an_answer_is_due_by_severity(house: House, severity: Severity, minutes: int) -> None:
    """15 minutes, 1, 4 and 24 hours (seed 004)."""
    one = house.declare(severity=severity)
    assert house.deadlines(one)["incident.response_due"] == NOW + minutes * MINUTE


def test_a_changed_severity_moves_the_answer(house: House) -> None:
    """Counted from the opening, not from the change."""
    one = house.declare()
    house.clock.advance(10 * MINUTE)
    house.incidents.set_severity(one.number, Severity.P0, BOB)
    assert house.deadlines(one)["incident.response_due"] == NOW + 15 * MINUTE


def test_taking_command_answers(house: House) -> None:
    """Only the next update is due afterwards."""
    one = house.declare()
    house.incidents.take_command(one.number, BOB)
    assert list(house.deadlines(one)) == ["incident.update_due"]


def test_an_update_moves_the_next_one(house: House) -> None:
    """It is due half an hour after the last (seed 004, step 5)."""
    one = house.declare()
    house.clock.advance(10 * MINUTE)
    house.incidents.update(one.number, "still looking", ANN)
    assert house.deadlines(one)["incident.update_due"] == NOW + 40 * MINUTE


def test_a_missed_update_is_said_and_the_next_one_planned(house: House) -> None:
    """Every half hour, for as long as nobody says anything."""
    one = house.declare()
    house.pass_time(30 * MINUTE)
    house.pass_time(30 * MINUTE)
    assert house.told(one).count("deadline passed: next update") == 2
    assert house.deadlines(one)["incident.update_due"] == NOW + 90 * MINUTE


def test_a_deadline_met_in_the_last_moment_is_not_said(house: House) -> None:
    """The reminder may have been picked up before somebody took command."""
    one = house.declare(severity=Severity.P0)
    house.clock.advance(15 * MINUTE)
    picked_up = house.due()
    house.incidents.take_command(one.number, BOB)
    house.incidents.remind(picked_up[0])
    assert not [line for line in house.told(one) if line.startswith("deadline")]


def test_a_reminder_that_runs_twice_speaks_once(house: House) -> None:
    """As after a crash between the reminder and its tick."""
    one = house.declare()
    house.clock.advance(30 * MINUTE)
    picked_up = house.due()[0]
    house.incidents.remind(picked_up)
    house.incidents.remind(picked_up)
    assert house.told(one).count("deadline passed: next update") == 1


def test_the_post_mortem_is_due_a_day_after_the_resolution(house: House) -> None:
    """And nothing else is due any more (seed 001, section 5)."""
    one = house.declare()
    house.incidents.resolve(one.number, ANN)
    assert house.deadlines(one) == {"incident.postmortem_due": NOW + timedelta(days=1)}


def test_resolving_without_command_counts_as_answer_and_containment(house: House) -> None:
    """So that no metric is missing that can be known."""
    one = house.declare()
    house.clock.advance(HOUR)
    house.incidents.resolve(one.number, ANN)
    metrics = house.metrics(one)
    assert metrics == {"detection": None, "response": HOUR, "containment": HOUR, "resolution": HOUR}


def test_the_card_always_names_the_next_step(house: House) -> None:
    """Take command, then the checklist, then the roll-back, then resolve, write up and close."""
    one = house.declare()
    seen = [_next(house, one)]
    house.incidents.take_command(one.number, BOB)
    seen.append(_next(house, one))
    house.incidents.resolve(one.number, BOB)
    seen.append(_next(house, one))
    house.incidents.write_postmortem(one.number, BOB)
    seen.append(_next(house, one))
    house.incidents.close(one.number, BOB)
    assert seen == ["incident.take_command", "step.run", "incident.postmortem", "incident.close"]
    assert _next(house, one) is None


def test_containment_that_a_playbook_puts_first_is_the_next_step(house: House) -> None:
    """A leak is stopped before it is studied (seed 001, scenario 4)."""
    one = house.declare(type="data_leak")
    house.incidents.take_command(one.number, BOB)
    with house.store.read() as session:
        found = card.next_step(session, incident.get(session, one.number))
    assert found and found["label"] == "Done: Disable the API that leaks, now; ask afterwards"


def test_after_the_looking_comes_the_rollback(house: House) -> None:
    """But not where the playbook has none."""
    found = []
    for kind in ("performance_degradation", "cost_spike"):
        one = house.declare(type=kind)
        house.incidents.take_command(one.number, BOB)
        with house.database.write() as session:
            for step in playbook.steps_of(session, one.number):
                step.state = StepState.OPEN if step.kind is StepKind.ACTION else StepState.DONE
        found.append(_next(house, one))
    assert found == ["rollback.request", "incident.resolve"]


def _next(house: House, one: Incident) -> str | None:
    with house.store.read() as session:
        found = card.next_step(session, incident.get(session, one.number))
    return found["button_id"] if found else None


def test_a_declaration_finds_the_alert_that_rings(house: House) -> None:
    """Declared by command, it still knows since when and what fired."""
    alert = house.fire()
    incident = house.declare(model=alert.model)
    assert incident.alert_group_id == alert.number
    assert any(f"alert {alert.ref} fired" in line for line in house.told(incident))
