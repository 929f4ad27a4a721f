"""Each firing of a scheduled job is claimed once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlmodel import select

from ops_core.rhythm import slot
from ops_core.rhythm.slot import Slot
from ops_core.store.database import Database
from tests.ops_core.stand_ins import HOUR, NOW


def test_of_eight_that_claim_at_once_one_wins(database: Database) -> None:
    """Threads here, replicas in production."""
    barrier = Barrier(8)

    def claim(_: int) -> bool:
        barrier.wait(timeout=10)
        return slot.claim(database, "summary", NOW, NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1


def test_another_firing_and_another_job_are_free(database: Database) -> None:
    """The same one is not."""
    claimed = [("a", NOW), ("a", NOW), ("a", NOW + HOUR), ("b", NOW)]
    assert [slot.claim(database, job, at, NOW) for job, at in claimed] == [True, False, True, True]


def test_the_last_firing_is_kept(database: Database) -> None:
    """However old: from it is counted what was missed."""
    for hours in range(3):
        slot.claim(database, "a", NOW + hours * HOUR, NOW)
    slot.claim(database, "b", NOW, NOW)
    with database.write() as session:
        slot.forget(session, NOW + 9 * HOUR)
    with database.read() as session:
        kept = {(one.job, one.at) for one in session.exec(select(Slot))}
        assert slot.last_slot(session, "never") is None
    assert kept == {("a", NOW + 2 * HOUR), ("b", NOW)}


def test_a_heartbeat_tells_when_the_last_one_was(database: Database) -> None:
    """None at the very first start."""
    with database.write() as session:
        assert slot.beat(session, NOW) is None
    with database.write() as session:
        assert slot.beat(session, NOW + HOUR) == NOW
