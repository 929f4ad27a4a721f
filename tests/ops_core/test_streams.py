"""What serving processes push is kept once, judged at once, and told once."""

from __future__ import annotations

import random

import pytest
from sqlmodel import delete

from ops_core.alerts.alert import AlertState
from ops_core.alerts.group import AlertGroup
from ops_core.checks.finding import Verdict
from ops_core.errors import Unavailable
from ops_core.remediation import ledger
from ops_core.remediation.ledger import AliasMove
from ops_core.remediation.rollback import RollbackState
from ops_core.rhythm import checkups
from ops_core.streams.usual import StreamUsual
from tests.ops_core.pushed import EACH, STEP, Pushed
from tests.ops_core.stand_ins import HOUR, MINUTE, MODEL, NOW, SECOND
from tests.ops_core.world import BOB, House

DAY = 24 * HOUR


@pytest.fixture
def pushed(house: House) -> Pushed:
    """A reference of 10,000 answers of which 5 % are wrong."""
    return Pushed(house)


def test_a_jump_of_errors_is_an_alert(pushed: Pushed) -> None:
    """After a few pushes: one card, and one only."""
    fine = pushed.go(0.05, 10)
    assert fine and fine.verdict is Verdict.OK
    assert pushed.house.said("alerts") == []
    bad = pushed.go(0.15, 4)
    assert bad and bad.verdict is Verdict.CRITICAL and bad.since
    assert abs((bad.since - (NOW + 10 * STEP)).total_seconds()) <= 5
    assert pushed.house.said("alerts").count("post alert:1") == 1
    (group,) = pushed.house.rows(AlertGroup)
    assert group.title == f"{MODEL}: error rate is critical"


def test_its_end_is_told_too(pushed: Pushed) -> None:
    """When the answers are as before, for long enough to be sure."""
    pushed.go(0.05, 8)
    pushed.go(0.2, 4)
    after = pushed.go(0.05, 16)
    assert after and after.verdict is Verdict.OK
    assert [group.state for group in pushed.house.rows(AlertGroup)] == [AlertState.RESOLVED]


def test_it_ends_no_alert_of_other_checks(pushed: Pushed) -> None:
    """A look at the stream says nothing of them."""
    pushed.house.fire()
    pushed.go(0.05, 14)
    assert [group.state for group in pushed.house.rows(AlertGroup)] == [AlertState.FIRING]


@pytest.mark.parametrize("after", [3, 9, 13])
def test_a_restart_changes_nothing(pushed: Pushed, after: int) -> None:
    """What is known is made again from what was kept: before, in the middle of, and after an alarm."""
    chance = random.Random(1)  # noqa: S311 - no secret
    wrong = [sum(chance.random() < (0.05 if at < 8 else 0.15) for _ in range(EACH)) for at in range(14)]
    for at, errors in enumerate(wrong):
        if at == after:
            pushed.restart()
        found = pushed.push(errors)
    pushed.restart()
    again = pushed.watch.look(MODEL)
    assert found and again and again.verdict is Verdict.CRITICAL
    assert (again.since, again.value, again.detail) == (found.since, found.value, found.detail)
    assert pushed.house.said("alerts").count("post alert:1") == 1


def test_the_order_of_arrival_does_not_matter(pushed: Pushed) -> None:
    """Each push counts where it belongs; several processes are never in step."""
    chance = random.Random(5)  # noqa: S311 - no secret
    late = [(at, sum(chance.random() < (0.05 if at < 50 else 0.2) for _ in range(40))) for at in range(70)]
    chance.shuffle(late)
    pushed.house.clock.advance(2 * MINUTE)
    for at, errors in late:
        pushed.take(errors, at=NOW + at * SECOND)
        if at % 7 == 0:
            pushed.watch.look(MODEL)
    found = pushed.watch.look(MODEL)
    pushed.restart()
    again = pushed.watch.look(MODEL)
    assert found and again and found.verdict is Verdict.CRITICAL
    assert (found.since, found.value, found.detail) == (again.since, again.value, again.detail)


def test_the_order_of_outcomes_tells_since_when(pushed: Pushed) -> None:
    """A large push in the middle of which everything went wrong."""
    pushed.go(0.05, 6)
    outcomes = tuple([0] * 19 + [1]) * 10 + (1,) * 100
    found = pushed.push(sum(outcomes), len(outcomes), outcomes=outcomes)
    assert found and found.verdict is Verdict.CRITICAL and found.n < 200


