"""Proposing, approving, rejecting and undoing a rollback: who may, and when."""

import pytest

from ops_core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from ops_core.remediation.rollback import Rollback, RollbackState
from ops_core.remediation.rollbacks import SAME_WISH, Ask
from ops_core.remediation.runner import VERIFY_WITHIN
from ops_core.severity import Severity
from tests.ops_core.stand_ins import MODEL, SECOND
from tests.ops_core.world import ANN, BOB, VIC, House

serious = pytest.mark.parametrize("severity", [Severity.P0, Severity.P1])


def test_the_last_good_version_is_proposed_with_reasons(house: House) -> None:
    """Nothing is moved by that."""
    rollback = house.propose(house.declare())
    assert (rollback.from_version, rollback.to_version, rollback.state) == ("2", "1", RollbackState.PROPOSED)
    assert rollback.why and house.registry.moves == []
    assert rollback.preview["to"]["metrics"] == {"f1": 0.96}


@pytest.mark.parametrize("named", ["3", "v3"])
def test_a_named_version_is_taken_as_it_is(house: House, named: str) -> None:
    """With or without its v."""
    assert house.propose(version=named).to_version == "3"


def test_the_version_that_serves_is_no_target(house: House) -> None:
    """The refusal names the field."""
    with pytest.raises(Invalid, match="serves already") as refusal:
        house.propose(version="2")
    assert refusal.value.field == "version"


@pytest.mark.parametrize("ask", [Ask("ghost", "C0"), Ask(MODEL, "C0", "77")])
def test_what_does_not_exist_cannot_be_rolled_back(house: House, ask: Ask) -> None:
    """Neither a model nor a version."""
    with pytest.raises(NotFound):
        house.rollbacks.propose(ask, ANN)


def test_a_registry_that_is_down_is_said_to_be(house: House) -> None:
    """And trying again may help."""
    house.registry.down = True
    with pytest.raises(Unavailable) as refusal:
        house.propose()
    assert refusal.value.may_retry and house.rows(Rollback) == []


def test_a_model_that_is_watched_alone_need_not_be_named(house: House) -> None:
    """Nor one that the incident knows."""
    one = house.declare()
    assert house.rollbacks.propose(Ask(None, one.room, None, one.number), ANN).model == MODEL


@serious
def test_a_second_person_approves_when_it_is_serious(house: House, severity: Severity) -> None:
    """The proposer is told whom to ask; somebody else may."""
    rollback = house.propose(house.declare(severity=severity))
    with pytest.raises(Forbidden, match="somebody else has to approve"):
        house.rollbacks.approve(rollback.number, ANN)
    assert house.rollbacks.approve(rollback.number, BOB).state is RollbackState.APPLYING


def test_one_person_is_enough_when_it_is_not(house: House) -> None:
    """At P2 and below."""
    rollback = house.propose(house.declare(severity=Severity.P2))
    assert house.rollbacks.approve(rollback.number, ANN).state is RollbackState.APPLYING


def test_a_raised_severity_asks_for_the_second_person_too(house: House) -> None:
    """Although the proposal was made before."""
    one = house.declare(severity=Severity.P2)
    rollback = house.propose(one)
    house.incidents.set_severity(one.number, Severity.P0, BOB)
    with pytest.raises(Forbidden):
        house.rollbacks.approve(rollback.number, ANN)


@serious
def test_asking_from_elsewhere_is_no_way_around_the_second_person(house: House, severity: Severity) -> None:
    """An open incident of the model counts, whichever channel the command comes from."""
    house.declare(severity=severity)
    rollback = house.propose()
    assert rollback.needs_approval
    with pytest.raises(Forbidden):
        house.rollbacks.approve(rollback.number, ANN)


def test_two_people_approve(house: House) -> None:
    """The second hears who was first, and nothing is planned twice."""
    rollback = house.propose(house.declare(severity=Severity.P0))
    house.rollbacks.approve(rollback.number, BOB)
    with pytest.raises(Conflict, match=f"decided already by <@{BOB}>"):
        house.rollbacks.approve(rollback.number, "U0DAN")
    assert [one.kind for one in house.due()] == ["rollback.apply"]


