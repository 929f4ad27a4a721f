"""The steps of an escalation as rows with a due time, which hold all that they need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from ops_core.oncall import escalation
from ops_core.oncall.escalation import STEP, Escalation
from ops_core.oncall.policy import PolicyStep, Until
from ops_core.rhythm.task import Task, TaskState


@dataclass(frozen=True)
class Planned:
    """A step that is to be done; kept in its row, so that new settings do not change what runs."""

    number: int
    page: tuple[str, ...]
    until: Until
    after: timedelta = timedelta()
    again: timedelta | None = None
    times: int = 0
    round: int = 0
    because: str = ""
    """Why it comes earlier than planned."""

    @classmethod
    def of(cls, number: int, step: PolicyStep) -> Planned:
        """A step of a policy."""
        return cls(number, step.page, step.until, step.after, step.again, step.times)

    def next_round(self) -> Planned:
        """The same once more."""
        return self.again_after(1)

    def again_after(self, calls: int) -> Planned:
        """The same after so many calls more."""
        return replace(self, times=self.times - calls, round=self.round + calls)


def row(one: Escalation, planned: Planned, due_at: datetime) -> Task:
    """The task that does a step."""
    detail = {
        "number": planned.number,
        "page": list(planned.page),
        "until": planned.until.value,
        "after": planned.after.total_seconds(),
        "again": planned.again.total_seconds() if planned.again else None,
        "times": planned.times,
        "round": planned.round,
        "because": planned.because,
    }
    return Task(kind=STEP, subject=one.tasks, due_at=due_at, detail=detail)


def load(due: Task) -> Planned:
    """The step that a task does."""
    kept = due.detail
    return Planned(
        number=kept["number"],
        page=tuple(kept["page"]),
        until=Until(kept["until"]),
        after=timedelta(seconds=kept["after"]),
        again=timedelta(seconds=kept["again"]) if kept["again"] else None,
        times=kept["times"],
        round=kept["round"],
        because=kept.get("because", ""),
    )


def is_over(one: Escalation, until: Until) -> bool:
    """Whether a step is needless by now."""
    if one.ended_at or (one.acknowledged_at and until is Until.ACKNOWLEDGED):
        return True
    return until is Until.CONTAINED and one.contained_at is not None


def drop(session: Session, one: Escalation) -> None:
    """Cancel the steps that are needless by now."""
    for due in escalation.next_steps(session, one):
        if is_over(one, load(due).until):
            due.state = TaskState.CANCELLED
            session.add(due)


def bring_forward(session: Session, one: Escalation, after: int, now: datetime) -> bool:
    """Have the next step done at once, because nobody could be reached; False when there is none."""
    coming = [due for due in escalation.next_steps(session, one) if load(due).number > after]
    if not coming or one.acknowledged_at or one.ended_at:
        return False
    coming[0].due_at = min(coming[0].due_at, now)
    coming[0].detail = coming[0].detail | {"because": "nobody before could be reached"}
    session.add(coming[0])
    session.flush()
    return True
