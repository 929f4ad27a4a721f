"""On call, put together: people, schedules and policies from the settings, and the ways to reach people."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.adapters.directory import Directory
from bot.adapters.ical import Calendar
from bot.adapters.mail import Mail
from bot.adapters.opsgenie import Opsgenie, OpsgenieSchedule
from bot.adapters.pagerduty import PagerDuty, PagerDutySchedule
from bot.adapters.webhook import Webhook
from bot.clockwork import Do, Job
from bot.settings import Settings
from bot.settings.oncall import OnCall, PersonSettings, ScheduleSettings
from bot.wiring.policies import gaps_of, policies_of
from ops_core.alerts.alerts import Alerts
from ops_core.errors import Invalid
from ops_core.oncall.covers import Covers
from ops_core.oncall.duties import Duties
from ops_core.oncall.escalation import STEP
from ops_core.oncall.fallback import Fallback
from ops_core.oncall.fetched import TurnSource
from ops_core.oncall.fetching import FETCH, Fetching
from ops_core.oncall.handovers import HANDOVER, Handovers
from ops_core.oncall.listening import react
from ops_core.oncall.pages import Pages
from ops_core.oncall.person import People, Person, Way
from ops_core.oncall.reach import Reach
from ops_core.oncall.roster import Roster
from ops_core.oncall.rotation import Rotation
from ops_core.oncall.schedule import Schedule
from ops_core.people import Roles
from ops_core.store.transaction import Store

log = logging.getLogger(__name__)

FETCH_EVERY = timedelta(minutes=5)
DEFAULT_KEY = "default"


@dataclass(frozen=True)
class OnCallParts:
    """What there is of it in a process."""

    roster: Roster
    pages: Pages
    covers: Covers
    duties: Duties
    handovers: Handovers
    fetching: Fetching
    fallback: Fallback

    def tasks(self) -> dict[str, Do]:
        """Who does what falls due."""
        return {
            STEP: self.pages.step,
            HANDOVER: self.handovers.hand_over,
            FETCH: self.fetching.fetch_due,
        }

    def jobs(self) -> list[Job]:
        """Fetching what other systems know."""
        fetch = self.fetching.fetch
        return [
            Job(f"schedule {name}", partial(fetch, name), every=FETCH_EVERY) for name in self.roster.sources
        ]

    def begin(self) -> None:
        """Plan what has to be known soon, and the next handovers; say what the policies lack."""
        for gap in self.pages.gaps:
            log.warning("on call: %s", gap)
        self.fetching.plan_all()
        self.handovers.plan_all()


def oncall_of(
    settings: Settings, folder: Path, store: Store, directory: Directory, roles: Roles, alerts: Alerts
) -> OnCallParts:
    """All of it, listening to alerts and incidents. Raises `Invalid` for settings that cannot be."""
    roster = roster_of(settings, folder, directory)
    policies, gaps = policies_of(settings, roster), gaps_of(settings, roster)
    pages = Pages(store, roster, policies, roles, alerts.acknowledge, gaps)
    store.react = partial(react, pages)
    handovers = Handovers(store, roster)
    return OnCallParts(
        roster,
        pages,
        Covers(store, roster, roles, handovers),
        Duties(store, roster),
        handovers,
        Fetching(store, roster, handovers),
        Fallback(store, roster, settings.oncall.fallback_after),
    )


def roster_of(settings: Settings, folder: Path, directory: Directory) -> Roster:
    """The people and schedules. Raises `Invalid` for a gap, or for a name that nobody has."""
    ours = settings.oncall
    people = People({key: _person(key, one, ours, directory) for key, one in ours.people.items()})
    schedules = {name: schedule_of(name, one) for name, one in ours.schedules.items() if one.layers}
    sources = {
        name: _source(one, ours, folder, people) for name, one in ours.schedules.items() if not one.layers
    }
    watched = {**settings.models, **settings.systems}
    roster = Roster(
        people,
        schedules,
        sources,
        always=directory.ids_of(settings.people.on_call),
        of_model={name: one.on_call for name, one in watched.items() if one.on_call},
        main=ours.main or next(iter(ours.schedules), ""),
    )
    _must_exist(settings, roster)
    return roster


def schedule_of(name: str, one: ScheduleSettings) -> Schedule:
    """A schedule of rotations. Raises `Invalid` that names the hours in which it has nobody."""
    layers = tuple(
        Rotation(tuple(layer.people), layer.begins, layer.every, tuple(layer.only)) for layer in one.layers
    )
    return Schedule(name, ZoneInfo(one.timezone), layers)


def reaches_of(settings: Settings) -> dict[Way, Reach]:
    """The means to reach people, by way; Slack is not among them."""
    ours = settings.oncall
    found: dict[Way, Reach] = {}
    if ours.mail.server:
        found[Way.EMAIL] = Mail(ours.mail)
    keys = {key: one.pagerduty for key, one in ours.people.items() if one.pagerduty}
    if keys:
        default = ours.pagerduty.routing_key
        chosen = {key: default if one.get_secret_value() == DEFAULT_KEY else one for key, one in keys.items()}
        found[Way.PAGERDUTY] = PagerDuty(ours.pagerduty, chosen)
    if ours.opsgenie.api_key.get_secret_value():
        users = {key: one.opsgenie for key, one in ours.people.items() if one.opsgenie}
        found[Way.OPSGENIE] = Opsgenie(ours.opsgenie, users)
    if ours.webhook.url:
        found[Way.WEBHOOK] = Webhook(ours.webhook)
    if ours.sms.url:
        found[Way.SMS] = Webhook(ours.sms)
    return found


def _person(key: str, one: PersonSettings, ours: OnCall, directory: Directory) -> Person:
    slack = directory.id_of(one.slack) if one.slack else None
    has = {
        Way.SLACK: bool(one.slack),
        Way.EMAIL: bool(one.email and ours.mail.server),
        Way.PAGERDUTY: bool(one.pagerduty and one.pagerduty.get_secret_value()),
        Way.OPSGENIE: bool(one.opsgenie and ours.opsgenie.api_key.get_secret_value()),
        Way.SMS: bool(one.phone and ours.sms.url),
        Way.WEBHOOK: bool(one.webhook and ours.webhook.url),
    }
    if not any(has.values()):
        raise Invalid(
            f"oncall.people.{key}: there is no way to reach them.",
            hint="Give a Slack account, or an address and the means to use it, such as `oncall.mail`.",
        )
    ways = tuple(way for way, given in has.items() if given and not (way is Way.SLACK and slack is None))
    name = one.name or (directory.name(slack) if slack else None) or key
    return Person(key, name, slack, one.email, one.phone, ways)


def _source(one: ScheduleSettings, ours: OnCall, folder: Path, people: People) -> TurnSource:
    if one.ical:
        return Calendar(one.ical, folder, ZoneInfo(one.timezone), people)
    if one.pagerduty:
        return PagerDutySchedule(ours.pagerduty, one.pagerduty, people)
    return OpsgenieSchedule(ours.opsgenie, one.opsgenie, people)


def _must_exist(settings: Settings, roster: Roster) -> None:
    ours = settings.oncall
    for name, schedule in ours.schedules.items():
        for position, layer in enumerate(schedule.layers):
            _known(layer.people, roster, f"oncall.schedules.{name}.layers.{position}.people")
    for name, policy in ours.policies.items():
        for position, step in enumerate(policy.steps):
            _known(
                step.page, roster, f"oncall.policies.{name}.steps.{position}.page", [*roster.names, "on_call"]
            )
    _known([ours.main] if ours.main else [], Roster(), "oncall.main", roster.names)
    for name, schedule_name in roster.of_model.items():
        _known([schedule_name], Roster(), f"models.{name}.on_call", roster.names)


def _known(names: Iterable[str], roster: Roster, place: str, also: Iterable[str] = ()) -> None:
    allowed = {*roster.people.by_key, *also}
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise Invalid(
            f"{place}: there is no “{unknown[0]}”.",
            hint=f"There are: {', '.join(sorted(allowed)) or 'none'}.",
        )