def test_a_rejected_rollback_moves_nothing(house: House) -> None:
    """And cannot be approved any more."""
    rollback = house.propose(house.declare())
    house.rollbacks.reject(rollback.number, BOB)
    with pytest.raises(Conflict, match="decided already"):
        house.rollbacks.approve(rollback.number, ANN)
    house.pass_time(SECOND)
    assert house.registry.moves == []


def test_viewers_do_nothing_to_a_rollback(house: House) -> None:
    """None of the four verbs."""
    number = house.propose().number
    for act in (house.rollbacks.approve, house.rollbacks.reject, house.rollbacks.undo):
        with pytest.raises(Forbidden):
            act(number, VIC)
    with pytest.raises(Forbidden):
        house.rollbacks.propose(Ask(MODEL, "C0"), VIC)


def test_only_one_rollback_of_a_model_runs(house: House) -> None:
    """Neither a new proposal nor an older one may start beside it."""
    first, second = house.propose(), house.propose(version="3")
    house.rollbacks.approve(first.number, ANN)
    with pytest.raises(Conflict, match="R-1 is moving tumour"):
        house.propose()
    with pytest.raises(Conflict, match="R-1 is moving tumour"):
        house.rollbacks.approve(second.number, ANN)


def test_an_outdated_proposal_is_not_carried_out(house: House) -> None:
    """What was approved is the way from version 2; since then version 3 serves."""
    rollback = house.propose()
    house.registry.names["champion"] = "3"
    house.rollbacks.approve(rollback.number, ANN)
    house.pass_time()
    done = house.rollback(rollback.number)
    assert done.state is RollbackState.FAILED and house.registry.names["champion"] == "3"
    assert "version 3" in done.trouble


def test_the_same_is_proposed_once(house: House) -> None:
    """Two people who ask at once mean one rollback; another version, or the same much later, is another."""
    one = house.declare()
    first = house.propose(one)
    with pytest.raises(Conflict, match=f"{first.ref} proposes the same"):
        house.propose(one)
    assert house.propose(one, "3").number != first.number
    house.pass_time(SAME_WISH)
    house.pass_time(SECOND)
    assert house.propose(one).number != first.number


def test_a_proposal_that_another_rollback_made_moot_is_refused(house: House) -> None:
    """Its undo would lead to the bad version."""
    first, second = house.propose(), house.propose(version="3")
    house.rollbacks.approve(first.number, ANN)
    house.pass_time()
    house.pass_time(SECOND)
    with pytest.raises(Conflict, match="out of date"):
        house.rollbacks.approve(second.number, ANN)


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_a_proposal_is_not_undone(house: House, act: str) -> None:
    """Nor what was rejected or is still running."""
    number = house.propose().number
    with pytest.raises(Conflict, match="nothing to undo"):
        house.rollbacks.undo(number, BOB)
    getattr(house.rollbacks, act)(number, BOB)
    with pytest.raises(Conflict, match="nothing to undo"):
        house.rollbacks.undo(number, BOB)


def test_a_rollback_that_is_not_there_is_said(house: House) -> None:
    """With the command that makes one."""
    with pytest.raises(NotFound, match="no rollback R-4"):
        house.rollbacks.approve(4, BOB)


@serious
def test_a_second_person_undoes_when_it_is_serious(house: House, severity: Severity) -> None:
    """The undo puts the version back that was bad, so it asks for as much care."""
    rollback = house.propose(house.declare(severity=severity))
    house.rollbacks.approve(rollback.number, BOB)
    house.pass_time()
    house.pass_time(VERIFY_WITHIN)
    with pytest.raises(Forbidden, match="somebody else has to undo it"):
        house.rollbacks.undo(rollback.number, rollback.requested_by)


def test_nothing_is_approved_from_a_closed_incident(house: House) -> None:
    """A button that somebody left open moves nothing any more."""
    incident = house.declare()
    rollback = house.propose(incident)
    house.incidents.resolve(incident.number, by=ANN)
    house.incidents.close(incident.number, by=ANN)
    with pytest.raises(Conflict, match="is closed"):
        house.rollbacks.approve(rollback.number, BOB)
    assert house.rollback(rollback.number).state is RollbackState.PROPOSED
