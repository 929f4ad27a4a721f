"""Carrying a rollback out: apply, verify and undo, each of which may be repeated."""

from datetime import timedelta

import pytest

from ops_core.checks.finding import Verdict
from ops_core.errors import Conflict, NotFound, Unavailable
from ops_core.incidents import incident
from ops_core.incidents.incident import Incident, Phase
from ops_core.incidents.timeline import Milestone, milestones
from ops_core.remediation import ledger
from ops_core.remediation.card import doing
from ops_core.remediation.rollback import Rollback, RollbackState
from ops_core.remediation.runner import VERIFY_WITHIN
from ops_core.rhythm.task import Task
from tests.ops_core.stand_ins import BAD, GOOD, MODEL, SECOND, finding
from tests.ops_core.world import ANN, BOB, House


@pytest.fixture
def one(house: House) -> Incident:
    """An incident from an alert about F1."""
    return house.declare(alert_group_id=house.fire().number)


@pytest.fixture
def approved(house: House, one: Incident) -> Rollback:
    """A rollback that Bob approved."""
    return house.rollbacks.approve(house.propose(one).number, BOB)


@pytest.fixture
def applied(house: House, approved: Rollback) -> Rollback:
    """The same, applied and not yet verified."""
    house.pass_time()
    return approved


@pytest.fixture
def verified(house: House, applied: Rollback) -> Rollback:
    """The same, verified."""
    house.pass_time(SECOND)
    return applied


def state(house: House, rollback: Rollback) -> RollbackState:
    """Where it stands now."""
    return house.rollback(rollback.number).state


def test_the_road_of_a_good_rollback(house: House, approved: Rollback) -> None:
    """Applying, verifying, verified."""
    seen = [state(house, approved)]
    for span in (0 * SECOND, SECOND):
        house.pass_time(span)
        seen.append(state(house, approved))
    assert seen == [RollbackState.APPLYING, RollbackState.VERIFYING, RollbackState.VERIFIED]
    assert house.registry.names == {"champion": "1"}


def test_the_proof_looks_at_registry_serving_side_and_fresh_traffic(house: House, verified: Rollback) -> None:
    """The failing metric is asked of the new version only, since it serves."""
    done = house.rollback(verified.number)
    assert [(proof["name"], proof["ok"]) for proof in done.proofs] == [
        ("registry", True),
        ("serving", True),
        ("performance.f1", True),
    ]
    assert house.judge.asked[-1] == ("1", done.applied_at)


def test_a_verified_rollback_contains_the_incident(house: House, one: Incident, verified: Rollback) -> None:
    """The phase moves on, and the time is kept."""
    assert house.read(incident.get, one.number).phase is Phase.RESOLVE
    assert Milestone.CONTAINED in house.read(milestones, one.number)


def test_applying_twice_is_applying_once(house: House, approved: Rollback) -> None:
    """As after a crash behind the commit: the task comes again."""
    due = house.due()[0]
    house.runner.apply(due)
    house.runner.apply(due)
    assert house.registry.moves == ["1"] and len(house.read(ledger.moves, MODEL)) == 1
    assert house.said().count("edit rollback:1") == 2


def test_a_crash_between_the_move_and_the_commit_is_made_good(house: House, approved: Rollback) -> None:
    """The alias is there already; the rest follows."""
    house.registry.move_alias(MODEL, "champion", "1")
    house.pass_time()
    assert state(house, approved) is RollbackState.VERIFYING
    assert house.registry.moves == ["1"] and len(house.read(ledger.moves, MODEL)) == 1


def test_verifying_twice_proves_once(house: House, one: Incident, applied: Rollback) -> None:
    """One proof in the channel, one line in the timeline."""
    due = _after(house, SECOND)
    house.runner.verify(due)
    house.runner.verify(due)
    assert house.said(one.room).count("post rollback_proof") == 1
    assert len([line for line in house.told(one) if line.startswith("verified")]) == 1


def test_what_cannot_be_told_yet_is_looked_at_again(house: House, applied: Rollback) -> None:
    """Until it can."""
    house.serving.lags = "2"
    house.pass_time(SECOND)
    assert state(house, applied) is RollbackState.VERIFYING
    house.serving.lags = None
    house.pass_time(SECOND)
    assert state(house, applied) is RollbackState.VERIFIED


