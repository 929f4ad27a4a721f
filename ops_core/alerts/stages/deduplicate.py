"""Second stage: what of a word is new, by fingerprint and start."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from ops_core.alerts.alert import AlertState, Reason
from ops_core.alerts.batch import Batch, Change, Word

COLUMNS = (
    "id",
    "firing",
    "fingerprint",
    "state",
    "group_id",
    "severity",
    "shape",
    "reason",
    "hushed_until",
    "last_heard_at",
    "inhibits",
)


def deduplicate(batch: Batch) -> None:
    """Find the rows that are there, with one question for all, and say what each word changes."""
    by_firing, running = _known(batch)
    for word in batch.words:
        word.row = by_firing.get(word.firing) or _running(word, running.get(word.fingerprint))
        word.change = _change(word, batch)
        if word.row is not None:
            word.group_id, word.inhibits = word.row.group_id, word.row.inhibits


def _known(batch: Batch) -> tuple[dict[str, Row[Any]], dict[str, Row[Any]]]:
    alert = batch.table("alert")
    firings = among(batch.connection, [word.firing for word in batch.words])
    columns = [alert.c[name] for name in COLUMNS]
    exact = batch.connection.execute(select(*columns).where(alert.c.firing.in_(firings)))
    by_firing = {row.firing: row for row in exact}
    missing = [word.fingerprint for word in batch.words if word.firing not in by_firing]
    if not missing:
        return by_firing, {}
    prints = among(batch.connection, missing)
    # The state stands in the text, so that the index of those that fire is used.
    query = select(*columns).where(alert.c.fingerprint.in_(prints), text("state = 'firing'"))
    return by_firing, {row.fingerprint: row for row in batch.connection.execute(query)}


def _running(word: Word, row: Row[Any] | None) -> Row[Any] | None:
    """The firing that goes on under another start; what was over before it began is not about it."""
    if row is None or (word.is_over and not word.fired and _start(word.firing) < _start(row.firing)):
        return None
    return row


def _start(firing: str) -> int:
    return int(firing.partition("-")[2].partition(":")[0])


def _change(word: Word, batch: Batch) -> Change:
    row = word.row
    if row is None:
        return Change.NEW
    if row.state is AlertState.RESOLVED:
        late = word.is_over or row.reason is Reason.NEVER_FIRED
        return Change.LATE if late else Change.AGAIN
    if word.is_over:
        return Change.OVER
    spoke_up = (
        row.reason is not Reason.TOLD and row.hushed_until is not None and row.hushed_until <= batch.now
    )
    return Change.MORE if spoke_up or row.shape != word.shape else Change.SAME


def among(connection: Connection, values: list[str]) -> Any:
    """A set of values to look in, as one parameter, so that the statement is prepared once."""
    unique = json.dumps(sorted(set(values)))
    elements = _ELEMENTS_POSTGRES if connection.dialect.name == "postgresql" else _ELEMENTS_SQLITE
    return elements.bindparams(bindparam("among", unique))


_ELEMENTS_SQLITE = text("SELECT value FROM json_each(:among)")
_ELEMENTS_POSTGRES = text("SELECT json_array_elements_text(CAST(:among AS json))")
