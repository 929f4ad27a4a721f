"""What a crash between a deed and its record, or before its answer, must not bring about."""

import pytest

from ops_core.errors import Conflict, Repeated
from ops_core.incidents.declaration import Declaration
from ops_core.incidents.incident import Incident
from ops_core.incidents.kinds import IncidentType
from ops_core.remediation import ledger
from ops_core.rhythm import slot
from ops_core.rhythm.task import Task, TaskState
from ops_core.severity import Severity
from tests.ops_core.stand_ins import MODEL, NOW
from tests.ops_core.world import ANN, BOB, House

DECLARATION = Declaration("F1 fell", Severity.P2, IncidentType.PREDICTION_ERROR)


def test_a_form_that_is_sent_again_declares_nothing_new(house: House) -> None:
    """Its answer got lost; another form is another incident."""
    house.incidents.declare(DECLARATION, ANN, once="form 1")
    with pytest.raises(Repeated):
        house.incidents.declare(DECLARATION, ANN, once="form 1")
    house.incidents.declare(DECLARATION, ANN, once="form 2")
    assert len(house.rows(Incident)) == 2


def test_a_form_that_was_refused_may_be_sent_again(house: House) -> None:
    """What was refused has not been done."""
    one = house.declare()
    house.incidents.resolve(one.number, ANN)
    with pytest.raises(Conflict):
        house.incidents.resolve(one.number, BOB, once="form 1")
    assert house.incidents.declare(DECLARATION, BOB, once="form 1").number == 2


def test_a_rollback_s_own_move_is_not_taken_for_somebody_else_s(house: House) -> None:
    """A check looks after the alias was moved and before that was written down."""
    house.checkups.run(MODEL)
    house.rollbacks.approve(house.propose().number, BOB)
    house.registry.names["champion"] = "1"
    house.checkups.run(MODEL)
    house.pass_time()
    moves = house.read(ledger.moves, MODEL)
    assert [(one.to_version, one.why) for one in moves] == [("2", "seen"), ("1", "R-1")]


def test_a_summary_that_was_due_is_posted_after_a_crash_and_once(house: House) -> None:
    """The firing and the task are one row's breadth apart: both are there, or neither."""
    planned = Task(kind="summary.post", subject="schedule", due_at=NOW)
    assert slot.claim(house.database, "daily summary", NOW, NOW, planned)
    again = Task(kind="summary.post", subject="schedule", due_at=NOW)
    assert not slot.claim(house.database, "daily summary", NOW, NOW, again)
    (due,) = house.rows(Task)
    for _ in range(2):
        house.summaries.post_due(due)
    assert len(house.said("summary")) == 1
    assert [one.state for one in house.rows(Task)] == [TaskState.DONE]
