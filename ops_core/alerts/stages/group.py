"""Third stage: which group an alert belongs to; a group that is missing is made."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Row, bindparam, func, insert, select, text, update
from sqlmodel import SQLModel

from ops_core.alerts.alert import OURS, AlertState, Reason
from ops_core.alerts.batch import Batch, Change, Word
from ops_core.alerts.group import Outcome
from ops_core.alerts.rules import Hush
from ops_core.alerts.stages.deduplicate import is_among, told
from ops_core.alerts.stages.inhibit import HUSHES
from ops_core.alerts.stages.silence import holds
from ops_core.store import bulk

UNHEARD = Hush(Reason.NEVER_FIRED, "it was over before it was heard to fire")


def group(batch: Batch) -> None:
    """Give every new firing its group, and note which groups changed."""
    wanting: dict[str, list[Word]] = {}
    for word in batch.words:
        if word.change in (Change.NEW, Change.AGAIN):
            wanting.setdefault(key_of(batch, word), []).append(word)
        elif word.change in (Change.MORE, Change.OVER):
            batch.groups.add(word.group_id)
    if wanting:
        _place(batch, wanting)


def key_of(batch: Batch, word: Word) -> str:
    """16 hexadecimal digits of the source and the labels that make the group."""
    return _key(word.heard.source, *batch.rules.grouping(word.heard.source, word.labels).items())


@lru_cache(maxsize=10_000)
def _key(source: str, *labels: tuple[str, str]) -> str:
    told = json.dumps([source, sorted(labels)])
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _place(batch: Batch, wanting: dict[str, list[Word]]) -> None:
    places = _open(batch, list(wanting))
    missing = {key: words for key, words in wanting.items() if key not in places}
    if missing:
        last = _last(batch, list(missing))
        places |= _reopened(batch, missing, last)
        fresh = {key: words for key, words in missing.items() if key not in places}
        _make(batch, fresh, last)
        places |= _open(batch, list(fresh)) | _unheard(batch, fresh)
    for key, words in wanting.items():
        for word in words:
            word.group_id = places[key]
            if not word.fired:
                word.hush = UNHEARD
            else:
                batch.groups.add(word.group_id)


def _open(batch: Batch, keys: list[str]) -> dict[str, int]:
    if not keys:
        return {}
    question = _open_groups(batch.connection.dialect.name)
    found = batch.connection.execute(question, {"keys": told(keys), "now": batch.now}).all()
    batch.silences, batch.hushing = bool(found[0].silences), bool(found[0].hushing)
    batch.marked.update(row.id for row in found if row.dirty)
    return {row.open_key: row.id for row in found if row.open_key is not None}


@lru_cache(maxsize=4)
def _open_groups(dialect: str) -> Executable:
    """The open groups of keys, and beside each whether anything may hush what is new: mostly nothing does,
    and two questions less are asked of a batch. One row without a group where there is none."""
    group, alert, silence = (SQLModel.metadata.tables[name] for name in ("alert_group", "alert", "silence"))
    silences = select(silence.c.id).where(*holds(silence)).exists().label("silences")
    hushing = select(alert.c.id).where(text(HUSHES)).exists().label("hushing")
    hushed = select(silences, hushing).subquery()
    of_keys = is_among(dialect, group.c.open_key, "keys")
    query = select(hushed.c.silences, hushed.c.hushing, group.c.open_key, group.c.id, group.c.dirty)
    return query.select_from(hushed.outerjoin(group, of_keys))


def _last(batch: Batch, keys: list[str]) -> dict[str, Row[Any]]:
    """The last group of each key that was over a short while ago."""
    asked = {"keys": told(keys), "since": batch.now - batch.rules.flaps_within}
    question = _last_groups(batch.connection.dialect.name)
    return {row.key: row for row in batch.connection.execute(question, asked)}


@lru_cache(maxsize=4)
def _last_groups(dialect: str) -> Executable:
    table = SQLModel.metadata.tables["alert_group"]
    newest = select(func.max(table.c.id)).where(is_among(dialect, table.c.key, "keys")).group_by(table.c.key)
    since = bindparam("since", type_=table.c.resolved_at.type)
    return select(table).where(table.c.id.in_(newest), table.c.resolved_at > since)


def _reopened(batch: Batch, missing: dict[str, list[Word]], last: dict[str, Row[Any]]) -> dict[str, int]:
    """What comes back at once goes on on its earlier card; who does so too often has it stay open for longer.

    When it was over stays on the row, from which the telling sees that it is back.
    """
    table = batch.table("alert_group")
    found: dict[str, int] = {}
    for key, words in missing.items():
        before = last.get(key)
        if before is None or not any(word.fired for word in words):
            continue
        is_damped = before.flaps >= batch.rules.flaps
        if not (is_damped or _is_at_once(batch, before)):
            continue
        found[key] = before.id
        values = {
            "open_key": key,
            "state": AlertState.ACKNOWLEDGED if before.acknowledged_by else AlertState.FIRING,
            "flaps": before.flaps + 1,
            "settles_at": batch.now + batch.rules.settle_after if is_damped else None,
        }
        batch.connection.execute(update(table).where(table.c.id == before.id).values(**values))
    return found


def _is_at_once(batch: Batch, before: Row[Any]) -> bool:
    """Whether what was over goes on on its card: one of its own, without an incident, and of one thing alone.

    Our own checks of a model share a card, as a report's tests do: what fires next may be another.
    """
    is_one_thing = before.source != OURS and before.source not in batch.rules.reports
    has_card = before.told_at is not None and before.incident_id is None and before.digest_id is None
    return is_one_thing and has_card and before.resolved_at > batch.now - batch.rules.settle_after


def _make(batch: Batch, fresh: dict[str, list[Word]], last: dict[str, Row[Any]]) -> None:
    rows = [
        _row(batch, key, [word for word in words if word.fired], last[key].flaps + 1 if key in last else 0)
        for key, words in fresh.items()
        if any(word.fired for word in words)
    ]
    bulk.insert_new(batch.connection, "alert_group", rows, "open_key")


def _unheard(batch: Batch, fresh: dict[str, list[Word]]) -> dict[str, int]:
    """Groups, over from the start, for what was never heard to fire: so that somebody can ask why."""
    table, found = batch.table("alert_group"), {}
    for key, words in fresh.items():
        if not any(word.fired for word in words):
            over = {"open_key": None, "state": AlertState.RESOLVED, "resolved_at": batch.now, "dirty": False}
            row = _row(batch, key, words, 0) | over | {"outcome": Outcome.HUSHED}
            made = batch.connection.execute(insert(table).values(**row).returning(table.c.id))
            found[key] = int(made.scalar_one())
    return found


def _row(batch: Batch, key: str, words: list[Word], flaps: int) -> dict[str, Any]:
    first = words[0]
    labels = batch.rules.grouping(first.heard.source, first.labels)
    starts: list[datetime] = [word.starts_at for word in words if word.starts_at]
    return {
        "key": key,
        "open_key": key,
        "source": first.heard.source,
        "labels": labels,
        "model": labels.get("model"),
        "title": "",
        "severity": min(word.severity for word in words),
        "state": AlertState.FIRING,
        "since": min(starts, default=batch.now),
        "fired_at": batch.now,
        "outcome": Outcome.WAITING,
        "dirty": True,
        "shape": "",
        "flaps": flaps,
        "rooms": [],
        "people": [],
        "policies": [],
    }
