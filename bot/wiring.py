"""The wiring: the only place that knows which concrete thing stands behind each name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml
from slack_bolt import App, BoltContext, BoltResponse
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

import handlers
from bot.adapters.directory import Directory
from bot.adapters.judge import FileJudge, Plan
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.serving import HttpServing
from bot.adapters.slack import Slack
from bot.clockwork import Clockwork, Do, Job
from bot.courier import Courier
from bot.rendering import TEMPLATES, Rendering
from bot.sender import Sender
from bot.settings import Settings
from bot.watched import check_specs, watched
from bot.worker import Worker
from ops_core.alerts.alerts import Alerts
from ops_core.announcements import announce
from ops_core.board import Board
from ops_core.cards import Cards
from ops_core.clock import Clock, SystemClock
from ops_core.incidents import diagnostics, playbook
from ops_core.incidents.incident import IncidentType
from ops_core.incidents.incidents import Incidents
from ops_core.incidents.playbook import Playbook, StepKind
from ops_core.incidents.steps import Steps
from ops_core.incidents.timeline import remember
from ops_core.people import Roles
from ops_core.remediation.rollbacks import Rollbacks
from ops_core.remediation.runner import Runner
from ops_core.rhythm.checkups import Checkups
from ops_core.rhythm.summary import Summaries
from ops_core.severity import Severity
from ops_core.store.database import Database
from ops_core.store.migrate import migrate
from ops_core.store.transaction import Store
from ops_core.world import World

POOL = 64
"""Commands and buttons that may work at the same time."""
LOST_SECONDS = 3
"""How soon a lost socket is noticed; what people do meanwhile fails, so it is less than slack_bolt's ten."""
RECEIVE_BYTES = 65_536
"""How much is read from the socket at once: a form is some kilobytes, a burst of commands many."""


@dataclass(frozen=True)
class Tocsin:
    """All the parts of a process, built but not started."""

    settings: Settings
    app: App
    database: Database
    store: Store
    tools: handlers.Toolbox
    sender: Sender
    clockwork: Clockwork
    worker: Worker
    pool: ThreadPoolExecutor
    socket: SocketModeHandler | None


def build(settings: Settings, folder: Path, clock: Clock | None = None, world: World | None = None) -> Tocsin:
    """Put everything together; relative paths in the settings are relative to `folder`.

    `world` takes the place of the models, registry and serving side that the settings name.
    Raises `Invalid` for settings that cannot be, `Unavailable` when the database cannot be reached.
    """
    clock = clock or SystemClock()
    client = _client(settings)
    directory = Directory(client)
    rendering = Rendering(_template_dirs(settings, folder), directory.name)
    database = Database(_anchored(settings.database, folder))
    migrate(database)
    store = Store(database, clock, announce, remember)
    worker = Worker(settings.worker_memory_mb)
    judge = FileJudge(worker, clock, _plans(settings))
    world = world or _world(settings, folder, worker, clock, judge)
    tools, runner, diagnosis = _use_cases(settings, folder, store, world, judge, directory)
    rooms = {name: getattr(settings.channels, name) for name in type(settings.channels).model_fields}
    approvers = directory.ids_of(settings.people.on_call)
    # No retries beneath the sender, which looks before it says something again.
    slack = Slack(_client(settings, retry=False))
    courier = Courier(database, clock, slack, rendering, Cards(tools.incidents.playbooks, approvers), rooms)
    sender = Sender(store, courier, clock)
    store.wake = sender.wake
    app, pool = _app(settings, client), ThreadPoolExecutor(POOL, thread_name_prefix="work")
    _introduce(app, directory, pool)
    handlers.register(handlers.Door(app, rendering, pool), tools)
    clockwork = Clockwork(store, clock, _tasks(tools, runner, diagnosis), _jobs(settings, tools))
    return Tocsin(
        settings, app, database, store, tools, sender, clockwork, worker, pool, _socket(settings, app)
    )


def _client(settings: Settings, *, retry: bool = True) -> WebClient:
    client = WebClient(
        token=settings.slack.bot_token.get_secret_value(), base_url=settings.slack.base_url, timeout=10
    )
    patience = [ConnectionErrorRetryHandler(), RateLimitErrorRetryHandler(max_retry_count=3)]
    client.retry_handlers = patience if retry else []
    return client


def _app(settings: Settings, client: WebClient) -> App:
    return App(
        client=client,
        signing_secret=settings.slack.signing_secret.get_secret_value() or None,
        # The door's listeners only queue, so they need no threads of their own, nor bolt's looks every
        # 10 ms whether they have acknowledged.
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )


