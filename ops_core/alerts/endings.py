"""Alerts that end by themselves at a time that was said when they began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlmodel import Session, select

from ops_core.alerts.alert import Alert, AlertState
from ops_core.alerts.heard import Heard
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store

KIND = "alert.end"
"""The task that ends one."""


class Takes(Protocol):
    """Where alerts are taken in."""

    def take(self, heard: Sequence[Heard]) -> object:
        """Take them; returns when they are on the disk."""
        ...


class Endings:
    """A row for each alert that is to end at a time; the clock does the rest, through the intake."""

    def __init__(self, store: Store, intake: Takes) -> None:
        self.store = store
        self.intake = intake

    def plan(self, heard: Sequence[Heard]) -> list[Heard]:
        """The alerts as firing now; an end that lies ahead is noted, and a later word replaces it."""
        now = self.store.clock.now()
        with self.store.database.write() as session:
            for one in heard:
                task.cancel(session, _subject(one), KIND)
                if one.ends_at is not None and one.ends_at > now:
                    session.add(_task(one, one.ends_at))
        return [one._replace(ends_at=None) if one.ends_at and one.ends_at > now else one for one in heard]

    def run(self, due: Task) -> None:
        """End the alert of a task, if it still fires."""
        told = due.detail
        over = Heard(told["source"], told["labels"], told["annotations"], due.due_at, due.due_at)
        with self.store.read() as session:
            known = {alert.fingerprint for alert in firing_of(session, over.source)}
        if over.fingerprint in known:
            self.intake.take([over])


def firing_of(session: Session, source: str) -> list[Alert]:
    """The alerts of a source that fire."""
    query = select(Alert).where(Alert.source == source, Alert.state == AlertState.FIRING)
    return list(session.exec(query))


def _task(heard: Heard, ends_at: datetime) -> Task:
    detail = {
        "source": heard.source,
        "labels": dict(heard.labels),
        "annotations": dict(heard.annotations),
    }
    return Task(kind=KIND, subject=_subject(heard), due_at=ends_at, detail=detail)


def _subject(heard: Heard) -> str:
    return f"alert:{heard.fingerprint}"