def test_another_version_begins_anew(pushed: Pushed) -> None:
    """What its predecessor did wrong is not held against it; a critical one is no place to go back to."""
    house = pushed.house
    house.checkups.run(MODEL)
    pushed.go(0.05, 6)
    pushed.go(0.3, 2)
    assert list(house.read(ledger.alarmed_versions, MODEL)) == ["2"]
    move = AliasMove(
        model=MODEL, alias="champion", to_version="1", at=house.clock.now(), by="ana", why="RB-1"
    )
    with house.database.write() as session:
        ledger.observe(session, move)
    house.clock.advance(SECOND)
    assert pushed.watch.look(MODEL).verdict is Verdict.NO_DATA  # type: ignore[union-attr]  # there is a stream
    found = pushed.go(0.05, 6)
    assert found and (found.verdict, found.version, found.n) == (Verdict.OK, "1", 1200)


def test_a_rollback_is_proven_by_what_is_pushed_after_it(pushed: Pushed) -> None:
    """The errors of before are not held against it, and a few good answers do not suffice."""
    house = pushed.house
    house.runner.world = house.checkups.world
    house.checkups.run(MODEL)
    pushed.go(0.05, 6)
    pushed.go(0.3, 2)
    rollback = house.propose(version="1")
    house.rollbacks.approve(rollback.number, BOB)
    house.pass_time()
    house.pass_time(2 * SECOND)
    assert house.rollback(rollback.number).state is RollbackState.VERIFYING
    pushed.go(0.05, 4)
    house.pass_time(2 * SECOND)
    done = house.rollback(rollback.number)
    assert done.state is RollbackState.VERIFIED
    assert done.proofs[-1]["name"] == "drift.stream" and done.proofs[-1]["ok"]


def test_counts_of_a_version_that_does_not_serve_are_kept_for_when_it_does(pushed: Pushed) -> None:
    """A challenger that answers beside the champion is not judged in its place."""
    pushed.house.checkups.run(MODEL)
    pushed.go(0.05, 4, version="2")
    found = pushed.go(0.5, 4, version="3")
    assert found and (found.verdict, found.n) == (Verdict.OK, 800)
    assert pushed.rows()[0] == 1600


def test_without_labels_in_the_reference_the_first_answers_are_normal(pushed: Pushed) -> None:
    """A thousand of them; until then it says what is missing."""
    pushed.house.judge.usual = None
    with pushed.house.database.write() as session:
        session.exec(delete(StreamUsual))
    pushed.restart()
    young = pushed.go(0.2, 3)
    assert young and young.verdict is Verdict.NO_DATA and "first" in young.explanation
    steady = pushed.go(0.2, 9)
    assert steady and steady.verdict is Verdict.OK and "first 1,000 answers" in steady.explanation
    bad = pushed.go(0.6, 2)
    assert bad and bad.verdict is Verdict.CRITICAL


def test_a_reference_that_cannot_be_read_is_tried_again(house: House) -> None:
    """What was pushed meanwhile is judged then."""
    house.judge.broken = Unavailable("No files.")
    with pytest.raises(Unavailable):
        Pushed(house)
    house.judge.broken = None
    assert Pushed(house).go(0.05, 5)


def test_an_upkeep_forgets_what_is_old_and_reads_what_is_usual_anew(pushed: Pushed) -> None:
    """After a week, and every hour; one reference that cannot be read does not stop that."""
    pushed.push(2, key="a")
    pushed.house.clock.advance(8 * DAY)
    pushed.house.judge.usual = (10, 10_000)
    pushed.push(3)
    pushed.streams.keep_up()
    found = pushed.push(3)
    assert pushed.rows() == (400, 6)
    assert found and found.reference == pytest.approx(0.001, abs=0.0002)


def test_a_look_by_the_clock_judges_streams_too(pushed: Pushed) -> None:
    """And a push after it does not say again what it said."""
    pushed.go(0.05, 3)
    found = {each.check: each for each in pushed.house.checkups.run(MODEL)}
    assert found["drift.stream"].verdict is Verdict.OK
    before = pushed.house.read(checkups.latest, MODEL)
    pushed.push(2)
    assert pushed.house.read(checkups.latest, MODEL) == before


def test_a_model_that_pushes_nothing_has_no_such_finding(pushed: Pushed) -> None:
    """Nobody is told that nothing is known of what nobody asked for."""
    assert "drift.stream" not in {each.check for each in pushed.house.checkups.run(MODEL)}