def _introduce(app: App, directory: Directory, pool: ThreadPoolExecutor) -> None:
    """Learn the name of whoever acts while they still fill in the form, so that no card waits for it."""

    @app.middleware
    def ask(context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:
        if context.user_id:
            pool.submit(directory.name, context.user_id)
        return next()


def _socket(settings: Settings, app: App) -> SocketModeHandler | None:
    if settings.slack.mode != "socket":
        return None
    token = settings.slack.app_token.get_secret_value()
    # Its own client, because connections are opened with the app-level token.
    client = WebClient(token=token, base_url=settings.slack.base_url)
    return SocketModeHandler(
        app, token, web_client=client, receive_buffer_size=RECEIVE_BYTES, ping_interval=LOST_SECONDS
    )


def _use_cases(
    settings: Settings, folder: Path, store: Store, world: World, judge: FileJudge, directory: Directory
) -> tuple[handlers.Toolbox, Runner, diagnostics.Diagnostics]:
    people = settings.people
    roles = Roles(
        {found: role for one, role in people.roles.items() if (found := directory.id_of(one))},
        people.default_role,
    )

    def on_call(model: str | None, _severity: Severity) -> Sequence[str]:
        owner = settings.models[model].owner if model in settings.models else None
        return directory.ids_of([*people.on_call, *([owner] if owner else [])])

    alerts = Alerts(store, roles)
    incidents = Incidents(store, playbooks(_playbook_dirs(settings, folder)), on_call, roles)
    steps = Steps(store, roles)
    tools = handlers.Toolbox(
        board=Board(store, world),
        alerts=alerts,
        incidents=incidents,
        steps=steps,
        rollbacks=Rollbacks(store, world, roles, frozenset(settings.rollback.second_person_at)),
        checkups=Checkups(store, world, alerts, judge.draw),
        summaries=Summaries(store, world.models, "summary"),
        clock=store.clock,
    )
    runner = Runner(store, world, incidents, settings.rollback.verify_within)
    return tools, runner, diagnostics.Diagnostics(store, world, steps)


def _world(settings: Settings, folder: Path, worker: Worker, clock: Clock, judge: FileJudge) -> World:
    models = {name: watched(name, model, folder) for name, model in settings.models.items()}
    registry = MlflowRegistry(_anchored(settings.registry.uri, folder), None, worker)
    return World(models, registry, HttpServing(clock=clock), judge)


def _plans(settings: Settings) -> dict[str, Plan]:
    return {name: Plan(model.window, check_specs(model)) for name, model in settings.models.items()}


def _tasks(tools: handlers.Toolbox, runner: Runner, diagnosis: diagnostics.Diagnostics) -> Mapping[str, Do]:
    return {
        "summary.post": tools.summaries.post_due,
        "incident.response_due": tools.incidents.remind,
        "incident.update_due": tools.incidents.remind,
        "incident.postmortem_due": tools.incidents.remind,
        "step.run": diagnosis.run,
        "rollback.apply": runner.apply,
        "rollback.verify": runner.verify,
        "rollback.undo": runner.undo,
    }


def _jobs(settings: Settings, tools: handlers.Toolbox) -> list[Job]:
    summary = Job(
        "daily summary",
        task="summary.post",
        cron=settings.schedule.summary,
        timezone=settings.schedule.timezone,
    )
    return [summary] + [
        Job(f"checkup of {name}", partial(tools.checkups.run, name), every=model.every)
        for name, model in settings.models.items()
    ]


def playbooks(folders: Sequence[Path]) -> dict[IncidentType, Playbook]:
    """The playbook of each type; a team's own folder comes first. Raises `Invalid` for one that is wrong."""
    runnable = {StepKind.DIAGNOSTIC: diagnostics.RUNNABLE, StepKind.ACTION: frozenset({"rollback"})}
    found: dict[IncidentType, Playbook] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.yaml")):
            plan = playbook.parse(yaml.safe_load(file.read_text(encoding="utf-8")), file.name, runnable)
            found.setdefault(plan.type, plan)
    return found


def _template_dirs(settings: Settings, folder: Path) -> list[Path]:
    return [*([folder / settings.templates] if settings.templates else []), TEMPLATES]


def _playbook_dirs(settings: Settings, folder: Path) -> list[Path]:
    return [place / "playbooks" for place in _template_dirs(settings, folder)]


def _anchored(url: str, folder: Path) -> str:
    """A relative SQLite address, made relative to the settings' folder."""
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url.startswith(f"{prefix}/"):
        return url
    return f"{prefix}{(folder / url.removeprefix(prefix)).absolute()}"
