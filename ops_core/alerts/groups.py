"""Working the groups that changed: the second half of the pipeline."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, func, select, update

from ops_core.alerts.alert import Alert, AlertState, Reason, firing_in
from ops_core.alerts.batch import Batch, Change, Word
from ops_core.alerts.group import AlertGroup, is_open
from ops_core.alerts.heard import Heard
from ops_core.alerts.pipeline import JUDGING, TELLING
from ops_core.alerts.rules import Rules
from ops_core.alerts.stages.weigh import weigh
from ops_core.alerts.telling import Telling
from ops_core.alerts.unchanged import take_as_told
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store, Transaction

FEW = 5
"""So many groups are looked at one by one; of more, those that only grew are passed over first."""
HOLD_SECONDS = 0.01
"""How long a transaction takes further groups, so that the intake never waits long for its turn."""


class Groups:
    """Tells of groups that changed. Any process may do it: what is left to do is marked on the rows."""

    def __init__(self, store: Store, rules: Rules | None = None) -> None:
        self.store = store
        self.rules = rules or Rules()
        self._broke: dict[int, int] = {}
        """Groups whose telling broke, or that of others beside them, and how often: they come last, alone."""

    def work(self, numbers: Iterable[int]) -> None:
        """Tell of these groups, as far as they are marked, the worst first."""
        for _ in self.parts(numbers):
            pass

    def parts(self, numbers: Iterable[int]) -> Iterator[None]:
        """The same, pausing after each transaction, so that what is urgent can come between."""
        numbers = list(numbers)
        if len(numbers) > FEW:
            with self.store.transaction() as tx:
                take_as_told(tx.session.connection(), numbers)
            yield
        waiting = self._ordered(numbers)
        while waiting:
            self._tell_some(waiting)
            yield

    def _tell_some(self, waiting: deque[int]) -> None:
        """Tell of those whose turn it is in one transaction; whose telling breaks stay counted."""
        until, at_hand = time.monotonic() + HOLD_SECONDS, list[int]()
        with self.store.transaction() as tx:
            while waiting and (not at_hand or (time.monotonic() < until and waiting[0] not in self._broke)):
                number = waiting.popleft()
                at_hand.append(number)
                self._broke[number] = self._broke.get(number, 0) + 1
                self.tell(tx, number)
        for number in at_hand:
            del self._broke[number]

    def marked(self) -> list[int]:
        """Every group of which something is to be told."""
        with self.store.read() as session:
            found = session.exec(select(AlertGroup.id).where(col(AlertGroup.dirty)))
            return [number for number in found if number is not None]

    def work_all(self) -> int:
        """Tell of every group that is marked; returns how many there were."""
        found = self.marked()
        self.work(found)
        return len(found)

    def settle(self, due: Task) -> None:
        """Look whether a group that flapped has stayed quiet."""
        number = int(due.subject.partition(":")[2])
        with self.store.transaction() as tx:
            if task.finish(tx.session, due):
                self._mark(tx, {number})
        self.work([number])

    def rejudge_due(self, due: Task) -> None:
        """The time of a silence, of quiet hours or of a maintenance is over, or an inhibition changed."""
        with self.store.transaction() as tx:
            changed = self.rejudge(tx) if task.finish(tx.session, due) else set()
        self.work(changed)

    def rejudge(self, tx: Transaction) -> set[int]:
        """Hold everything that fires against the reasons not to tell; marks the groups that changed."""
        open_groups = list(tx.session.exec(select(AlertGroup.id).where(is_open())))
        changed: set[int] = set()
        for at in range(0, len(open_groups), 50):
            some = [number for number in open_groups[at : at + 50] if number is not None]
            changed |= self._rejudged(tx, firing_in(tx.session, some))
        self._mark(tx, changed)
        return changed

    def seen(self, tx: Transaction, group: AlertGroup) -> None:
        """Take a group as told as it stands, because an event of its own tells it."""
        tx.session.refresh(group)
        telling = Telling(tx, group, self.rules)
        weigh(telling)
        group.dirty = not telling.firing
        tx.session.add(group)
        tx.session.flush()

    def _ordered(self, numbers: Sequence[int]) -> deque[int]:
        if len(numbers) < 2:  # nothing to order; whether it is marked is asked again
            return deque(numbers)
        query = select(AlertGroup.id).where(col(AlertGroup.id).in_(numbers), col(AlertGroup.dirty))
        ordered = query.order_by(func.coalesce(_worst(), AlertGroup.severity), col(AlertGroup.id))
        with self.store.read() as session:
            found = [number for number in session.exec(ordered) if number is not None]
        return deque(sorted(found, key=lambda number: self._broke.get(number, 0)))

    def _rejudged(self, tx: Transaction, alerts: Sequence[Alert]) -> set[int]:
        batch = Batch([], tx.session.connection(), tx.now, self.rules, [_word(alert) for alert in alerts])
        for stage in JUDGING:
            stage(batch)
        changed: set[int] = set()
        for alert, word in zip(alerts, batch.words, strict=True):
            now = word.hush.reason if word.hush else Reason.TOLD
            until = word.hush.until if word.hush else None
            if (now, until) != (alert.reason, alert.hushed_until):
                changed.add(alert.group_id)
                alert.reason, alert.hushed_until = now, until
                alert.reason_detail = word.hush.detail if word.hush else ""
                tx.session.add(alert)
        tx.session.flush()
        return changed

    def _mark(self, tx: Transaction, numbers: set[int]) -> None:
        marked = update(AlertGroup).where(col(AlertGroup.id).in_(numbers)).values(dirty=True)
        tx.session.execute(marked.execution_options(synchronize_session=False))

    def tell(self, tx: Transaction, number: int) -> None:
        """Tell of one group in a transaction, if it is marked."""
        group: AlertGroup | None = tx.session.exec(_as_it_stands(), params={"number": number}).first()
        if group is None or not group.dirty:
            return
        telling = Telling(tx, group, self.rules)
        for stage in TELLING:
            stage(telling)


@cache
def _as_it_stands() -> Any:
    """A group, locked and read anew. Made once: to build a statement takes longer than to carry it out."""
    query = select(AlertGroup).where(col(AlertGroup.id) == bindparam("number"))
    return query.with_for_update().execution_options(populate_existing=True)


def _worst() -> Any:
    """How bad what fires in a group is; as it stands on the group's own row, it is what was last told."""
    return (
        select(func.min(Alert.severity))
        .where(Alert.group_id == AlertGroup.id, Alert.state == AlertState.FIRING, Alert.reason == Reason.TOLD)
        .correlate(AlertGroup)
        .scalar_subquery()
    )


def _word(alert: Alert) -> Word:
    """An alert that is there, as a word that is to be judged once more."""
    heard = Heard(alert.source, alert.labels, {}, alert.starts_at)
    word = Word(heard, alert.fingerprint, alert.firing, alert.name, alert.labels, severity=alert.severity)
    word.inhibits, word.row, word.change = alert.inhibits, alert, Change.MORE
    return word
