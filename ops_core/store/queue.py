"""The queue before each room: which row of the outbox goes next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType

from sqlalchemy import ColumnElement, Executable, and_, bindparam, func, or_
from sqlmodel import Session, SQLModel, col, select

from ops_core.store.outbox import Delivery, OutboxRow, Priority, Room, Verb


@dataclass(frozen=True)
class Waiting:
    """What decides about a row's turn."""

    id: int
    priority: int
    verb: Verb
    subject: str | None
    thread_of: str | None
    next_try_at: datetime

    def must_follow(self, other: Waiting) -> bool:
        """Whether an earlier row has to be sent before this one: the room, the message or its thread."""
        if other.id >= self.id:
            return False
        ours = {self.subject, self.thread_of} - {None}
        return other.verb is Verb.OPEN_ROOM or bool(ours & {other.subject, other.thread_of})


@dataclass(frozen=True)
class Turn:
    """The row whose turn it is.

    `urgent` when a page waits for it, if it is not one itself. `covers` are the edits that need not be sent,
    because they were asked for before this row's words are read.
    """

    row: int
    next_try_at: datetime
    urgent: bool
    covers: tuple[int, ...] = ()


def line(session: Session, room: str) -> list[Waiting]:
    """What waits in a room, first the most urgent, then the oldest."""
    session.flush()
    return [Waiting(*row) for row in session.connection().execute(_waiting(), {"room": room})]


@cache
def _waiting() -> Executable:
    """Made once: to build a statement takes longer than to carry it out."""
    row = SQLModel.metadata.tables["outbox"].c
    columns = (row.id, row.priority, row.verb, row.subject, row.thread_of, row.next_try_at)
    query = select(*columns).where(row.room == bindparam("room"), is_open())  # type: ignore[call-overload]  # six columns
    return query.order_by(row.priority, row.id)  # type: ignore[no-any-return]


def turn(
    waiting: Sequence[Waiting], aside: Collection[int] = (), held: Mapping[Verb, bool] = MappingProxyType({})
) -> Turn | None:
    """Whose turn it is in a line.

    Rows `aside` wait for another room, and hold up only their own message. Verbs that are `held` by a limit
    are passed over, so that a card is edited while posts wait; pages pass them unless the value is True.
    """
    for wanted in waiting:
        first, urgent = _first_before(wanted, waiting), wanted.priority == Priority.PAGE
        if first.id in aside or (first.verb in held and (held[first.verb] or not urgent)):
            continue
        covers = tuple(one.id for one in waiting if _repeats(one, first))
        return Turn(first.id, first.next_try_at, urgent, covers)
    return None


def rooms(session: Session) -> list[tuple[str, datetime]]:
    """Every room in which something waits, with the earliest time at which something may be sent."""
    earliest = select(OutboxRow.room, func.min(OutboxRow.next_try_at)).where(is_open())
    return list(session.exec(earliest.group_by(OutboxRow.room)))


def is_open() -> ColumnElement[bool]:
    """Waits, and whatever room it names exists."""
    room_is_there = select(Room.name).where(col(Room.name) == OutboxRow.after_room).exists()
    return and_(
        col(OutboxRow.state) == Delivery.WAITING, or_(col(OutboxRow.after_room).is_(None), room_is_there)
    )


def _first_before(wanted: Waiting, waiting: Sequence[Waiting]) -> Waiting:
    """The earliest of those that it must follow, directly or not; itself when there is none."""
    before = [one for one in waiting if wanted.must_follow(one)]
    return _first_before(min(before, key=lambda one: one.id), waiting) if before else wanted


def _repeats(one: Waiting, first: Waiting) -> bool:
    says_all = first.verb in (Verb.POST, Verb.EDIT) and first.subject is not None
    return says_all and one.verb is Verb.EDIT and one.subject == first.subject and one.id != first.id
