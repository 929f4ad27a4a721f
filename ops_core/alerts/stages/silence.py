"""Fifth stage: somebody asked not to be told."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, Executable, Table, bindparam, select
from sqlmodel import SQLModel

from ops_core.alerts.alert import Reason
from ops_core.alerts.batch import Batch
from ops_core.alerts.rules import Hush
from ops_core.alerts.silence import Silence


def silence(batch: Batch) -> None:
    """Hold what is new against the silences that hold, those that hold longest first."""
    words = list(batch.judged())
    held = _held(batch) if words and batch.silences else []
    for word in words if held else ():
        labels = word.matchable(batch.rules)
        found = next((one for one in held if one.covers(labels)), None)
        if found is not None:
            said = f": {found.reason}" if found.reason else ""
            word.hush = Hush(Reason.SILENCED, f"{found.ref} by <@{found.by}>{said}", found.ends_at)


def _held(batch: Batch) -> list[Silence]:
    return [Silence(**row._mapping) for row in batch.connection.execute(_holding(), {"now": batch.now})]


@cache
def _holding() -> Executable:
    """Made once: to build a statement takes longer than to carry it out."""
    table = SQLModel.metadata.tables["silence"]
    return select(table).where(*holds(table)).order_by(table.c.ends_at.desc())


def holds(table: Table) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a silence holds at the moment that the parameter `now` names."""
    now = bindparam("now", type_=table.c.ends_at.type)
    return table.c.starts_at <= now, table.c.ends_at > now
