"""Fourth stage: an alert hushes others that follow from the same fault."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Executable, select, text
from sqlmodel import SQLModel

from ops_core.alerts.alert import Reason
from ops_core.alerts.batch import Batch, Change, Word
from ops_core.alerts.matchable import matchable
from ops_core.alerts.rules import Hush, Labels

HUSHES = "inhibits AND state = 'firing'"
"""The condition that an alert may hush others; as text, so that the index of those few is used."""


def inhibit(batch: Batch) -> None:
    """Hold what is new against the alerts that hush others; note when one of those begins or ends."""
    rules = batch.rules
    for word in batch.words:
        if word.change in (Change.NEW, Change.AGAIN):
            may = word.fired and rules.may_hush(word.labels)
            word.inhibits = may and rules.is_source(word.matchable(rules))
        begins_or_ends = word.change in (Change.NEW, Change.AGAIN, Change.OVER)
        batch.rejudge = batch.rejudge or (word.inhibits and begins_or_ends)
    targets = list(batch.judged())
    sources = _sources(batch) if targets else []
    for word in targets if sources else ():
        word.hush = _hush(batch, word, sources)


def _sources(batch: Batch) -> list[Labels]:
    """The labels of those that fire: as they stand in the database, and as this batch changes them."""
    gone = {word.row.id for word in batch.words if word.change is Change.OVER}
    there = [
        matchable(batch.rules, row.source, row.labels, row.severity)
        for row in (batch.connection.execute(_hushing()) if batch.hushing else ())
        if row.id not in gone
    ]
    coming = [
        word.matchable(batch.rules)
        for word in batch.words
        if word.inhibits and not word.is_over and word.change in (Change.NEW, Change.AGAIN)
    ]
    return there + coming


@cache
def _hushing() -> Executable:
    """Made once."""
    alert = SQLModel.metadata.tables["alert"]
    return select(alert.c.id, alert.c.source, alert.c.labels, alert.c.severity).where(text(HUSHES))


def _hush(batch: Batch, word: Word, sources: list[Labels]) -> Hush | None:
    target = word.matchable(batch.rules)
    for rule in batch.rules.inhibitions:
        for source in sources:
            if rule.hushes(source, target):
                because = source.get("alertname", "another alert")
                same = ", ".join(f"{name} {source.get(name, '')}" for name in rule.equal)
                return Hush(Reason.INHIBITED, f"{because} fires{' for ' + same if same else ''}")
    return None
