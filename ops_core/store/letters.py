"""Dead letters: what Slack would not take, seen and sent again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from ops_core.errors import Invalid, NotFound
from ops_core.events import Event
from ops_core.people import Role, Roles
from ops_core.store.outbox import Delivery, OutboxRow, Priority
from ops_core.store.transaction import Store

SHOWN = 10
"""Dead letters that are listed one by one, the latest first."""
LONGEST_NUMBER = 15
"""More digits than any row has; a database's integers end at 19."""

Traffic = Callable[[], Mapping[str, int]]
"""How often Slack was called since the start, by outcome: ok, limited, refused, failed."""


@dataclass(frozen=True, kw_only=True)
class LettersResent(Event):
    """Somebody asked to send dead letters again."""

    verb: ClassVar[str] = "outbox.resend"
    rows: tuple[int, ...]

    @property
    def subject(self) -> str:
        """The outbox."""
        return "outbox"

    @property
    def detail(self) -> dict[str, Any]:
        """Which rows."""
        return {"rows": list(self.rows)}


@dataclass(frozen=True)
class Depth:
    """How full the outbox is: rows that wait, by priority, since when, and rows that were given up."""

    waiting: Mapping[Priority, int]
    oldest_at: datetime | None
    dead: int


class Letters:
    """What `/ops doctor` and `/ops resend` do."""

    def __init__(self, store: Store, roles: Roles, traffic: Traffic = dict) -> None:
        self.store = store
        self.roles = roles
        self.traffic = traffic

    def health(self) -> dict[str, Any]:
        """The outbox and Slack's answers as plain values; the latest dead letters one by one."""
        with self.store.read() as session:
            full = depth(session)
            query = select(OutboxRow).where(OutboxRow.state == Delivery.DEAD)
            dead = session.exec(query.order_by(col(OutboxRow.id).desc()).limit(SHOWN)).all()
            waits = select(OutboxRow.error).where(
                OutboxRow.state == Delivery.WAITING, col(OutboxRow.error).is_not(None)
            )
            trouble = session.exec(waits.order_by(col(OutboxRow.id)).limit(1)).first()
        return {
            "waiting": sum(full.waiting.values()),
            "pages": full.waiting.get(Priority.PAGE, 0),
            "oldest": self.store.clock.now() - full.oldest_at if full.oldest_at else None,
            "trouble": trouble,
            "dead": full.dead,
            "letters": [_shown(row) for row in dead],
            "calls": {name: self.traffic().get(name, 0) for name in ("ok", "limited", "refused", "failed")},
        }

    def resend(self, which: str, by: str) -> int:
        """Send a dead letter again, by its number, or `all`; returns how many wait again.

        Each is looked for in Slack before it is said. Raises `Forbidden`, `Invalid` for what is no number,
        and `NotFound` when there is no such dead letter.
        """
        self.roles.require(by, Role.COMMANDER, "send dead letters again")
        named = _number(which)
        with self.store.transaction() as tx:
            query = select(OutboxRow.id, OutboxRow.room).where(OutboxRow.state == Delivery.DEAD)
            found = list(tx.session.exec(query if named is None else query.where(OutboxRow.id == named)))
            if not found:
                said = "No dead letter waits." if named is None else f"There is no dead letter {named}."
                raise NotFound(said, hint="`/ops doctor` lists them.")
            rows = tuple(row for row, _ in found if row is not None)
            again = {"state": Delivery.WAITING, "next_try_at": tx.now, "in_doubt": True, "error": None}
            revived = update(OutboxRow).where(col(OutboxRow.id).in_(rows)).values(**again)
            tx.session.execute(revived.execution_options(synchronize_session=False))
            tx.record(LettersResent(by=by, at=tx.now, rows=rows))
            tx.rooms.update({room: Priority.PAGE for _, room in found})
        return len(rows)


def depth(session: Session) -> Depth:
    """How full the outbox is."""
    counts = select(OutboxRow.priority, func.count()).where(OutboxRow.state == Delivery.WAITING)
    oldest = select(func.min(OutboxRow.created_at)).where(OutboxRow.state == Delivery.WAITING)
    dead = select(func.count()).where(OutboxRow.state == Delivery.DEAD)
    return Depth(
        {Priority(one): count for one, count in session.exec(counts.group_by(col(OutboxRow.priority)))},
        session.exec(oldest).one(),
        session.exec(dead).one(),
    )


def _shown(row: OutboxRow) -> dict[str, Any]:
    what = f"{row.verb} {row.template or row.subject or ''}".strip()
    return {"id": row.id, "what": what, "room": row.room, "why": row.error, "at": row.created_at}


def _number(which: str) -> int | None:
    """The number that was named; None for all of them."""
    if which.lower() == "all":
        return None
    if not (which.isascii() and which.isdigit() and len(which) <= LONGEST_NUMBER):
        hint = "`/ops resend 17` or `/ops resend all`."
        raise Invalid(f"“{which}” is no number of a dead letter.", hint=hint)
    return int(which)
