"""Ticking and running the steps of a playbook."""

import pytest

from ops_core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from ops_core.incidents import incident, playbook
from ops_core.incidents.diagnostics import RUNNABLE, Diagnostics
from ops_core.incidents.incident import Incident
from ops_core.incidents.playbook import IncidentStep, StepKind, StepState
from tests.ops_core.stand_ins import BAD, GOOD, MODEL
from tests.ops_core.world import ANN, BOB, VIC, House


@pytest.fixture
def one(house: House) -> Incident:
    """An open incident."""
    return house.declare()


@pytest.fixture
def manual(house: House, one: Incident) -> IncidentStep:
    """Its first manual step."""
    return house.step(one, StepKind.MANUAL)


@pytest.fixture
def diagnostic(house: House, one: Incident) -> IncidentStep:
    """Its first diagnostic step."""
    return house.step(one, StepKind.DIAGNOSTIC)


def test_a_tick_is_kept_with_name_and_time(house: House, one: Incident, manual: IncidentStep) -> None:
    """And whoever ticks has joined."""
    house.steps.tick(manual.number, BOB)
    step = house.steps.get(manual.number)
    assert (step.state, step.done_by, step.done_at) == (StepState.DONE, BOB, house.clock.now())
    assert BOB in house.read(incident.responders, one.number)


def test_a_step_is_ticked_once(house: House, manual: IncidentStep) -> None:
    """The second hears who was first."""
    house.steps.tick(manual.number, BOB)
    with pytest.raises(Conflict, match=f"was done by <@{BOB}> already"):
        house.steps.tick(manual.number, ANN)


def test_what_is_run_is_not_ticked(house: House, diagnostic: IncidentStep, manual: IncidentStep) -> None:
    """Nor the other way round."""
    with pytest.raises(Invalid, match="not ticked, it is run"):
        house.steps.tick(diagnostic.number, BOB)
    with pytest.raises(Invalid, match="not a diagnostic"):
        house.steps.start(manual.number, BOB)


def test_a_viewer_works_on_no_step(house: House, diagnostic: IncidentStep, manual: IncidentStep) -> None:
    """Neither kind."""
    with pytest.raises(Forbidden):
        house.steps.tick(manual.number, VIC)
    with pytest.raises(Forbidden):
        house.steps.start(diagnostic.number, VIC)


def test_a_step_that_is_not_there_is_said(house: House) -> None:
    """As from a very old message."""
    with pytest.raises(NotFound, match="no step 99"):
        house.steps.tick(99, BOB)


def test_a_diagnostic_runs_when_its_task_is_done(house: House, diagnostic: IncidentStep) -> None:
    """Until then it is running, and cannot be started twice."""
    house.steps.start(diagnostic.number, BOB)
    with pytest.raises(Conflict, match="is running"):
        house.steps.start(diagnostic.number, ANN)
    house.judge.says = BAD
    house.pass_time()
    step = house.steps.get(diagnostic.number)
    assert (step.state, step.done_by) == (StepState.DONE, BOB)
    assert step.evidence == "version 2: performance.f1 is 0.65"


def test_its_evidence_goes_into_the_thread_of_the_checklist(
    house: House, one: Incident, diagnostic: IncidentStep
) -> None:
    """Once, however often the task is run."""
    house.steps.start(diagnostic.number, BOB)
    due = house.due()[0]
    house.diagnostics.run(due)
    house.diagnostics.run(due)
    assert house.said(one.room).count("post step_evidence") == 1
    told = "step “Compare live metrics with the reference” done: version 2: no metric is beyond its limit"
    assert told in house.told(one)


def test_a_diagnostic_that_cannot_look_says_why(house: House, diagnostic: IncidentStep) -> None:
    """It may be run again."""
    house.registry.down = True
    house.steps.start(diagnostic.number, BOB)
    house.pass_time()
    step = house.steps.get(diagnostic.number)
    assert (step.state, step.evidence) == (StepState.FAILED, "The registry did not answer.")
    house.registry.down = False
    house.steps.start(diagnostic.number, ANN)
    house.pass_time()
    assert house.steps.get(diagnostic.number).state is StepState.DONE


def test_a_diagnostic_may_be_run_again(house: House, diagnostic: IncidentStep) -> None:
    """The world may have changed."""
    for _ in range(2):
        house.steps.start(diagnostic.number, BOB)
        house.pass_time()
    assert house.steps.get(diagnostic.number).state is StepState.DONE


def test_steps_of_a_closed_incident_are_over(house: House, one: Incident, manual: IncidentStep) -> None:
    """Even those that nobody did."""
    house.incidents.resolve(one.number, BOB)
    house.incidents.close(one.number, BOB)
    with pytest.raises(Conflict, match="closed"):
        house.steps.tick(manual.number, BOB)


@pytest.mark.parametrize("name", sorted(RUNNABLE))
def test_every_diagnostic_says_something_in_every_weather(house: House, name: str) -> None:
    """One line of evidence, and plain values for the message."""
    one = house.declare()
    for state in ("good", "bad", "judge broken", "registry down", "serving down", "behind"):
        _weather(house, state)
        step = _step(house, one, name)
        house.steps.start(step.number, ANN)
        house.pass_time()
        done = house.steps.get(step.number)
        assert done.state in (StepState.DONE, StepState.FAILED) and done.evidence
        assert set(done.report) == {"title", "verdict", "headline", "lines", "rows", "files"}


def _weather(house: House, state: str) -> None:
    house.judge.says = BAD if state == "bad" else GOOD
    house.judge.broken = Unavailable("No files.") if state == "judge broken" else None
    house.registry.down = state == "registry down"
    house.serving.healthy = state != "serving down"
    house.serving.lags = "1" if state == "behind" else None


def test_what_a_playbook_may_name_is_what_can_be_run(house: House) -> None:
    """The list and the methods are the same."""
    assert set(house.diagnostics._by_name) == RUNNABLE


def test_without_a_model_the_diagnostic_asks_for_one(house: House) -> None:
    """When several are watched."""
    watched = house.world.models[MODEL]
    house.world.models["other"] = watched  # type: ignore[index]  # a Mapping for everybody else
    one = house.declare(model=None)
    house.steps.start(house.step(one, StepKind.DIAGNOSTIC).number, ANN)
    house.pass_time()
    step = house.step(one, StepKind.DIAGNOSTIC)
    assert (step.state, step.evidence) == (StepState.FAILED, "Say which model.")


def _step(house: House, one: Incident, name: str) -> IncidentStep:
    """A step of the incident that runs the diagnostic, whichever its playbook has."""
    with house.database.write() as session:
        step = playbook.steps_of(session, one.number)[0]
        step.run = name
    assert isinstance(house.diagnostics, Diagnostics)
    return step