@pytest.mark.parametrize("trouble", ["no rows", "few rows", "serving down", "judge down", "registry down"])
def test_a_proof_that_never_comes_is_said_when_the_time_is_up(
    house: House, one: Incident, applied: Rollback, trouble: str
) -> None:
    """Not before, and not as a success."""
    house.judge.says = [] if trouble == "no rows" else GOOD
    if trouble == "few rows":
        house.judge.says = [finding(detail={"proven_good": False})]
    house.serving.healthy = trouble != "serving down"
    house.judge.broken = Unavailable("No files.") if trouble == "judge down" else None
    house.registry.down = trouble == "registry down"
    house.pass_time(SECOND)
    assert state(house, applied) is RollbackState.VERIFYING
    house.pass_time(VERIFY_WITHIN)
    assert state(house, applied) is RollbackState.UNVERIFIED
    assert Milestone.CONTAINED not in house.read(milestones, one.number)


def test_a_metric_that_is_still_bad_is_a_failed_proof_at_once(house: House, applied: Rollback) -> None:
    """Nobody waits for what is known."""
    house.judge.says = BAD
    house.pass_time(SECOND)
    done = house.rollback(applied.number)
    assert done.state is RollbackState.UNVERIFIED and "performance.f1 is 0.65" in done.trouble
    assert "performance.f1 is 0.65" in doing(done)


def test_no_evidence_is_no_proof(house: House, applied: Rollback) -> None:
    """Neither good nor bad."""
    house.judge.says = [finding(Verdict.NO_EVIDENCE)]
    house.pass_time(SECOND)
    assert state(house, applied) is RollbackState.VERIFYING


def test_a_registry_that_is_down_fails_the_rollback(house: House, one: Incident, approved: Rollback) -> None:
    """The world is as it was, and the channel hears why."""
    house.registry.down = True
    house.pass_time()
    done = house.rollback(approved.number)
    assert (done.state, house.registry.names["champion"]) == (RollbackState.FAILED, "2")
    assert "The registry did not answer." in doing(done)
    assert "could not roll back tumour from version 2 to 1: The registry did not answer." in house.told(one)


def test_after_a_failure_another_try_is_free(house: House, one: Incident, approved: Rollback) -> None:
    """Nothing is in progress any more."""
    house.registry.down = True
    house.pass_time()
    house.registry.down = False
    second = house.propose(one)
    house.rollbacks.approve(second.number, BOB)
    house.pass_time()
    house.pass_time(SECOND)
    assert state(house, second) is RollbackState.VERIFIED


def test_an_undo_returns_to_the_version_before(house: House, one: Incident, verified: Rollback) -> None:
    """It is in the ledger, in the timeline and in the channel, once."""
    house.rollbacks.undo(verified.number, ANN)
    due = house.due()[0]
    house.runner.undo(due)
    house.runner.undo(due)
    assert state(house, verified) is RollbackState.UNDONE and house.registry.names["champion"] == "2"
    assert [(move.to_version, move.by) for move in house.read(ledger.moves, MODEL)] == [
        ("1", BOB),
        ("2", ANN),
    ]
    assert house.said(one.room).count("post rollback_undone") == 1


def test_two_people_undo(house: House, verified: Rollback) -> None:
    """One task is planned."""
    house.rollbacks.undo(verified.number, ANN)
    with pytest.raises(Conflict, match="nothing to undo"):
        house.rollbacks.undo(verified.number, BOB)
    assert [one.kind for one in house.due()] == ["rollback.undo"]


def test_an_undo_that_fails_says_so_and_may_be_repeated(
    house: House, one: Incident, verified: Rollback
) -> None:
    """It is not said of the rollback, which stands."""
    house.rollbacks.undo(verified.number, ANN)
    house.registry.down = True
    house.pass_time()
    said = "could not undo the rollback of tumour from version 2 to 1: The registry did not answer."
    assert said in house.told(one) and "The registry did not answer." in doing(
        house.rollback(verified.number)
    )
    house.registry.down = False
    house.rollbacks.undo(verified.number, ANN)
    house.pass_time()
    assert state(house, verified) is RollbackState.UNDONE


def test_an_undo_leaves_alone_what_somebody_else_moved(house: House, verified: Rollback) -> None:
    """The version before is not what they want any more."""
    house.registry.names["champion"] = "3"
    house.rollbacks.undo(verified.number, ANN)
    house.pass_time()
    assert house.registry.names["champion"] == "3" and "names version 3 now" in doing(house.rollback(1))


def test_a_version_that_served_badly_is_not_proposed_again(house: House) -> None:
    """From the bad 3, neither back to the bad 2 nor to the bad 1."""
    house.judge.says = BAD
    for version in ("2", "1", "3"):
        house.registry.names["champion"] = version
        house.checkups.run(MODEL)
        house.clock.advance(SECOND)
    with pytest.raises(NotFound, match="Every other version"):
        house.propose()


def _after(house: House, span: timedelta) -> Task:
    house.clock.advance(span)
    return house.due()[0]
