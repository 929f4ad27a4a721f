"""The rehearsal goes all the way, and leaves nothing behind."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import SQLModel, select

from tests.wire import Scene


def counted(stage: Scene) -> dict[str, int]:
    """The rows of every table that alerts are written to."""
    tables = [
        one for one in SQLModel.metadata.tables.values() if one.name not in ("heartbeat", "alembic_version")
    ]
    with stage.tocsin.database.read() as session:
        return {
            one.name: session.execute(select(func.count()).select_from(one)).scalar_one() for one in tables
        }


def test_a_rehearsal_leaves_nothing(stage: Scene) -> None:
    """No row, no message; but the words were written in full, or it would be for nothing."""
    before = counted(stage)
    assert "alert_card" in stage.tocsin.rehearsal.run()
    assert counted(stage) == before
    assert stage.calls("chat.postMessage") == []


def test_it_uses_up_no_number(stage: Scene) -> None:
    """The first alert is A-1."""
    assert stage.tocsin.rehearsal.run() == stage.tocsin.rehearsal.run()
    assert counted(stage)["alert_group"] == 0
