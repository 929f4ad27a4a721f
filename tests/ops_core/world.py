"""A whole domain on a real database, and the story that it can play."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import SQLModel, col, select

from ops_core.alerts.alerts import Alerts
from ops_core.alerts.group import AlertGroup
from ops_core.alerts.groups import Groups
from ops_core.alerts.intake import Intake
from ops_core.alerts.responses import AlertResponses
from ops_core.alerts.silences import Silences
from ops_core.announcements import announce
from ops_core.cards import Cards
from ops_core.checks.watch import Watched
from ops_core.clock import VirtualClock
from ops_core.incidents import playbook, timeline
from ops_core.incidents.declaration import Declaration
from ops_core.incidents.diagnostics import RUNNABLE, Diagnostics
from ops_core.incidents.incident import Incident
from ops_core.incidents.incidents import Incidents
from ops_core.incidents.kinds import IncidentType
from ops_core.incidents.playbook import IncidentStep, Playbook, StepKind
from ops_core.incidents.steps import Steps
from ops_core.people import Role, Roles
from ops_core.remediation.rollback import Rollback, get_rollback
from ops_core.remediation.rollbacks import Ask, Rollbacks
from ops_core.remediation.runner import Runner
from ops_core.rhythm import task
from ops_core.rhythm.checkups import Checkups
from ops_core.rhythm.summary import Summaries
from ops_core.rhythm.task import Task
from ops_core.severity import Severity
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow
from ops_core.store.transaction import Store
from ops_core.world import World
from tests.ops_core.stand_ins import (
    BAD,
    GOOD,
    HOUR,
    MINUTE,
    MODEL,
    NOW,
    SECOND,
    FakeJudge,
    FakeRegistry,
    FakeServing,
)

ANN, BOB, CAM, VIC = "U0ANN", "U0BOB", "U0CAM", "U0VIC"
"""Ann and Bob respond, Cam is on call, Vic may only look."""
PLAYBOOKS = Path(__file__).resolve().parents[2] / "templates" / "playbooks"
RUNNABLE_BY_KIND = {StepKind.DIAGNOSTIC: RUNNABLE, StepKind.ACTION: frozenset({"rollback"})}


@cache
def all_playbooks() -> dict[IncidentType, Playbook]:
    """The playbooks that we ship."""
    read = [
        playbook.parse(yaml.safe_load(file.read_text()), file.name, RUNNABLE_BY_KIND)
        for file in sorted(PLAYBOOKS.glob("*.yaml"))
    ]
    return {plan.type: plan for plan in read}


class House:
    """Every use case on one database; `pass_time` moves the clock and does what falls due."""

    def __init__(self, database: Database) -> None:
        self.clock = VirtualClock(NOW)
        self.database = database
        self.store = Store(database, self.clock, announce, timeline.remember)
        self.registry = FakeRegistry()
        self.serving = FakeServing(self.registry)
        self.judge = FakeJudge()
        watched = Watched(MODEL, "predictions", "reference", serving_url="http://127.0.0.1:1/health")
        self.world = World({MODEL: watched}, self.registry, self.serving, self.judge)
        roles = Roles({VIC: Role.VIEWER})
        self.groups = Groups(self.store)
        self.intake = Intake(database, self.clock, wake=lambda groups, _pages: self.groups.work(groups))
        self.alerts = Alerts(self.store, roles, self.intake, self.groups)
        self.alert_responses = AlertResponses(self.store, lambda _model, _severity: [CAM])
        self.silences = Silences(self.store, roles, self.groups)
        self.incidents = Incidents(self.store, all_playbooks(), lambda _model, _severity: [CAM], roles)
        self.steps = Steps(self.store, roles)
        self.rollbacks = Rollbacks(self.store, self.world, roles)
        self.runner = Runner(self.store, self.world, self.incidents)
        self.checkups = Checkups(self.store, self.world, self.alerts, lambda _watched, _finding: b"png")
        self.summaries = Summaries(self.store, self.world.models, "summary")
        self.diagnostics = Diagnostics(self.store, self.world, self.steps)
        self.cards = Cards(all_playbooks(), [ANN, BOB])
        self.tasks: dict[str, Callable[[Task], None]] = {
            "incident.response_near": self.incidents.warn,
            "incident.response_due": self.incidents.remind,
            "incident.update_due": self.incidents.remind,
            "incident.postmortem_due": self.incidents.remind,
            "alert.response_near": self.alert_responses.warn,
            "alert.response_due": self.alert_responses.remind,
            "alert.rejudge": self.groups.rejudge_due,
            "alert.settle": self.groups.settle,
            "step.run": self.diagnostics.run,
            "rollback.apply": self.runner.apply,
            "rollback.verify": self.runner.verify,
            "rollback.undo": self.runner.undo,
        }

    def declare(self, **other: Any) -> Incident:
        """An incident of Ann's, at P2 unless said otherwise."""
        wanted: dict[str, Any] = {
            "title": "F1 fell",
            "severity": Severity.P2,
            "type": IncidentType.PERFORMANCE_DEGRADATION,
            "model": MODEL,
        }
        return self.incidents.declare(Declaration(**wanted | other), ANN)

    def fire(self) -> AlertGroup:
        """An alert, from a critical finding."""
        alert = self.alerts.receive(MODEL, BAD)
        assert alert
        return alert

    def propose(self, incident: Incident | None = None, version: str | None = None) -> Rollback:
        """A rollback that Ann proposes."""
        number = incident.number if incident else None
        room = incident.room if incident else "C0OTHER"
        return self.rollbacks.propose(Ask(MODEL, room, version, number), ANN)

    def pass_time(self, span: timedelta = timedelta()) -> None:
        """Move the clock, then do what is due."""
        self.clock.advance(span)
        for due in self.due():
            self.tasks[due.kind](due)
            with self.database.write() as session:
                task.finish(session, due)

    def due(self) -> list[Task]:
        """The tasks that are due."""
        with self.store.read() as session:
            return task.due(session, self.clock.now())

    def read(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """The answer of a function that takes a session first."""
        with self.store.read() as session:
            return question(session, *arguments)

    def rollback(self, number: int) -> Rollback:
        """A rollback as it stands."""
        with self.store.read() as session:
            return get_rollback(session, number)

    def step(self, incident: Incident, kind: StepKind) -> IncidentStep:
        """The first step of a kind."""
        with self.store.read() as session:
            steps = playbook.steps_of(session, incident.number)
        return next(step for step in steps if step.kind is kind)

    def rows(self, table: type[SQLModel]) -> list[Any]:
        """All rows of a table, oldest first."""
        with self.store.read() as session:
            return list(session.exec(select(table).order_by(col(table.id))))  # type: ignore[attr-defined]  # every such table has one

    def said(self, room: str | None = None) -> list[str]:
        """What was put into the outbox, as `verb template-or-subject`, oldest first."""
        rows: list[OutboxRow] = self.rows(OutboxRow)
        return [
            f"{row.verb} {row.template or row.subject or ''}".strip()
            for row in rows
            if room in (None, row.room)
        ]

    def told(self, incident: Incident) -> list[str]:
        """The incident's timeline, sentence by sentence."""
        with self.store.read() as session:
            return [entry.text for entry in timeline.entries(session, incident.number)]

    def metrics(self, incident: Incident) -> dict[str, timedelta | None]:
        """The incident's response metrics."""
        with self.store.read() as session:
            return timeline.response_metrics(timeline.milestones(session, incident.number))

    def deadlines(self, incident: Incident) -> dict[str, datetime]:
        """What is due for an incident, and when."""
        with self.store.read() as session:
            return {one.kind: one.due_at for one in task.waiting(session, incident.room)}


WALK = 70 * MINUTE + 10 * SECOND
"""How long the walk takes."""


def walk(house: House) -> Incident:
    """A whole incident: fire, declare, command, diagnose, roll back, resolve, write up, close."""
    house.judge.says = BAD
    house.checkups.run(MODEL)
    house.clock.advance(5 * MINUTE)
    incident = house.declare(severity=Severity.P1, alert_group_id=1)
    house.clock.advance(2 * MINUTE)
    house.incidents.take_command(incident.number, BOB)
    for kind in (StepKind.DIAGNOSTIC, StepKind.MANUAL):
        step = house.step(incident, kind)
        (house.steps.start if kind is StepKind.DIAGNOSTIC else house.steps.tick)(step.number, ANN)
    house.incidents.set_severity(incident.number, Severity.P0, BOB)
    house.pass_time(3 * MINUTE)
    rollback = house.propose(incident)
    house.rollbacks.approve(rollback.number, BOB)
    house.judge.says = GOOD
    house.pass_time()
    house.pass_time(10 * SECOND)
    house.incidents.update(incident.number, "v1 serves again", BOB)
    house.pass_time(HOUR)
    house.incidents.resolve(incident.number, BOB, root_cause="a wrong scale", resolution="rolled back")
    house.checkups.run(MODEL)
    house.checkups.run(MODEL)
    house.incidents.write_postmortem(incident.number, BOB)
    house.incidents.close(incident.number, BOB)
    return incident
