"""Who is on call: people, schedules, and policies."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, model_validator

from bot.settings.reach import MailSettings, OpsgenieSettings, PagerDutySettings, SmsSettings, WebhookSettings
from bot.settings.values import Part, SeverityName, Span, TimezoneName, span
from ops_core.errors import Invalid
from ops_core.incidents.kinds import IncidentType
from ops_core.oncall.policy import Until
from ops_core.oncall.rotation import SHORTEST, Restriction

_WORDS = {"weekly": timedelta(days=7), "daily": timedelta(days=1)}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ONLY = re.compile(
    r"^(?:(?P<days>[a-z]{3}(?:\s*[-,]\s*[a-z]{3})*)\s*)?(?:(?P<start>\d{1,2}:\d\d)\s*-\s*(?P<end>\d{1,2}:\d\d))?$"
)


def _turn(value: object) -> object:
    return _WORDS.get(str(value)) or span(value)


def _only(value: object) -> Restriction:
    if isinstance(value, Restriction):
        return value
    match = _ONLY.match(str(value).strip().lower().replace("–", "-"))
    if match is None or not match[0]:
        raise ValueError('write a restriction as "mon-fri 09:00-17:00", "sat,sun" or "22:00-06:00"')
    return Restriction(_days(match["days"]), _time(match["start"] or "0:00"), _time(match["end"] or "0:00"))


def _days(text: str | None) -> frozenset[int]:
    found: set[int] = set()
    for part in (text or "mon-sun").replace(" ", "").split(","):
        names = part.split("-")
        unknown = [name for name in names if name not in _DAYS]
        if unknown:
            raise ValueError(f"“{unknown[0]}” is no day; days are {', '.join(_DAYS)}")
        first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(found)


def _time(text: str) -> time:
    hours, minutes = map(int, text.split(":"))
    if hours == 24 and minutes == 0:
        return time(0)
    if hours > 23 or minutes > 59:
        raise ValueError(f"“{text}” is no time of day")
    return time(hours, minutes)


def _type(value: object) -> str:
    try:
        return IncidentType.parse(str(value)).value
    except Invalid as error:
        raise ValueError(f"{error.message} {error.hint}".rstrip(".")) from None


def _local(value: object) -> object:
    text = str(value)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError('write a local time as "2026-01-05 09:00"') from None
    if found.tzinfo is not None:
        raise ValueError("leave the zone out; `timezone` of the schedule names it")
    return found


TurnLength = Annotated[timedelta, BeforeValidator(_turn), Field(ge=SHORTEST)]
OnlyWhen = Annotated[Restriction, BeforeValidator(_only, json_schema_input_type=str)]
TypeName = Annotated[str, BeforeValidator(_type)]
LocalTime = Annotated[datetime, BeforeValidator(_local)]


class PersonSettings(Part):
    """Somebody who can be called."""

    name: str = Field("", description="how they are named; as Slack does, if none is given")
    slack: str | None = Field(None, description="Slack user id or the account's e-mail; none, no account")
    email: str = Field("", description="address for pages by e-mail")
    phone: str = Field("", description="number for text messages, as +49…")
    pagerduty: SecretStr | None = Field(
        None, description="their Events v2 integration key, or `default` for the one below"
    )
    opsgenie: str = Field("", description="their Opsgenie user name")
    webhook: bool = Field(False, description="whether the webhook tells them")


class LayerSettings(Part):
    """One rotation of a schedule; the first layer that holds decides."""

    people: list[str] = Field(min_length=1, description="who take turns, in order")
    every: TurnLength = Field(timedelta(days=7), description="length of a turn: weekly, daily or a span")
    begins: LocalTime = Field(
        datetime(2026, 1, 5, 9),  # noqa: DTZ001 - the zone is the schedule's
        description="local time at which the first person's turn begins; names the handover",
    )
    only: list[OnlyWhen] = Field(
        default_factory=list, description="parts of the week, such as `mon-fri 09:00-17:00`; always, if none"
    )


class ScheduleSettings(Part):
    """Either `layers`, or a calendar, or the schedule of PagerDuty or Opsgenie."""

    timezone: TimezoneName = Field("UTC", description="of its local times; clock changes are followed")
    layers: list[LayerSettings] = Field(default_factory=list, description="the rotations")
    ical: str = Field("", description="file or address of a calendar whose events name people instead")
    pagerduty: str = Field("", description="id of a PagerDuty schedule instead")
    opsgenie: str = Field("", description="name of an Opsgenie schedule instead")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [bool(kind) for kind in (self.layers, self.ical, self.pagerduty, self.opsgenie)]
        if sum(given) != 1:
            raise ValueError("a schedule has `layers`, or one of `ical`, `pagerduty` and `opsgenie`")
        return self


class StepSettings(Part):
    """One step of a policy."""

    page: list[str] = Field(min_length=1, description="people, schedules, or `on_call` for the model's")
    after: Span = Field(timedelta(0), description="how long after the start")
    until: Literal["acknowledged", "contained", "resolved"] = Field(
        Until.RESOLVED.value, description="what makes it needless: acknowledged, contained or resolved"
    )
    at_once_at: list[SeverityName] = Field(
        default_factory=list, description="severities at which it does not wait"
    )
    again: Span | None = Field(None, description="repeat it this often")
    times: int = Field(0, ge=0, le=100, description="how many repetitions")


class PolicySettings(Part):
    """Who is paged, in which order."""

    at: list[SeverityName] = Field(
        default_factory=list, description="severities that start it; all, if none is named"
    )
    types: list[TypeName] = Field(
        default_factory=list, description="types of incident that start it; all, if none is named"
    )
    steps: list[StepSettings] = Field(min_length=1, description="the steps")


class OnCall(Part):
    """People, schedules, policies, and the ways to reach people."""

    people: dict[str, PersonSettings] = Field(default_factory=dict, description="who can be called")
    schedules: dict[str, ScheduleSettings] = Field(default_factory=dict, description="who is on call when")
    main: str = Field("", description="the schedule of models without their own; the first, if none")
    policies: dict[str, PolicySettings] = Field(
        default_factory=dict, description="who is paged; the runbook's path, if none"
    )
    fallback_after: Span = Field(
        timedelta(minutes=1),
        description="a page that Slack has not taken for so long goes another way, once; 0s: never",
    )
    mail: MailSettings = MailSettings()
    pagerduty: PagerDutySettings = PagerDutySettings()
    opsgenie: OpsgenieSettings = OpsgenieSettings()
    webhook: WebhookSettings = WebhookSettings()
    sms: SmsSettings = SmsSettings()
