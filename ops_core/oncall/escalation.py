"""An escalation: one policy at work on one matter, and whom it has paged."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.errors import Invalid, NotFound
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.severity import Severity
from ops_core.store.columns import words

STEP = "escalation.step"
"""The kind of the task that pages somebody when it falls due."""


class Escalation(SQLModel, table=True):
    """`subject` is what it is about: `incident:3`, `alert:5`, or `page:7` for a page by a person."""

    __tablename__ = "escalation"

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(index=True)
    policy: str
    severity: Severity = Field(sa_type=words(Severity))
    title: str
    model: str | None = None
    started_at: datetime
    started_by: str
    incident_id: int | None = Field(default=None, index=True)
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    contained_at: datetime | None = None
    ended_at: datetime | None = Field(default=None, index=True)
    ended_because: str = ""

    @property
    def number(self) -> int:
        """The id of a saved escalation."""
        if self.id is None:
            raise Invalid("The escalation has not been saved yet.")
        return self.id

    @property
    def by_hand(self) -> bool:
        """Whether a person asked for it, about no alert or incident."""
        return self.subject.startswith("page:")

    @property
    def tasks(self) -> str:
        """The subject of its steps' tasks."""
        return f"escalation:{self.number}"

    @property
    def ref(self) -> str:
        """What it is about, as people name it."""
        noun, _, number = self.subject.partition(":")
        return f"{_PREFIXES.get(noun, noun.upper())}-{number}"


_PREFIXES = {"incident": "INC", "alert": "A", "page": "P"}


class Page(SQLModel, table=True):
    """One person was paged once, by these ways. `step` counts from 0."""

    __tablename__ = "page"

    id: int | None = Field(default=None, primary_key=True)
    escalation_id: int = Field(foreign_key="escalation.id", index=True)
    step: int
    person: str
    label: str
    slack: str | None = None
    ways: list[str] = Field(default_factory=list, sa_type=JSON)
    failed: list[str] = Field(default_factory=list, sa_type=JSON)
    at: datetime

    @property
    def number(self) -> int:
        """The id of a saved page."""
        if self.id is None:
            raise Invalid("The page has not been saved yet.")
        return self.id


def get(session: Session, number: int) -> Escalation:
    """The escalation with this number. Raises `NotFound`."""
    found = session.get(Escalation, number)
    if found is None:
        raise NotFound(
            "What this page was about is not known any more.",
            hint="`/ops alerts` and `/incident list` show what is open.",
        )
    return found


def active(session: Session, subject: str | None = None) -> list[Escalation]:
    """Those that have not ended, oldest first: all, or those of one matter."""
    asked = {} if subject is None else {"subject": subject}
    return list(session.exec(_active(of_one=subject is not None), params=asked))


@cache
def _active(*, of_one: bool) -> Any:
    """Made once: to build a statement takes longer than to carry it out."""
    query = select(Escalation).where(col(Escalation.ended_at).is_(None))
    if of_one:
        query = query.where(col(Escalation.subject) == bindparam("subject"))
    return query.order_by(col(Escalation.id))


def pages(session: Session, escalation: int) -> list[Page]:
    """Who was paged, in order."""
    return list(session.exec(_pages(), params={"escalation": escalation}))


@cache
def _pages() -> Any:
    """Made once."""
    of_one = col(Page.escalation_id) == bindparam("escalation")
    return select(Page).where(of_one).order_by(col(Page.id))


def reached(session: Session, page: Page) -> bool:
    """Whether somebody who was called together with this page may still be reached by some way."""
    session.flush()
    same = select(Page).where(Page.escalation_id == page.escalation_id, Page.at == page.at)
    together = session.exec(same)
    return any(set(each.ways) - set(each.failed) for each in together)


def next_steps(session: Session, one: Escalation) -> list[Task]:
    """The steps that are still to come, soonest first."""
    return [due for due in task.waiting(session, one.tasks) if due.kind == STEP]


def of_incident(session: Session, number: int) -> list[Escalation]:
    """All escalations of an incident, with those that ended."""
    query = select(Escalation).where(Escalation.incident_id == number)
    return list(session.exec(query.order_by(col(Escalation.id))))
