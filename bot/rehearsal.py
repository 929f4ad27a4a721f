"""Before the first alert: what is done for the first time takes longest, so it is done once for nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress

from sqlmodel import Session, col, select

from bot.rendering import Rendering
from ops_core.alerts.batch import Batch
from ops_core.alerts.groups import Groups
from ops_core.alerts.heard import Heard
from ops_core.alerts.pipeline import INTAKE, NAMING
from ops_core.alerts.stages.fingerprint import named
from ops_core.cards import Cards
from ops_core.errors import OpsError
from ops_core.severity import Severity
from ops_core.store.outbox import Delivery, OutboxRow
from ops_core.store.transaction import Store, Transaction

log = logging.getLogger(__name__)
SOURCE = "rehearsal"


class _Over(Exception):
    """Nothing of a rehearsal stays."""


class Rehearsal:
    """Takes one alert from the intake to the words of its card, in a transaction that is undone."""

    def __init__(self, store: Store, groups: Groups, cards: Cards, rendering: Rendering) -> None:
        self.store = store
        self.groups = groups
        self.cards = cards
        self.rendering = rendering

    def run(self) -> list[str]:
        """Statements are compiled and templates read; the names of those that were rendered.

        Whatever goes wrong is no news: the first real alert will tell it.
        """
        rendered: list[str] = []
        try:
            with suppress(_Over), self.store.database.write() as session:
                rendered += self._play(session)
                raise _Over
        except OpsError as error:
            log.info("rehearsal: %s", error.message)
        return rendered

    def _play(self, session: Session) -> Iterator[str]:
        now = self.store.clock.now()
        heard = Heard(SOURCE, {"alertname": SOURCE}, {}, now, severity=Severity.P0)
        batch = Batch([named(heard, now)], session.connection(), now, self.groups.rules)
        for stage in (*NAMING, *INTAKE):
            stage(batch)
        store = self.store
        tx = Transaction(session, now, store.announce, store.remember, react=store.react)
        for number in batch.groups:
            self.groups.tell(tx, number)
        fresh = (
            OutboxRow.state == Delivery.WAITING,
            OutboxRow.created_at == now,
            col(OutboxRow.subject).is_not(None),
        )
        for subject in sorted({str(each) for each in session.exec(select(OutboxRow.subject).where(*fresh))}):
            if subject.startswith(("alert:", "page:")):
                words = self.cards.words(session, subject, now)
                self.rendering.message(words.template, **words.context)
                yield words.template
