"""Seventh stage: write the alerts, many rows a statement, and mark their groups for the stages that tell."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, bindparam, insert, select, update
from sqlmodel import SQLModel

from ops_core.alerts.alert import AlertState, Reason
from ops_core.alerts.batch import Batch, Change, Word
from ops_core.alerts.stages.deduplicate import is_among, told
from ops_core.rhythm.task import TaskState
from ops_core.store import bulk

REJUDGE = "alert.rejudge"
"""The task that looks again at what was hushed."""
HEARD_EVERY = timedelta(seconds=30)
"""How exactly the last word about an alert is kept."""


def keep(batch: Batch) -> None:
    """Write what changed; a word that changes nothing costs at most a new time of the last word."""
    _insert(batch, [word for word in batch.words if word.change is Change.NEW])
    _update(batch, [word for word in batch.words if word.change in (Change.AGAIN, Change.MORE)])
    _end(batch, [word for word in batch.words if word.change is Change.OVER])
    _touch(batch, [word for word in batch.words if word.change is Change.SAME])
    _mark(batch)
    if batch.rejudge:
        plan(batch, batch.now)
    for until in {word.hush.until for word in batch.words if word.hush and word.hush.until}:
        plan(batch, until)


def _insert(batch: Batch, words: list[Word]) -> None:
    rows = [_content(word, batch.now) | _birth(word, batch.now) for word in words]
    bulk.insert_new(batch.connection, "alert", rows, "firing")


def _birth(word: Word, now: datetime) -> dict[str, Any]:
    return {
        "firing": word.firing,
        "fingerprint": word.fingerprint,
        "source": word.heard.source,
        "name": word.name,
        "labels": word.labels,
        "starts_at": word.starts_at,
        "heard_at": now,
        "quiet_runs": 0,
        "remark": word.remark,
        "inhibits": word.inhibits,
    }


def _content(word: Word, now: datetime) -> dict[str, Any]:
    hush = word.hush
    return {
        "group_id": word.group_id,
        "annotations": word.annotations,
        "severity": word.severity,
        "state": AlertState.RESOLVED if word.is_over else AlertState.FIRING,
        "ends_at": word.ends_at,
        "last_heard_at": now,
        "rank": word.rank,
        "shape": word.shape,
        "reason": hush.reason if hush else Reason.TOLD,
        "reason_detail": hush.detail if hush else "",
        "hushed_until": hush.until if hush else None,
        "url": word.heard.url[:2000],
        "finding": word.heard.finding,
    }


def _update(batch: Batch, words: list[Word]) -> None:
    _execute(batch, "alert", [{"row": word.row.id} | _content(word, batch.now) for word in words])


def _end(batch: Batch, words: list[Word]) -> None:
    over = {"state": AlertState.RESOLVED, "last_heard_at": batch.now}
    _execute(batch, "alert", [{"row": word.row.id, "ends_at": word.ends_at} | over for word in words])
    remarks = [{"row": word.row.id, "remark": word.remark} for word in words if word.heard.remark]
    _execute(batch, "alert", remarks)


def _touch(batch: Batch, words: list[Word]) -> None:
    old = batch.now - HEARD_EVERY
    stale = [word for word in words if word.heard.finding or word.row.last_heard_at <= old]
    names = ("annotations", "last_heard_at", "finding")
    rows = [{"row": word.row.id} | _some(_content(word, batch.now), names) for word in stale]
    _execute(batch, "alert", rows)


def _some(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _mark(batch: Batch) -> None:
    """Mark groups, as far as they are not; what was read of that stays true, because one writes at a time."""
    unmarked = batch.groups - batch.marked
    if unmarked:
        batch.connection.execute(_marking(batch.connection.dialect.name), {"groups": told(unmarked)})


@lru_cache(maxsize=4)
def _marking(dialect: str) -> Executable:
    """Made once: to build a statement takes longer than to carry it out."""
    table = SQLModel.metadata.tables["alert_group"]
    return update(table).where(is_among(dialect, table.c.id, "groups", whole=True)).values(dirty=True)


def _execute(batch: Batch, name: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        table = batch.table(name)
        batch.connection.execute(update(table).where(table.c.id == bindparam("row")), rows)


def plan(batch: Batch, due_at: datetime) -> None:
    """Have the hushed alerts looked at again at a time, unless that is planned already."""
    table = batch.table("task")
    subject = f"alerts:{due_at:%Y-%m-%dT%H:%M:%S}"
    waits = (table.c.kind == REJUDGE) & (table.c.subject == subject) & (table.c.state == TaskState.WAITING)
    if batch.connection.execute(select(table.c.id).where(waits)).first() is None:
        values = {
            "kind": REJUDGE,
            "subject": subject,
            "due_at": due_at,
            "label": "",
            "attempts": 0,
            "detail": {},
        }
        batch.connection.execute(insert(table).values(**values, state=TaskState.WAITING))
