"""What must happen at a time is a row."""

from ops_core.rhythm import task
from ops_core.rhythm.task import Task, TaskState
from ops_core.store.database import Database
from tests.ops_core.stand_ins import HOUR, NOW


def planned(database: Database, kind: str, hours: int, subject: str = "incident:1") -> Task:
    """A task that is due so many hours after NOW."""
    with database.write() as session:
        return task.plan(session, Task(kind=kind, subject=subject, due_at=NOW + hours * HOUR))


def test_what_is_due_comes_in_its_order(database: Database) -> None:
    """And what is not does not come."""
    for kind, hours in (("late", 2), ("early", 1), ("never", 9)):
        planned(database, kind, hours)
    with database.read() as session:
        assert [one.kind for one in task.due(session, NOW + 2 * HOUR)] == ["early", "late"]


def test_of_one_kind_and_subject_the_newest_waits(database: Database) -> None:
    """The one before is cancelled; others are left alone."""
    planned(database, "update", 1)
    planned(database, "update", 2)
    planned(database, "update", 3, "incident:2")
    with database.read() as session:
        assert [one.due_at for one in task.waiting(session, "incident:1")] == [NOW + 2 * HOUR]
        assert len(task.waiting(session, "incident:2")) == 1


def test_a_task_is_finished_once(database: Database) -> None:
    """Whoever comes second hears it, as for one that is not wanted any more."""
    done, dropped = planned(database, "a", 1), planned(database, "b", 1)
    with database.write() as session:
        task.cancel(session, "incident:1", "b")
        assert [task.finish(session, one) for one in (done, done, dropped)] == [True, False, False]
    with database.read() as session:
        states = [session.get(Task, one.id).state for one in (done, dropped)]  # type: ignore[union-attr]  # saved
    assert states == [TaskState.DONE, TaskState.CANCELLED]


def test_cancelling_without_a_kind_cancels_all_of_the_subject(database: Database) -> None:
    """Of that subject only."""
    planned(database, "a", 1)
    planned(database, "b", 1)
    planned(database, "a", 1, "incident:2")
    with database.write() as session:
        task.cancel(session, "incident:1")
    with database.read() as session:
        assert [one.subject for one in task.due(session, NOW + HOUR)] == ["incident:2"]
