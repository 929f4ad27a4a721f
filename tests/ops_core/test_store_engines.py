"""What sets databases apart is hidden from everything above the store."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from math import inf, nan
from threading import Barrier

import pytest
from psycopg import sql
from sqlalchemy import text
from sqlmodel import select

from ops_core.errors import Conflict, Invalid, Unavailable
from ops_core.incidents.incident import Incident
from ops_core.store import audit
from ops_core.store.database import Database
from ops_core.store.migrate import migrate
from ops_core.store.outbox import Artefact, OutboxRow, Say, put
from tests.databases import Postgres
from tests.ops_core.stand_ins import NOW
from tests.ops_core.world import ANN, BOB, House


@pytest.fixture
def empty(server: Postgres) -> Iterator[str]:
    """The address of a PostgreSQL database without a table."""
    url = server.make()
    yield url
    server.drop(url)


def test_of_two_who_press_at_once_one_is_told_that_the_other_was_faster(house: House) -> None:
    """A writer is alone from its first look to its commit."""
    number, barrier = house.declare().number, Barrier(2)

    def resolve(by: str) -> str:
        barrier.wait(timeout=10)
        try:
            house.incidents.resolve(number, by)
        except Conflict:
            return "too late"
        return "resolved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(resolve, (ANN, BOB))) == ["resolved", "too late"]


def test_writers_at_once_keep_the_audit_chain_whole(house: House) -> None:
    """Each entry names the one before."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: house.declare(), range(24)))
    assert house.read(audit.first_broken) is None
    assert [one.number for one in house.rows(Incident)] == list(range(1, 25))


def test_a_reader_does_not_wait_for_a_writer(house: House) -> None:
    """And does not see what is not committed."""
    with house.database.write() as session, ThreadPoolExecutor(1) as pool:
        put(session, [Say("alerts")], NOW)
        session.flush()
        assert pool.submit(house.rows, OutboxRow).result(timeout=5) == []


def test_foreign_text_that_a_database_cannot_hold_is_kept_as_far_as_it_goes(house: House) -> None:
    """NUL is replaced and NaN is null; the chain of the audit holds all the same."""
    strange = {"label": "a\0b", "p": nan, "far": [inf, 1.5], "path": "c:\\u0000", "ü\0": "💥"}
    with house.database.write() as session:
        put(session, [Say("alerts", template="x\0", context=strange)], NOW)
        audit.append(session, at=NOW, by="\0eve", verb="x.y", subject="x:\0", detail=strange)
    kept = {"label": "a\ufffdb", "p": None, "far": [None, 1.5], "path": "c:\\u0000", "ü\ufffd": "💥"}
    assert house.rows(OutboxRow)[0].context == kept
    assert house.read(audit.first_broken) is None


def test_bytes_come_back_as_they_were(house: House) -> None:
    """Every one of the 256."""
    content = bytes(range(256)) * 9
    with house.database.write() as session:
        session.add(Artefact(name="x.png", content=content, made_at=NOW))
    with house.database.read() as session:
        assert session.exec(select(Artefact.content)).one() == content


@pytest.mark.parametrize("spelling", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_an_address_may_be_spelled_as_people_do(empty: str, spelling: str) -> None:
    """All three are the same driver."""
    database = Database(empty.replace("postgresql://", spelling, 1))
    migrate(database)
    with database.read() as session:
        assert "PostgreSQL" in session.execute(text("SELECT version()")).scalar_one()
    assert database.engine.url.drivername == "postgresql+psycopg"
    database.close()


@pytest.mark.parametrize("url", ["mysql://a@b/c", "tocsin.db", "", "oracle+oracledb://x"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    """With what can be used."""
    with pytest.raises(Invalid) as refusal:
        Database(url)
    assert "postgresql://" in refusal.value.hint


def test_a_missing_driver_says_what_to_install() -> None:
    """In a process in which it cannot be imported."""
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from ops_core.store.database import Database; Database('postgresql://a@b/c')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode and "is not installed" in ended.stderr


def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    """Quickly, and as something that may pass."""
    database = Database("postgresql://ann:s3cret@127.0.0.1:1/tocsin")
    with pytest.raises(Unavailable, match="did not answer") as refusal, database.read() as session:
        session.execute(text("SELECT 1"))
    assert refusal.value.may_retry and "s3cret" not in refusal.value.message


def test_connections_that_the_server_dropped_are_made_anew(empty: str, server: Postgres) -> None:
    """As after its restart."""
    database = Database(empty)
    migrate(database)
    with database.read() as session:
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar()
    server.do(sql.SQL("SELECT pg_terminate_backend({})").format(pid))
    House(database).declare()
    with database.read() as session:
        assert session.execute(text("SELECT pg_backend_pid()")).scalar() != pid
        assert session.execute(text("SELECT count(*) FROM incident")).scalar() == 1
    database.close()


def test_a_writer_that_froze_is_cut_off(empty: str) -> None:
    """The others get on, and it hears of it when it wakes up."""
    database, frozen = Database(empty), Database(empty)
    with pytest.raises(Unavailable):
        _freeze(frozen, database)
    for each in (database, frozen):
        each.close()


def _freeze(frozen: Database, other: Database) -> None:
    with frozen.write() as session:
        assert session.execute(text("SHOW idle_in_transaction_session_timeout")).scalar() == "10s"
        session.execute(text("SET idle_in_transaction_session_timeout = '50ms'"))
        with other.write() as second:
            assert second.execute(text("SELECT 1")).scalar() == 1
        session.execute(text("SELECT 1"))
