"""Playbooks: the ordered plan for each type of incident, and the steps of one incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, insert
from sqlmodel import Field, Session, SQLModel, col, select

from ops_core.errors import Invalid, NotFound
from ops_core.incidents.incident import Phase
from ops_core.incidents.kinds import IncidentType
from ops_core.store.columns import words


class StepKind(StrEnum):
    """Who does a step: a person, a diagnostic that we run, or an action on the world."""

    MANUAL = "manual"
    DIAGNOSTIC = "diagnostic"
    ACTION = "action"


class StepState(StrEnum):
    """Where a step stands."""

    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class PlannedStep:
    """One line of a playbook; `run` names the diagnostic or action of those kinds."""

    title: str
    phase: Phase
    kind: StepKind
    run: str = ""


@dataclass(frozen=True)
class Playbook:
    """The plan for one type of incident."""

    type: IncidentType
    title: str
    steps: tuple[PlannedStep, ...]


class IncidentStep(SQLModel, table=True):
    """A step of one incident, copied from the playbook when it was declared."""

    __tablename__ = "incident_step"

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    position: int
    title: str
    phase: Phase = Field(sa_type=words(Phase))
    kind: StepKind = Field(sa_type=words(StepKind))
    run: str = ""
    state: StepState = Field(default=StepState.OPEN, sa_type=words(StepState))
    done_by: str | None = None
    done_at: datetime | None = None
    evidence: str = ""
    report: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)

    @property
    def number(self) -> int:
        """The id of a saved step."""
        if self.id is None:
            raise Invalid("The step has not been saved yet.")
        return self.id


def parse(text: Mapping[str, Any], source: str, runnable: Mapping[StepKind, frozenset[str]]) -> Playbook:
    """Read a playbook from its YAML. Raises `Invalid` that names the file, the step and the mistake."""
    try:
        steps = tuple(_step(line, source, position) for position, line in enumerate(text["steps"], 1))
        playbook = Playbook(_type(text["type"], source), str(text["title"]), steps)
    except (KeyError, TypeError) as error:
        raise Invalid(f"{source}: {error} is missing; a playbook has type, title and steps.") from error
    for position, step in enumerate(playbook.steps, 1):
        if step.kind is not StepKind.MANUAL and step.run not in runnable[step.kind]:
            known = ", ".join(sorted(runnable[step.kind]))
            raise Invalid(f"{source}, step {position}: no {step.kind} “{step.run}”; there are: {known}.")
    return playbook


def _type(named: object, source: str) -> IncidentType:
    try:
        return IncidentType.parse(str(named))
    except Invalid as error:
        raise Invalid(f"{source}: {error.message}", hint=error.hint, field="type") from error


def _step(line: Mapping[str, str], source: str, position: int) -> PlannedStep:
    try:
        kind = next(kind for kind in StepKind if kind in line)
        run = "" if kind is StepKind.MANUAL else line[kind]
        return PlannedStep(line.get("title") or line[kind], Phase(line["phase"]), kind, run)
    except (StopIteration, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Invalid(
            f"{source}, step {position}: {line!r} needs a phase (detect … document) and one of "
            "manual, diagnostic or action."
        ) from error


def copy_steps(session: Session, incident_id: int, playbook: Playbook) -> None:
    """Give an incident the steps of its playbook."""
    blank = {"incident_id": incident_id, "state": StepState.OPEN, "evidence": "", "report": {}}
    rows = [blank | asdict(step) | {"position": at} for at, step in enumerate(playbook.steps, 1)]
    if rows:  # one statement; as objects they would cost one each
        session.execute(insert(IncidentStep), rows)


def steps_of(session: Session, incident_id: int) -> list[IncidentStep]:
    """An incident's steps, in order."""
    query = select(IncidentStep).where(IncidentStep.incident_id == incident_id)
    return list(session.exec(query.order_by(col(IncidentStep.position))))


def get_step(session: Session, step_id: int) -> IncidentStep:
    """One step. Raises `NotFound`."""
    step = session.get(IncidentStep, step_id)
    if step is None:
        raise NotFound(f"There is no step {step_id}.", hint="Use the buttons of the checklist.")
    return step


def mark_done(session: Session, incident_id: int, run: str, at: datetime, by: str | None) -> None:
    """Tick the open action steps that were carried out elsewhere, such as a rollback by command."""
    for step in steps_of(session, incident_id):
        if step.kind is StepKind.ACTION and step.run == run and step.state is not StepState.DONE:
            step.state, step.done_at, step.done_by = StepState.DONE, at, by
            session.add(step)
