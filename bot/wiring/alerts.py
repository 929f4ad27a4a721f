"""From the settings to the rules of the alert pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.adapters.directory import Directory
from bot.settings import Settings
from bot.settings.alerts import WEEKDAYS, MaintenanceSettings, QuietHoursSettings, RouteSettings
from bot.sources.building import KINDS
from ops_core.alerts.rules import (
    SERVER_DOWN,
    Inhibition,
    Labels,
    Maintenance,
    QuietHours,
    Route,
    Rules,
)


def rules_of(settings: Settings, directory: Directory) -> Rules:
    """The rules; people who are named by e-mail address become Slack user ids."""
    alerts = settings.alerts
    further = [Inhibition(tuple(one.source), tuple(one.target), tuple(one.equal)) for one in alerts.inhibit]
    return Rules(
        group_by=tuple(alerts.group_by),
        inhibitions=(SERVER_DOWN, *further),
        quiet_hours=tuple(map(_quiet, alerts.quiet_hours)),
        maintenance=tuple(map(_maintenance, alerts.maintenance)),
        routes=tuple(_route(one, directory) for one in alerts.routes),
        reports=frozenset(name for name, one in settings.sources.items() if KINDS[one.kind].reports),
        known=_known(settings),
        digest_above=alerts.digest_above,
        flaps=alerts.flapping.times,
        flaps_within=alerts.flapping.within,
        settle_after=alerts.flapping.settle,
    )


def _quiet(one: QuietHoursSettings) -> QuietHours:
    days = frozenset(WEEKDAYS.index(day) for day in one.days)
    zone = ZoneInfo(one.timezone)
    return QuietHours(one.start, one.end, days, zone, frozenset(one.severities), tuple(one.matchers))


def _maintenance(one: MaintenanceSettings) -> Maintenance:
    return Maintenance(one.starts_at, one.ends_at, one.why, tuple(one.matchers))


def _route(one: RouteSettings, directory: Directory) -> Route:
    people = tuple(directory.ids_of(one.people))
    return Route(tuple(one.matchers), one.room, people, one.policy, one.go_on)


def _known(settings: Settings) -> Mapping[str, Labels]:
    """What routes and silences may ask of a model beyond what its alerts say."""
    return {
        name: {
            label: value
            for label, value in (("owner", one.owner), ("team", one.team), ("tags", ",".join(one.tags)))
            if value
        }
        for name, one in {**settings.models, **settings.systems}.items()
    }
