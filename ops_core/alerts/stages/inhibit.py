"""Fourth stage: an alert hushes others that follow from the same fault."""

from __future__ import annotations

from sqlalchemy import select, text

from ops_core.alerts.alert import Reason
from ops_core.alerts.batch import Batch, Change, Word
from ops_core.alerts.rules import Hush, Labels


def inhibit(batch: Batch) -> None:
    """Hold what is new against the alerts that hush others; note when one of those begins or ends."""
    rules = batch.rules
    for word in batch.words:
        if word.change in (Change.NEW, Change.AGAIN):
            word.inhibits = word.fired and rules.is_source(word.labels)
        begins_or_ends = word.change in (Change.NEW, Change.AGAIN, Change.OVER)
        batch.rejudge = batch.rejudge or (word.inhibits and begins_or_ends)
    targets = list(batch.judged())
    sources = _sources(batch) if targets else []
    for word in targets if sources else ():
        word.hush = _hush(batch, word, sources)


def _sources(batch: Batch) -> list[Labels]:
    """The labels of those that fire: as they stand in the database, and as this batch changes them."""
    alert = batch.table("alert")
    gone = {word.row.id for word in batch.words if word.change is Change.OVER}
    # As text, so that the index of the few that hush others is used.
    query = select(alert.c.id, alert.c.labels).where(text("inhibits AND state = 'firing'"))
    there = [row.labels for row in batch.connection.execute(query) if row.id not in gone]
    coming = [
        word.labels
        for word in batch.words
        if word.inhibits and not word.is_over and word.change in (Change.NEW, Change.AGAIN)
    ]
    return there + coming


def _hush(batch: Batch, word: Word, sources: list[Labels]) -> Hush | None:
    for rule in batch.rules.inhibitions:
        for source in sources:
            if rule.hushes(source, word.labels):
                because = source.get("alertname", "another alert")
                same = ", ".join(f"{name} {source.get(name, '')}" for name in rule.equal)
                return Hush(Reason.INHIBITED, f"{because} fires{' for ' + same if same else ''}")
    return None
