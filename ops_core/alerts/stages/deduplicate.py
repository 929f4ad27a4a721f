"""Second stage: what of a word is new, by fingerprint and start."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Column, Executable, Row, TextClause, bindparam, select, text, union_all
from sqlmodel import SQLModel

from ops_core.alerts.alert import OURS, AlertState, Reason
from ops_core.alerts.batch import Batch, Change, Word
from ops_core.alerts.firing import start_of
from ops_core.alerts.reconciliation import GONE

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
    "remark",
)

UNDER_WAY = timedelta(hours=1)
"""How long after its end an old firing may still come: one with the same start. A later one is believed."""


def deduplicate(batch: Batch) -> None:
    """Find the rows that are there, with one question for all, and say what each word changes."""
    by_firing, running = _known(batch)
    for word in batch.words:
        word.row = by_firing.get(word.firing) or _running(word, running.get(word.fingerprint))
        word.change = _change(word, batch)
        if word.row is not None:
            word.group_id, word.inhibits = word.row.group_id, word.row.inhibits


def _known(batch: Batch) -> tuple[dict[str, Row[Any]], dict[str, Row[Any]]]:
    asked = {
        "firings": told([word.firing for word in batch.words]),
        "prints": told([word.fingerprint for word in batch.words]),
    }
    found = batch.connection.execute(_question(batch.connection.dialect.name), asked).all()
    running = {row.fingerprint: row for row in found if row.state is AlertState.FIRING}
    return {row.firing: row for row in found}, running


@lru_cache(maxsize=4)
def _question(dialect: str) -> Executable:
    """Made once: to build a statement takes longer than to carry it out."""
    alert = SQLModel.metadata.tables["alert"]
    columns = [alert.c[name] for name in COLUMNS]
    exact = select(*columns).where(is_among(dialect, alert.c.firing, "firings"))
    # The state stands in the text, so that the index of those that fire is used.
    prints = is_among(dialect, alert.c.fingerprint, "prints")
    return union_all(exact, select(*columns).where(prints, text("state = 'firing'")))


def _running(word: Word, row: Row[Any] | None) -> Row[Any] | None:
    """The firing that goes on under another start; what was over before it began is not about it."""
    if row is None or (word.is_over and not word.fired and start_of(word.firing) < start_of(row.firing)):
        return None
    return row


def _change(word: Word, batch: Batch) -> Change:
    row = word.row
    if row is None:
        return Change.NEW
    if row.state is AlertState.RESOLVED:
        late = word.is_over or row.reason is Reason.NEVER_FIRED or _is_repeated(word, row, batch.now)
        return Change.LATE if late else Change.AGAIN
    if word.is_over:
        return Change.OVER
    spoke_up = (
        row.reason is not Reason.TOLD and row.hushed_until is not None and row.hushed_until <= batch.now
    )
    return Change.MORE if spoke_up or row.shape != word.shape else Change.SAME


def _is_repeated(word: Word, row: Row[Any], now: datetime) -> bool:
    """Whether the firing of a row that is over is told once more, as by a request that was tried again."""
    said_now = word.heard.anew or word.heard.source == OURS or row.remark == GONE
    return not said_now and bool(now - row.last_heard_at < UNDER_WAY)


def is_among(dialect: str, column: Column[Any], name: str, *, whole: bool = False) -> TextClause:
    """Whether a column is one of the values that the parameter of this name has, given as `told` writes them.

    `whole` says that they are whole numbers; else they are texts. PostgreSQL gets an array, whose elements it
    looks up in the column's index; with a set it joins, and reads a whole table that has grown since it was
    last analysed.
    """
    asked = _SET_SQLITE
    if dialect == "postgresql":
        asked = _WHOLE_POSTGRES if whole else _ARRAY_POSTGRES
    return text(f"{column} {asked.format(name)}").bindparams(bindparam(name))


def told(values: Collection[str] | Collection[int]) -> str:
    """Values as a parameter of `is_among`: so a statement is the same for any number of them."""
    return orjson.dumps(list(set(values))).decode()


_SET_SQLITE = "IN (SELECT value FROM json_each(:{}))"
_ARRAY_POSTGRES = "= ANY(ARRAY(SELECT json_array_elements_text(CAST(:{} AS json))))"
_WHOLE_POSTGRES = "= ANY(ARRAY(SELECT CAST(json_array_elements_text(CAST(:{} AS json)) AS bigint)))"
