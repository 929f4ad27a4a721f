"""The outbox: what is to be said, written in the transaction that makes it true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, insert
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.store import plain
from ops_core.store.columns import words


class Delivery(StrEnum):
    """Where a row of the outbox stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    MERGED = "merged"
    """Not sent, because a later edit of the same message says it too."""
    DEAD = "dead"


class Verb(StrEnum):
    """What the sender does with a row."""

    OPEN_ROOM = "open_room"
    POST = "post"
    EDIT = "edit"
    PIN = "pin"
    INVITE = "invite"
    TOPIC = "topic"
    UPLOAD = "upload"


@dataclass(frozen=True)
class Say:
    """One thing to be said or done in a room.

    `room` is `alerts`, `incidents`, `incident:<id>`, `@<user id>` or a channel id; rows of one room
    are sent in order. `subject` names the message so that it can be edited later, and `thread_of` the
    subject it replies to. Without `context` the words come from the rows as they stand when it is sent.
    """

    room: str
    verb: Verb = Verb.POST
    template: str = ""
    subject: str | None = None
    thread_of: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    after_room: str | None = None
    """A room that this message names, and so waits for."""


class OutboxRow(SQLModel, table=True):
    """A `Say` on its way, and afterwards the record of where it went."""

    __tablename__ = "outbox"

    id: int | None = Field(default=None, primary_key=True)
    room: str = Field(index=True)
    verb: Verb = Field(sa_type=words(Verb))
    template: str = ""
    subject: str | None = Field(default=None, index=True)
    thread_of: str | None = None
    after_room: str | None = None
    context: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: Delivery = Field(default=Delivery.WAITING, index=True, sa_type=words(Delivery))
    attempts: int = 0
    next_try_at: datetime
    created_at: datetime
    sent_at: datetime | None = None
    channel: str | None = None
    ts: str | None = None
    error: str | None = None


class Room(SQLModel, table=True):
    """The Slack channel behind a room, once it is known."""

    __tablename__ = "room"

    name: str = Field(primary_key=True)
    channel: str
    title: str = ""


class Artefact(SQLModel, table=True):
    """A file that we made, such as a chart, until and after Slack has it."""

    __tablename__ = "artefact"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    content: bytes
    made_at: datetime
    slack_file: str | None = None


def put(session: Session, says: Iterable[Say], now: datetime) -> set[str]:
    """Queue what is to be said, in this order; returns the rooms in which it can be said now.

    An edit takes the place of those of the same message that still wait. All rows are one statement, because
    as objects they would cost a statement each.
    """
    rows = []
    for say in says:
        if say.verb is Verb.EDIT:
            _merge_waiting(session, say.subject)
        fresh = {"state": Delivery.WAITING, "attempts": 0, "next_try_at": now, "created_at": now}
        rows.append(vars(say) | fresh | {"context": plain.dump(say.context)})
    if rows:
        session.execute(insert(SQLModel.metadata.tables["outbox"]), rows)
    return {str(row["room"]) for row in rows if row["after_room"] is None}


def posted(session: Session, subject: str) -> OutboxRow | None:
    """The post of a subject, sent or still waiting; None when it was never said, or could not be."""
    query = (
        select(OutboxRow)
        .where(OutboxRow.subject == subject, OutboxRow.verb == Verb.POST, OutboxRow.state != Delivery.DEAD)
        .order_by(col(OutboxRow.id).desc())
    )
    return session.exec(query.limit(1)).first()


def channel_of(session: Session, room: str) -> str | None:
    """The Slack channel id of a room, when it is known."""
    found = session.get(Room, room)
    return found.channel if found else None


def _merge_waiting(session: Session, subject: str | None) -> None:
    waiting = select(OutboxRow).where(
        OutboxRow.subject == subject,
        OutboxRow.verb == Verb.EDIT,
        OutboxRow.state == Delivery.WAITING,
    )
    for row in session.exec(waiting):
        row.state = Delivery.MERGED
        session.add(row)
