"""Sixth stage: quiet hours and maintenance."""

from __future__ import annotations

from datetime import datetime

from ops_core.alerts.alert import Reason
from ops_core.alerts.batch import Batch, Word
from ops_core.alerts.matcher import all_match
from ops_core.alerts.rules import Hush, Maintenance, QuietHours


def quiet(batch: Batch) -> None:
    """Let what is expected, or can wait, wait."""
    maintained, quiet_now = batch.rules.maintained_at(batch.now), batch.rules.quiet_at(batch.now)
    if not maintained and not quiet_now:
        return
    for word in batch.judged():
        word.hush = _maintenance(batch, word, maintained) or _quiet_hours(batch, word, quiet_now)


def _maintenance(batch: Batch, word: Word, maintained: list[Maintenance]) -> Hush | None:
    labels = word.matchable(batch.rules)
    for one in maintained:
        if all_match(one.matchers, labels):
            return Hush(Reason.MAINTENANCE, one.why, one.ends_at)
    return None


def _quiet_hours(batch: Batch, word: Word, quiet_now: list[tuple[QuietHours, datetime]]) -> Hush | None:
    labels = word.matchable(batch.rules)
    for hours, until in quiet_now:
        if word.severity in hours.severities and all_match(hours.matchers, labels):
            said = f"{hours.start:%H:%M} to {hours.end:%H:%M}, {hours.zone}"
            return Hush(Reason.QUIET_HOURS, said, until)
    return None
