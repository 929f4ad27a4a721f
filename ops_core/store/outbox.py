"""The outbox: what is to be said, written in the transaction that makes it true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any

from sqlalchemy import JSON, Index, Insert, Integer, bindparam, func, insert, update
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.severity import Severity
from ops_core.store import plain
from ops_core.store.columns import words


class Delivery(StrEnum):
    """Where a row of the outbox stands."""

    WAITING = "waiting"
    """To be sent, or on the wire: what a crash leaves like this may have arrived."""
    SENT = "sent"
    MERGED = "merged"
    """Not sent, because a later state of the same message was."""
    DEAD = "dead"
    """Slack will not take it. `/ops resend` tries again."""


class Priority(IntEnum):
    """What goes first within a room. What belongs to one message keeps its order all the same."""

    PAGE = 0
    """Somebody has to get up: it overtakes the others, and does not wait for limits that we only foresee."""
    NORMAL = 1
    DIGEST = 2
    """Summaries, which nobody waits for."""

    @classmethod
    def of(cls, severity: Severity) -> Priority:
        """P0 and P1 are pages (seed 004)."""
        return cls.PAGE if severity in (Severity.P0, Severity.P1) else cls.NORMAL


class Verb(StrEnum):
    """What the sender does with a row."""

    OPEN_ROOM = "open_room"
    POST = "post"
    EDIT = "edit"
    PIN = "pin"
    INVITE = "invite"
    TOPIC = "topic"
    UPLOAD = "upload"
    PAGE = "page"
    """Reach a person by a way that is not Slack; the room is `page:<person>:<way>`."""


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
    priority: Priority = Priority.NORMAL


class OutboxRow(SQLModel, table=True):
    """A `Say` on its way, and afterwards the record of where it went."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_line", "state", "room", "priority", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    room: str
    verb: Verb = Field(sa_type=words(Verb))
    template: str = ""
    subject: str | None = Field(default=None, index=True)
    thread_of: str | None = None
    after_room: str | None = None
    context: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: Delivery = Field(default=Delivery.WAITING, sa_type=words(Delivery))
    priority: int = Field(default=Priority.NORMAL, sa_type=Integer)
    attempts: int = 0
    next_try_at: datetime
    created_at: datetime
    sent_at: datetime | None = None
    channel: str | None = None
    ts: str | None = Field(default=None, index=True)
    error: str | None = None
    in_doubt: bool = False
    """It may have arrived although we were told otherwise, so that the sender looks before it sends."""
    fell_back_at: datetime | None = None
    """When people were reached in another way, because Slack would not take it."""


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


FRESH = "outbox.fresh"
"""Where a session keeps the subjects whose card was queued in its transaction, and how urgent it is."""


def put(session: Session, says: Iterable[Say], now: datetime) -> dict[str, Priority]:
    """Queue what is to be said, in this order.

    Returns the rooms in which it can be said now, each with its most urgent priority. Of the edits of one
    message that wait the oldest stays, for its place in the line, and the newest, since the oldest may be on
    the wire; when one of them is sent, it covers the other. A topic replaces those before it. All rows are
    one statement, because as objects they would cost a statement each.
    """
    rows: list[dict[str, Any]] = []
    rooms: dict[str, Priority] = {}
    fresh_cards: dict[str, int] = session.info.setdefault(FRESH, {})
    for say in says:
        if say.verb is Verb.EDIT and fresh_cards.get(say.subject or "", Priority.DIGEST + 1) <= say.priority:
            continue  # the card is not sent before this transaction ends, and will say all there is
        urgent = min([int(say.priority), *_superseded(session, say)])
        fresh = {"state": Delivery.WAITING, "attempts": 0, "next_try_at": now, "created_at": now}
        doubt = {"in_doubt": False, "priority": urgent}
        if say.verb is Verb.POST and say.subject and not say.context:
            fresh_cards[say.subject] = urgent
        rows.append(vars(say) | fresh | doubt | {"context": plain.dump(say.context)})
        if say.after_room is None:
            rooms[say.room] = min(rooms.get(say.room, Priority.DIGEST), Priority(urgent))
    if rows:
        session.connection().execute(_row(), rows)
    return rooms


@cache
def _row() -> Insert:
    """Made once: to build a statement takes longer than to carry it out."""
    return insert(SQLModel.metadata.tables["outbox"])


def posted(session: Session, subject: str) -> OutboxRow | None:
    """The post of a subject, sent or still waiting; None when it was never said, or could not be."""
    return session.exec(_posts(), params={"subject": subject}).first()  # type: ignore[no-any-return]  # made below


def is_posted(session: Session, subject: str) -> bool:
    """Whether a subject was said or is about to be; what this transaction queued needs no question."""
    return subject in session.info.get(FRESH, ()) or posted(session, subject) is not None


@cache
def _posts() -> Any:
    """Made once."""
    living = (OutboxRow.verb == Verb.POST, OutboxRow.state != Delivery.DEAD)
    query = select(OutboxRow).where(col(OutboxRow.subject) == bindparam("subject"), *living)
    return query.order_by(col(OutboxRow.id).desc()).limit(1)


def channel_of(session: Session, room: str) -> str | None:
    """The Slack channel id of a room, when it is known."""
    found = session.get(Room, room)
    return found.channel if found else None


def _superseded(session: Session, say: Say) -> list[int]:
    """Take back what waits and is outdated by this; the priorities that it had."""
    if say.verb not in (Verb.EDIT, Verb.TOPIC):
        return []
    same = [
        col(OutboxRow.state) == Delivery.WAITING,
        col(OutboxRow.room) == say.room,
        col(OutboxRow.verb) == say.verb,
        col(OutboxRow.subject) == say.subject if say.subject else col(OutboxRow.subject).is_(None),
    ]
    if say.verb is Verb.EDIT:
        oldest = select(func.min(OutboxRow.id)).where(*same).scalar_subquery()
        same.append(col(OutboxRow.id) > oldest)
    outdated = update(OutboxRow).where(*same).values(state=Delivery.MERGED).returning(col(OutboxRow.priority))
    outdated = outdated.execution_options(synchronize_session=False)
    return list(session.execute(outdated).scalars())
