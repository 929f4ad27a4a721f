"""The use cases, and the world that they look at."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import handlers
from bot.adapters.directory import Directory
from bot.adapters.judge import FileJudge, Plan
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.serving import HttpServing
from bot.settings import Settings, anchored
from bot.thresholds import pages_of, thresholds_of
from bot.traffic import Traffic
from bot.watched import named_checks, watched
from bot.wiring.alerts import rules_of
from bot.wiring.folders import playbook_dirs, playbooks
from bot.wiring.oncall import OnCallParts, oncall_of
from bot.wiring.signals import owners, signal_plans
from bot.worker import Worker
from ops_core.alerts.alerts import Alerts
from ops_core.alerts.board import AlertBoard
from ops_core.alerts.groups import Groups
from ops_core.alerts.intake import Intake
from ops_core.alerts.responses import AlertResponses, OnCall
from ops_core.alerts.silences import Silences
from ops_core.board import Board
from ops_core.clock import Clock
from ops_core.explanations import Explanations
from ops_core.incidents import diagnostics
from ops_core.incidents.incidents import Incidents
from ops_core.incidents.steps import Steps
from ops_core.people import Roles
from ops_core.remediation.rollbacks import Rollbacks
from ops_core.remediation.runner import Runner
from ops_core.rhythm.checkups import Checkups
from ops_core.rhythm.reviews import Reviews
from ops_core.rhythm.runs import Runs
from ops_core.rhythm.summary import Summaries
from ops_core.severity import Severity
from ops_core.store.letters import Letters
from ops_core.store.transaction import Store
from ops_core.world import World

log = logging.getLogger(__name__)


def use_cases(
    settings: Settings,
    folder: Path,
    store: Store,
    world: World,
    judge: FileJudge,
    directory: Directory,
    traffic: Traffic,
) -> tuple[handlers.Toolbox, Runner, diagnostics.Diagnostics, OnCallParts]:
    """What handlers call, who carries out rollbacks, who runs diagnostics, and who pages."""
    roles = _roles(settings, directory)
    groups = Groups(store, rules_of(settings, directory))
    intake = Intake(store.database, store.clock, groups.rules)
    alerts = Alerts(store, roles, intake, groups)
    oncall = oncall_of(settings, folder, store, directory, roles, alerts)
    on_call = _on_call(settings, directory, oncall, store.clock)
    incidents = Incidents(store, playbooks(playbook_dirs(settings, folder)), on_call, roles)
    tools = handlers.Toolbox(
        board=Board(store, world),
        alert_board=AlertBoard(store, groups.rules),
        alerts=alerts,
        alert_responses=AlertResponses(store, on_call),
        silences=Silences(store, roles, groups),
        incidents=incidents,
        steps=(steps := Steps(store, roles)),
        rollbacks=Rollbacks(store, world, roles, frozenset(settings.rollback.second_person_at)),
        checkups=(checkups := Checkups(store, world, alerts, judge.draw)),
        runs=Runs(store, checkups),
        summaries=Summaries(store, world.models, "summary"),
        reviews=Reviews(store, world, "summary"),
        explanations=Explanations(store, judge.explain),
        letters=Letters(store, roles, traffic.by_outcome),
        pages=oncall.pages,
        covers=oncall.covers,
        duties=oncall.duties,
        clock=store.clock,
        zone_of=lambda person: directory.zone(person) or ZoneInfo(settings.schedule.timezone),
    )
    runner = Runner(store, world, incidents, settings.rollback.verify_within)
    return tools, runner, diagnostics.Diagnostics(store, world, steps), oncall


def _roles(settings: Settings, directory: Directory) -> Roles:
    people = settings.people
    known = {found: role for one, role in people.roles.items() if (found := directory.id_of(one))}
    return Roles(known, people.default_role)


def _on_call(settings: Settings, directory: Directory, oncall: OnCallParts, clock: Clock) -> OnCall:
    """Those on duty, and the owner of the model."""
    owned = owners(settings)

    def ids(model: str | None, _severity: Severity) -> Sequence[str]:
        owner = owned.get(model or "")
        now = oncall.duties.ids(model, clock.now())
        return [*now, *directory.ids_of([owner] if owner else [])]

    return ids


def world_of(settings: Settings, folder: Path, worker: Worker, clock: Clock, judge: FileJudge) -> World:
    """The models, registry and serving side that the settings name."""
    models = {name: watched(name, model, folder) for name, model in settings.models.items()}
    registry = MlflowRegistry(anchored(settings.registry.uri, folder), None, worker)
    return World(models, registry, HttpServing(clock=clock), judge, signal_plans(settings, folder))


def plans(settings: Settings, folder: Path) -> dict[str, Plan]:
    """What the settings say about each model's checks; of pages it is logged what was read."""
    for each in pages_of(settings, folder):
        log.info("%s", each.told())
    return {
        name: Plan(model.window, named_checks(model), thresholds_of(settings, name, folder))
        for name, model in settings.models.items()
    }
