"""Puts the process together: the only place that knows which concrete thing stands behind each name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

import handlers
from bot.adapters.directory import Directory
from bot.adapters.judge import FileJudge
from bot.adapters.slack import Slack
from bot.alert_loop import AlertLoop
from bot.clockwork import Clockwork
from bot.courier import Courier
from bot.pace import Pace
from bot.pager import Pager
from bot.rehearsal import Rehearsal
from bot.rendering import Rendering
from bot.sender import Sender
from bot.settings import Settings, anchored
from bot.sources.reception import Reception
from bot.stream_loop import StreamLoop
from bot.traffic import Traffic
from bot.wiring.clock_jobs import jobs, tasks
from bot.wiring.folders import template_dirs
from bot.wiring.oncall import OnCallParts, reaches_of
from bot.wiring.slack_app import POOL, bolt_app, client_of, introduce, socket_of
from bot.wiring.sources import comparisons, reception_of
from bot.wiring.streams import counting, stream_jobs, streams_of
from bot.wiring.use_cases import plans, use_cases, world_of
from bot.worker import Worker
from ops_core.alerts.endings import KIND as ENDING
from ops_core.announcements import announce, said
from ops_core.cards import Cards
from ops_core.clock import Clock, SystemClock
from ops_core.incidents.timeline import remember
from ops_core.store.database import Database
from ops_core.store.migrate import migrate
from ops_core.store.transaction import Store
from ops_core.streams.streams import Streams
from ops_core.streams.watch import StreamWatch
from ops_core.world import World


@dataclass(frozen=True)
class Tocsin:
    """All the parts of a process, built but not started."""

    settings: Settings
    app: App
    store: Store
    tools: handlers.Toolbox
    oncall: OnCallParts
    sender: Sender
    alert_loop: AlertLoop
    stream_loop: StreamLoop
    rehearsal: Rehearsal
    reception: Reception
    clockwork: Clockwork
    worker: Worker
    pool: ThreadPoolExecutor
    socket: SocketModeHandler | None

    @property
    def database(self) -> Database:
        """Where its rows are."""
        return self.store.database


def build(settings: Settings, folder: Path, clock: Clock | None = None, world: World | None = None) -> Tocsin:
    """Put everything together; relative paths in the settings are relative to `folder`.

    `world` takes the place of the models, registry and serving side that the settings name.
    Raises `Invalid` for settings that cannot be, `Unavailable` when the database cannot be reached.
    """
    store = _store(settings, folder, clock or SystemClock())
    client = client_of(settings)
    directory = Directory(client)
    rendering = Rendering(template_dirs(settings, folder), directory.name, directory.home)
    worker = Worker(settings.worker_memory_mb)
    judge = FileJudge(worker, store.clock, plans(settings, folder), store.database.url)
    world = world or world_of(settings, folder, worker, store.clock, judge)
    traffic = Traffic()
    streams, world = streams_of(settings, store, world)
    tools, runner, diagnosis, oncall = use_cases(settings, folder, store, world, judge, directory, traffic)
    cards = Cards(tools.incidents.playbooks, directory.ids_of(settings.people.on_call))
    pager = _pager(settings, store, rendering, oncall, directory)
    app, pool = _app(settings, client, directory, rendering, tools)
    intake, heard = tools.alerts.intake, oncall.pages.heard
    reception = reception_of(settings, folder, store, intake, heard, counting(streams))
    due = {**tasks(tools, runner, diagnosis), **oncall.tasks(), ENDING: reception.endings.run}
    regular = [*jobs(settings, tools), *oncall.jobs()]
    regular += [*comparisons(settings, reception), *stream_jobs(settings, streams)]
    return Tocsin(
        settings,
        app,
        store,
        tools,
        oncall,
        _sender(store, _courier(settings, store, traffic, rendering, cards, pager), oncall),
        _alert_loop(tools),
        _stream_loop(streams, tools),
        Rehearsal(store, tools.alerts.groups, cards, rendering),
        reception,
        Clockwork(store, store.clock, due, regular),
        worker,
        pool,
        socket_of(settings, app),
    )


def _app(
    settings: Settings, client: WebClient, directory: Directory, rendering: Rendering, tools: handlers.Toolbox
) -> tuple[App, ThreadPoolExecutor]:
    """Bolt, with all that people can press and type, and the threads that it works in."""
    app, pool = bolt_app(settings, client), ThreadPoolExecutor(POOL, thread_name_prefix="work")
    introduce(app, directory, pool)
    handlers.register(handlers.Door(app, rendering, pool), tools)
    return app, pool


def _pager(
    settings: Settings, store: Store, rendering: Rendering, oncall: OnCallParts, directory: Directory
) -> Pager:
    people, reaches = oncall.roster.people, reaches_of(settings)
    return Pager(store.database, store.clock, rendering, people, reaches, directory.name)


def _store(settings: Settings, folder: Path, clock: Clock) -> Store:
    """The rows, in the shape that this version knows."""
    database = Database(anchored(settings.database, folder))
    migrate(database)
    return Store(database, clock, announce, remember)


def _sender(store: Store, courier: Courier, oncall: OnCallParts) -> Sender:
    """Who hears of all that is to be said, and tells whom it concerns what became of it."""
    sender = Sender(store, courier, store.clock, oncall.fallback.run)
    sender.desk.page_failed, sender.desk.follows = oncall.pages.failed, said
    store.wake = sender.wake
    return sender


def _alert_loop(tools: handlers.Toolbox) -> AlertLoop:
    """Hears of each alert that was written."""
    loop = AlertLoop(tools.alerts.groups)
    tools.alerts.intake.wake = loop.wake
    return loop


def _stream_loop(streams: Streams, tools: handlers.Toolbox) -> StreamLoop:
    """Hears of each push that was kept."""
    watch = StreamWatch(tools.checkups.store, streams, tools.checkups)
    loop = StreamLoop(streams, watch)
    streams.wake = loop.wake
    return loop


def _courier(
    settings: Settings, store: Store, traffic: Traffic, rendering: Rendering, cards: Cards, pager: Pager
) -> Courier:
    rooms = {name: getattr(settings.channels, name) for name in type(settings.channels).model_fields}
    # No retries beneath the sender, which looks before it says something again.
    slack = Slack(client_of(settings, retry=False), Pace(settings.slack.pace), traffic)
    return Courier(store.database, store.clock, slack, rendering, cards, rooms, pager)
