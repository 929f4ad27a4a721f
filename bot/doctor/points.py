"""Everything that the doctor looks at: one list."""

from __future__ import annotations

from functools import partial

from bot.adapters.tables.address import is_table
from bot.doctor import app, channels, models, oncall, pages, people, signals, sources, store, tables, tokens
from bot.doctor.examination import Point
from bot.settings import Settings

REGISTRY_SECONDS = 40
"""The first question starts the worker and imports MLflow."""


def points(settings: Settings) -> list[Point]:
    """The points for these settings."""
    return [
        Point("bot token", tokens.bot_token),
        Point("app-level token", tokens.app_token)
        if settings.slack.mode == "socket"
        else Point("signing secret", tokens.signing_secret),
        Point("scopes", app.scopes),
        Point("commands", app.commands),
        Point("clock", app.clock),
        *(
            Point(f"channel {name}", partial(channels.channel, name=name))
            for name in channels.named(settings)
        ),
        Point("people", people.people),
        *(
            Point(f"schedule {name}", partial(oncall.schedule, name=name))
            for name in settings.oncall.schedules
        ),
        Point("policies", oncall.policies),
        *([Point("mail", oncall.mail, 20)] if settings.oncall.mail.server else []),
        *([Point("pages", oncall.ways)] if settings.oncall.people else []),
        *([Point("thresholds", pages.pages)] if _has_pages(settings) else []),
        Point("database", store.database),
        Point("audit log", store.audit_log, 30),
        Point("outbox", store.outbox_rows),
        Point("worker", models.worker, REGISTRY_SECONDS),
        *(Point(f"source {name}", partial(sources.source, name=name)) for name in settings.sources),
        *(point for name in settings.models for point in _of_model(name, settings)),
        *(
            Point(f"{name}: signals", partial(signals.signals, name=name), 30)
            for name in (*settings.models, *settings.systems)
        ),
    ]


def _of_model(name: str, settings: Settings) -> list[Point]:
    model = settings.models[name]
    places = [place for place in (model.predictions, model.labels, model.reference) if place]
    in_tables = [model.engine is not None or is_table(place) for place in places]
    files = [Point(f"{name}: data", partial(models.data, name=name), 20)]
    held = [Point(f"{name}: tables", partial(tables.tables, name=name), 60 if model.engine else 20)]
    return [
        Point(f"{name}: registry", partial(models.registry, name=name), REGISTRY_SECONDS),
        Point(f"{name}: serving", partial(models.serving, name=name)),
        *(files if not all(in_tables) else []),
        *(held if any(in_tables) else []),
        Point(f"{name}: checks", partial(models.checks, name=name)),
    ]


def _has_pages(settings: Settings) -> bool:
    """Whether thresholds may stand on a page: in a text, or in a file."""
    watched = (*settings.models.values(), *settings.systems.values())
    return any(
        isinstance(given, str) for given in (settings.thresholds, *(one.thresholds for one in watched))
    )
