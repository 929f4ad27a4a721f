"""Streams: the use cases, the way in for what is pushed, and what keeps them up to date."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.clockwork import Job
from bot.settings import Settings
from bot.sources.reception import Counted
from bot.sources.source import Source
from ops_core.errors import OpsError
from ops_core.store.transaction import Store
from ops_core.streams.streams import Streams
from ops_core.world import World

KEEP_UP_EVERY = timedelta(hours=1)


def streams_of(settings: Settings, store: Store, world: World) -> tuple[Streams, World]:
    """The streams, and the world in which they are read, if there is a source that pushes any."""
    streams = Streams(store.database, store.clock, world.models, world.judge.usual_errors)
    return streams, replace(world, streams=streams.gauges) if are_pushed(settings) else world


def are_pushed(settings: Settings) -> bool:
    """Whether the settings name a source of streams."""
    return any(one.kind == "stream" for one in settings.sources.values())


def stream_jobs(settings: Settings, streams: Streams) -> list[Job]:
    """What keeps them up to date, where there are any."""
    job = Job("upkeep of streams", streams.keep_up, every=KEEP_UP_EVERY, at_start=True)
    return [job] if are_pushed(settings) else []


def counting(streams: Streams) -> Counted:
    """Counts in the caller's thread, which is none that others wait for."""

    def count(source: Source, counts: Sequence[Any]) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            taken = streams.take(source.name, counts)
        except OpsError as error:
            done.set_exception(error)
        else:
            done.set_result({"repeated": taken.repeated} if taken.repeated else {})
        return done

    return count
