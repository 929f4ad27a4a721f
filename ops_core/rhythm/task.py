"""Tasks: whatever must happen at a time is a row, so that a restart or a crash changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import JSON, Index, Insert, insert
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.store.columns import words


class TaskState(StrEnum):
    """A task waits, is done, or is no longer wanted; one that runs is still waiting."""

    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Task(SQLModel, table=True):
    """`kind` says what to do, `subject` with what, `due_at` when.

    A deadline is a task with a `label`: people see it on the card.
    """

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_line", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    subject: str = Field(index=True)
    due_at: datetime
    label: str = ""
    state: TaskState = Field(default=TaskState.WAITING, sa_type=words(TaskState))
    attempts: int = 0
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


def plan(session: Session, task: Task) -> Task:
    """Add a task; of one kind and subject only one waits, and the new one takes its place."""
    cancel(session, task.subject, task.kind)
    session.add(task)
    return task


def plan_new(session: Session, tasks: Sequence[Task]) -> None:
    """Add tasks of a subject that has none yet, in one statement."""
    rows = [task.model_dump(exclude={"id"}) for task in tasks]
    session.connection().execute(_row(), rows)


@cache
def _row() -> Insert:
    """Made once: to build a statement takes longer than to carry it out."""
    return insert(SQLModel.metadata.tables["task"])


def cancel(session: Session, subject: str, *kinds: str) -> None:
    """Drop the waiting tasks of a subject: those of the kinds given, or all."""
    for task in waiting(session, subject):
        if not kinds or task.kind in kinds:
            task.state = TaskState.CANCELLED
            session.add(task)


def finish(session: Session, done: Task) -> bool:
    """Mark a task as done in the transaction of its effect, so that a crash cannot repeat it.

    False when it no longer waits: it was done before, or nobody wants it any more.
    """
    task = session.get(Task, done.id)
    if task is None or task.state is not TaskState.WAITING:
        return False
    task.state = TaskState.DONE
    session.add(task)
    return True


def waiting(session: Session, subject: str) -> list[Task]:
    """What is still to come for a subject, soonest first."""
    query = select(Task).where(Task.subject == subject, Task.state == TaskState.WAITING)
    return list(session.exec(query.order_by(col(Task.due_at))))


def due(session: Session, now: datetime) -> list[Task]:
    """What should have happened by now, in the order in which it fell due."""
    query = select(Task).where(Task.state == TaskState.WAITING, Task.due_at <= now)
    return list(session.exec(query.order_by(col(Task.due_at), col(Task.id))))
