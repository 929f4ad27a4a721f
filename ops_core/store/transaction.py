"""One transaction of a use case: change, timeline, audit, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from ops_core.clock import Clock
from ops_core.events import Event
from ops_core.store import audit, outbox, requests
from ops_core.store.database import Database
from ops_core.store.outbox import Priority

Announce = Callable[[Event, Session], Iterable[outbox.Say]]
Remember = Callable[[Event, Session], None]
React = Callable[[Event, "Transaction"], None]


@dataclass(frozen=True)
class Transaction:
    """An open transaction, its moment, and the one way to record what happened."""

    session: Session
    now: datetime
    announce: Announce
    remember: Remember
    rooms: dict[str, Priority] = field(default_factory=dict)
    """The rooms in which something is to be said, and how urgent the most urgent of it is."""
    react: React = lambda _event, _transaction: None
    """What else follows from an event, in this transaction, such as paging somebody."""

    def record(self, event: Event) -> None:
        """Write the audit entry, the timeline entry and the messages of an event."""
        if event.audited:
            audit.append(
                self.session,
                at=event.at,
                by=event.by,
                verb=event.verb,
                subject=event.subject,
                detail=event.detail,
            )
        self.remember(event, self.session)
        self.session.flush()
        for room, priority in outbox.put(self.session, self.announce(event, self.session), self.now).items():
            self.rooms[room] = min(self.rooms.get(room, priority), priority)
        self.react(event, self)


class Store:
    """What use cases write through: a database, a clock, and what follows from an event.

    `wake` is called after each commit with the rooms in which something is to be said, so that the sender
    need not look for them. `react` does within the transaction what else follows from an event.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        announce: Announce,
        remember: Remember,
        wake: Callable[[Mapping[str, Priority]], None] = lambda _rooms: None,
        react: React = lambda _event, _transaction: None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.announce = announce
        self.remember = remember
        self.wake = wake
        self.react = react

    @contextmanager
    def transaction(self, once: str = "") -> Iterator[Transaction]:
        """A transaction at one moment; on an error nothing of it remains.

        `once` names the request that it carries out. Raises `Repeated` when that was done before.
        """
        with self.database.write() as session:
            now = self.clock.now()
            if once:
                requests.take(session, once, now)
            transaction = Transaction(session, now, self.announce, self.remember, react=self.react)
            yield transaction
        self.wake(transaction.rooms)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only."""
        with self.database.read() as session:
            yield session
